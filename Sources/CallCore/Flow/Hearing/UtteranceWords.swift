/// What a caller said, as plain words: lower case, no punctuation, no apostrophes, no "um".
///
/// `I'd like 4,711 at 3 p.m.` becomes `id like 4711 at 3 pm`. Recognisers add commas, capitals and full stops as they see fit;
/// nothing may depend on them. `3:30`, `3.5` and `5/3` stay one word.
package struct UtteranceWords: Sendable, Hashable {
  /// Not empty each.
  package var words: [String]

  /// - Parameter text: at most this many characters are looked at: no caller says more in one turn.
  package init(_ text: String) {
    words = UtteranceWords.withoutFillers(
      UtteranceWords.split(Array(text.bounded(to: UtteranceWords.charactersMax).lowercased())))
  }

  init(words: [String]) { self.words = words }

  /// The longest turn is 30 s, and nobody speaks more than 30 characters a second.
  static let charactersMax = 1000

  /// Whoever says more than that in one turn tells a story, and no single value.
  static let valueWordsMax = 120

  /// With blanks between.
  package var joined: String { words.joined(separator: " ") }

  /// Number words up to ten as numerals, because recognisers write either.
  var folded: [String] {
    words.map { word in
      NumberWords.units.firstIndex(of: word).map { "\($0)" } ?? (word == "ten" ? "10" : word)
    }
  }

  private static let fillers: Set = ["um", "uh", "uhm", "umm", "er", "erm", "hmm", "hm", "ah", "eh"]

  private static func withoutFillers(_ words: [String]) -> [String] {
    // "Uh-uh" is a no where nothing else is said, and a pause everywhere else.
    if words == ["uh", "uh"] || words == ["nuh", "uh"] || words == ["unh", "unh"] { return ["uhuh"] }
    var kept: [String] = []
    var index = 0
    while index < words.count {
      let next = index + 1 < words.count ? words[index + 1] : ""
      if words[index] == "uh" || words[index] == "um", next == "huh" {
        kept.append("uhhuh")
        index += 2
      } else if words[index] == "mm" || words[index] == "mhm", next == "hmm" || next == "hm" {
        kept.append("mmhmm")
        index += 2
      } else if words[index] == "to", next == "morrow" {
        kept.append("tomorrow")  // recognisers that learned from old books write "to-morrow"
        index += 2
      } else {
        if !fillers.contains(words[index]) { kept.append(words[index]) }
        index += 1
      }
    }
    return kept
  }

  private static func split(_ text: [Character]) -> [String] {
    var words: [String] = []
    var word = ""
    func flush() {
      if !word.isEmpty { words.append(contentsOf: UtteranceWords.separated(word)) }
      word = ""
    }
    for (index, character) in text.enumerated() {
      if CharacterKind(character) != .other {
        word.append(character)
      } else if !UtteranceWords.joins(character, in: text, at: index) {
        flush()
        if character == "&" { words.append("and") }
        if UtteranceWords.isMinus(character, in: text, at: index) { words.append("minus") }
      } else if character == ":" || character == "/"
        || (character == "." && CharacterKind(text[index - 1]) == .number)
      {
        word.append(character)
      }
    }
    flush()
    return words
  }

  /// The mark of `-5`, but not of `555-123` and `555 -123`.
  private static func isMinus(_ mark: Character, in text: [Character], at index: Int) -> Bool {
    guard mark == "-" || mark == "\u{2212}", index + 1 < text.count, CharacterKind(text[index + 1]) == .number else {
      return false
    }
    guard index > 0 else { return true }
    let before = text[..<index].last { !$0.isWhitespace }
    return text[index - 1].isWhitespace && before.map { CharacterKind($0) != .number } ?? true
  }

  /// Whether a mark stands inside a word, not between two.
  private static func joins(_ mark: Character, in text: [Character], at index: Int) -> Bool {
    guard index > 0, index + 1 < text.count else { return false }
    let before = CharacterKind(text[index - 1])
    let after = CharacterKind(text[index + 1])
    switch mark {
    case "'", "\u{2019}", "\u{2018}", "\u{02BC}", "`":
      return before == .letter && after == .letter
    case ":", "/":
      return before == .number && after == .number
    case ",":  // of 4,711 but not of 4,7,1,1
      let digits = text[(index + 1)...].prefix { CharacterKind($0) == .number }.count
      return before == .number && digits == 3
    case ".":  // of 3.5, p.m and a.m
      let isAbbreviation =
        before == .letter && after == .letter && (index < 2 || CharacterKind(text[index - 2]) != .letter)
      return before == .number && after == .number || isAbbreviation
    default:
      return false
    }
  }

  /// `3pm` is two words, `3rd` is one. A word of the result holds letters or numbers, never both but for such an ending.
  private static func separated(_ word: String) -> [String] {
    var pieces: [String] = []
    var rest = word[...]
    while let first = rest.first {
      // Marks belong to the numbers that they stand between.
      let startsWithLetter = CharacterKind(first) == .letter
      let end = rest.dropFirst().firstIndex { CharacterKind($0) == (startsWithLetter ? .number : .letter) }
      let next = rest[(end ?? rest.endIndex)...]
      if !startsWithLetter, ["st", "nd", "rd", "th"].contains(next) { return pieces + [String(rest)] }
      pieces.append(String(rest[..<next.startIndex]))
      rest = next
    }
    return pieces
  }
}

/// What a character is to a reader of words: exactly one of these.
///
/// Unicode knows characters that are letter and number at once, such as 一, Ⅷ and 〇. A reader that asks for both properties comes
/// to two answers, so all readers of words ask here.
enum CharacterKind {
  /// Part of a word, also a letter that stands for a number.
  case letter
  /// A number that is no letter: `0` … `9`, ٤, ½.
  case number
  /// A mark, a blank, or anything else.
  case other

  init(_ character: Character) {
    if let ascii = character.asciiValue {
      // The bit of small letters makes 26 letters of 52.
      self = (0x30...0x39).contains(ascii) ? .number : (0x61...0x7A).contains(ascii | 0x20) ? .letter : .other
      return
    }
    self = character.isLetter ? .letter : character.isNumber ? .number : .other
  }
}

extension Character {
  /// Whether it is one of `0` … `9` and nothing else. The comparison with `"0"..."9"` also finds a digit that carries an accent, and
  /// `isNumber` all digits of the world and ½: neither can be calculated with or sent to a tool as a number.
  package var isASCIIDigit: Bool { asciiValue.map { (0x30...0x39).contains($0) } ?? false }
}

extension StringProtocol {
  /// Whether all of it is `0` … `9`.
  var isASCIIDigits: Bool { utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
