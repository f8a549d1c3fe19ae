/// A limit of a text counts Unicode scalars or bytes. One `Character` may hold any number of combining marks, so a limit in
/// `Character`s bounds nothing, and counting them costs ten times as much.
enum TextBounds {
  /// How names of such limits end.
  private static let endings = [
    "charactersMax", "textMax", "valueMax", "nameMax", "sentenceMax", "pieceMax", "phraseMax", "idMax", "CharactersMax",
    "TextMax", "NameMax",
  ]
  private static let bounded: Set = ["utf8", "utf16", "unicodeScalars"]

  static func ofCharacters(_ file: SourceFile) -> [Violation] {
    guard file.isSource else { return [] }
    let tokens = file.tokens
    return tokens.indices.dropFirst(2).compactMap { index in
      guard tokens[index - 1].text == ".", !bounded.contains(tokens[index - 2].text), isLimited(index, in: tokens)
      else { return nil }
      return Violation(
        file, line: tokens[index].line, "a limit in Characters bounds nothing: use scalarCount, bounded(to:) or utf8")
    }
  }

  private static func isLimited(_ index: Int, in tokens: [Token]) -> Bool {
    switch tokens[index].text {
    case "prefix": return Token.callArguments(after: index, in: tokens).last.map(isTextLimit) ?? false
    case "count":
      let behind = tokens[(index + 1)...].map(\.text)
      guard let sign = behind.first, "<>".contains(sign) else { return false }
      let operand = behind.dropFirst().drop { $0 == "=" }.prefix { $0 == "." || $0.first?.isLetter == true }
      return operand.contains(where: isTextLimit)
    default: return false
    }
  }

  private static func isTextLimit(_ name: String) -> Bool { endings.contains { name.hasSuffix($0) } }
}
