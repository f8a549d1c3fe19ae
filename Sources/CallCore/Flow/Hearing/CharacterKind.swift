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
    self = character.isLetter ? .letter : character.isNumber ? .number : .other
  }
}

extension Character {
  /// Whether it is one of `0` … `9` and nothing else. The comparison with `"0"..."9"` also finds a digit that carries an accent, and
  /// `isNumber` all digits of the world and ½: neither can be calculated with or sent to a tool as a number.
  package var isASCIIDigit: Bool { isASCII && isNumber }
}
