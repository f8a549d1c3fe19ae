#include "CExpressions.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

// Pieces of one, two and three bytes go into one table. A thousand characters have 3,000 at most, so four in five places stay free.
constexpr size_t tableSize = 1 << 14;

size_t place(const unsigned char *bytes, size_t count) {
  uint32_t hash = 0x9E3779B9u + static_cast<uint32_t>(count);
  for (size_t i = 0; i < count; i++) hash = (hash ^ bytes[i]) * 0x85EBCA6Bu;
  return (hash ^ (hash >> 15)) % tableSize;
}

// With more words a filter takes as long as the search that it is to save.
constexpr size_t wordsMax = 24;

// The pieces of a word that must all be in a text which has the word.
std::vector<uint16_t> pieces(const std::string &word) {
  constexpr size_t piecesMax = 64;
  const auto *bytes = reinterpret_cast<const unsigned char *>(word.data());
  std::vector<uint16_t> places;
  const size_t count = std::min<size_t>(word.size(), 3);
  // From the end: words that are alike tend to begin alike.
  for (size_t i = word.size(); count > 0 && i >= count && places.size() < piecesMax; i--) {
    places.push_back(static_cast<uint16_t>(place(bytes + i - count, count)));
  }
  return places;
}

ExpressionStatus statusOf(RE2::ErrorCode code) {
  switch (code) {
    case RE2::NoError: return ExpressionFine;
    case RE2::ErrorBadPerlOp:
    case RE2::ErrorBadNamedCapture: return ExpressionBadGroup;
    case RE2::ErrorBadEscape: return ExpressionBadEscape;
    case RE2::ErrorRepeatOp: return ExpressionBadRepetition;
    case RE2::ErrorRepeatSize: return ExpressionRepeatedTooOften;
    case RE2::ErrorPatternTooLarge: return ExpressionTooLarge;
    default: return ExpressionBadSyntax;
  }
}

}  // namespace

struct letters {
  std::bitset<tableSize> table;
};

/// A word that the filter knows.
struct filter_word {
  std::vector<uint16_t> pieces;
  /// Nothing is found without it, whatever else is there.
  bool isNeeded = false;
};

struct expression {
  std::unique_ptr<RE2> own;
  /// Words of two letters are enough.
  re2::FilteredRE2 filter{2};
  const RE2 *compiled = nullptr;
  std::vector<filter_word> words;
  bool needsWords = false;

  bool isPossible(const std::vector<int> &found) const {
    std::vector<int> possible;
    filter.AllPotentials(found, &possible);
    return !possible.empty();
  }

  void compile(re2::StringPiece source, int options, ExpressionStatus &status, std::string &detail);
};

void expression::compile(re2::StringPiece source, int options, ExpressionStatus &status, std::string &detail) {
  RE2::Options settings;
  settings.set_log_errors(false);
  settings.set_max_mem(ExpressionMemoryMax);
  settings.set_case_sensitive(!(options & ExpressionFoldsCase));
  if (options & ExpressionByBytes) settings.set_encoding(RE2::Options::EncodingLatin1);
  int id = 0;
  if (!(options & ExpressionFiltered) || filter.Add(source, settings, &id) != RE2::NoError) {
    own = std::make_unique<RE2>(source, settings);
    status = statusOf(own->error_code());
    detail = own->error_arg();
    compiled = own.get();
    return;
  }
  status = ExpressionFine;
  std::vector<std::string> needed;
  filter.Compile(&needed);
  compiled = &filter.GetRE2(id);
  if (needed.size() > wordsMax) return;
  needsWords = !isPossible({});
  for (size_t i = 0; i < needed.size(); i++) {
    std::vector<int> others;
    for (size_t j = 0; j < needed.size(); j++) {
      if (j != i) others.push_back(static_cast<int>(j));
    }
    words.push_back({pieces(needed[i]), !isPossible(others)});
  }
}

expression_t *expression_create(
    const char *source, size_t length, int options, ExpressionStatus *status, char *detail,
    size_t capacity) noexcept {
  *status = ExpressionTooLarge;
  if (capacity > 0) detail[0] = 0;
  if (length > ExpressionSourceMax) return nullptr;
  try {
    auto made = std::make_unique<expression>();
    std::string wrong;
    made->compile(re2::StringPiece(source, length), options, *status, wrong);
    if (*status == ExpressionFine) return made.release();
    if (capacity > 0) {
      const size_t count = std::min(capacity - 1, wrong.size());
      std::memcpy(detail, wrong.data(), count);
      detail[count] = 0;
    }
  } catch (...) {
    *status = ExpressionTooLarge;
  }
  return nullptr;
}

void expression_free(expression_t *expression) noexcept { delete expression; }

size_t expression_size(const expression_t *expression) noexcept {
  return static_cast<size_t>(std::max(expression->compiled->ProgramSize(), 1));
}

bool expression_find(
    const expression_t *expression, const char *text, size_t length, size_t *begin, size_t *end) noexcept {
  try {
    const re2::StringPiece whole(text, std::min<size_t>(length, ExpressionTextMax));
    re2::StringPiece found;
    if (!expression->compiled->Match(whole, 0, whole.size(), RE2::UNANCHORED, &found, 1)) return false;
    *begin = static_cast<size_t>(found.data() - text);
    *end = *begin + found.size();
    return true;
  } catch (...) {
    return false;
  }
}

letters_t *letters_create(const char *text, size_t length) noexcept {
  try {
    auto made = std::make_unique<letters>();
    const auto *bytes = reinterpret_cast<const unsigned char *>(text);
    const size_t end = std::min<size_t>(length, ExpressionTextMax);
    for (size_t i = 0; i < end; i++) {
      for (size_t count = 1; count <= 3 && i + count <= end; count++) made->table.set(place(bytes + i, count));
    }
    return made.release();
  } catch (...) {
    return nullptr;
  }
}

void letters_free(letters_t *letters) noexcept { delete letters; }

bool expression_may_match(const expression_t *expression, const letters_t *letters, size_t *steps) noexcept {
  *steps = 1;
  if (!expression->needsWords) return true;
  try {
    std::vector<int> found;
    *steps = expression->words.size();
    for (size_t i = 0; i < expression->words.size(); i++) {
      const auto &places = expression->words[i].pieces;
      if (std::all_of(places.begin(), places.end(), [&](uint16_t at) { return letters->table.test(at); })) {
        found.push_back(static_cast<int>(i));
      } else if (expression->words[i].isNeeded) {
        return false;
      }
    }
    if (found.empty()) return false;
    *steps += 100 + 50 * found.size();
    return expression->isPossible(found);
  } catch (...) {
    return true;
  }
}
