/// A word or a punctuation character of Swift code, outside comments and texts.
struct Token: Sendable {
  /// The word; one character of punctuation; or a single `"` in place of a whole text.
  let text: String
  /// Counts from 1.
  let line: Int
}

extension Token {
  /// What stands between the parentheses that open behind `index`; nothing where none do.
  static func callArguments(after index: Int, in tokens: [Token]) -> [String] {
    guard index + 1 < tokens.count, tokens[index + 1].text == "(" else { return [] }
    var depth = 0
    var arguments: [String] = []
    for token in tokens[(index + 1)...] {
      depth += token.text == "(" ? 1 : token.text == ")" ? -1 : 0
      guard depth > 0 else { break }
      arguments.append(token.text)
    }
    return arguments
  }
}
