#ifndef CExpressions_H
#define CExpressions_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
#define EXPRESSIONS_NOEXCEPT noexcept
extern "C" {
#else
#define EXPRESSIONS_NOEXCEPT
#endif

// Regular expressions in time linear in the text, by RE2. No function throws; where memory runs out, an expression is not compiled
// and nothing is found. Every object may be read by several threads at once.

enum {
  /// Bytes that one compiled expression may take, its cache of states included. Whoever can save a flow can have thousands compiled;
  /// and the smaller the cache, the sooner RE2 stops filling it and goes through the text state by state.
  ExpressionMemoryMax = 64 * 1024,
  /// Bytes of one expression. Longer ones are not compiled.
  ExpressionSourceMax = 4096,
  /// Bytes of a text in which an expression is looked for. What is beyond is not looked at.
  ExpressionTextMax = 65536,
};

/// Why a text was not compiled.
typedef enum {
  ExpressionFine,
  /// A group with `(?` that RE2 has not: look-around, an atomic group, a condition, a name.
  ExpressionBadGroup,
  /// A backslash with something that RE2 has not, back-references among it.
  ExpressionBadEscape,
  /// `++`, `*+`, `**` and the like.
  ExpressionBadRepetition,
  /// A repetition of more than a thousand times, nested ones multiplied.
  ExpressionRepeatedTooOften,
  /// It takes more than `ExpressionMemoryMax`, or is longer than `ExpressionSourceMax`.
  ExpressionTooLarge,
  /// Anything else: a bracket that is not closed, nothing to repeat.
  ExpressionBadSyntax,
} ExpressionStatus;

typedef enum {
  /// Without regard to case.
  ExpressionFoldsCase = 1,
  /// Each byte is a character: fewer steps for texts and expressions of ASCII alone.
  ExpressionByBytes = 2,
  /// Finds out which words a text must have, for `expression_may_match`.
  ExpressionFiltered = 4,
} ExpressionOptions;

/// A compiled expression.
typedef struct expression expression_t;

/// - `options`: a sum of `ExpressionOptions`.
/// - `detail`: gets the piece that is wrong, cut to `capacity` bytes with the closing zero.
/// Returns nothing with another status than `ExpressionFine`. To be freed.
expression_t *expression_create(
  const char *source, size_t length, int options, ExpressionStatus *status, char *detail, size_t capacity)
  EXPRESSIONS_NOEXCEPT;
void expression_free(expression_t *expression) EXPRESSIONS_NOEXCEPT;

/// Instructions of the compiled program; a search takes at most so many steps for each byte of text.
size_t expression_size(const expression_t *expression) EXPRESSIONS_NOEXCEPT;

/// Where the expression stands first in the text, in bytes from its beginning. False: nowhere.
bool expression_find(const expression_t *expression, const char *text, size_t length, size_t *begin, size_t *end)
  EXPRESSIONS_NOEXCEPT;

/// Which letters stand beside each other in a text.
typedef struct letters letters_t;

/// To be freed. Nothing where memory runs out.
letters_t *letters_create(const char *text, size_t length) EXPRESSIONS_NOEXCEPT;
void letters_free(letters_t *letters) EXPRESSIONS_NOEXCEPT;

/// False: the text, which is in lower case, lacks words without which the expression is not found. True says nothing. `steps` gets what
/// the answer cost, in the unit of `expression_size`.
bool expression_may_match(const expression_t *expression, const letters_t *letters, size_t *steps) EXPRESSIONS_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
