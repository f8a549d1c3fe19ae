/// Feet and inches by their marks: `55"`, `8.5" x 11"`, `12' x 10'`. A mark that closes a quotation is none.
enum DimensionRule {
  private static let inchMarks: Set<Character> = ["\"", "″", "”"]
  private static let footMarks: Set<Character> = ["'", "′", "’"]
  /// Words in front that are looked through for an opening mark.
  private static let wordsBefore = 40

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    guard let first = length(tokens[index]) else { return nil }
    if index + 2 < tokens.count, ["x", "×"].contains(tokens[index + 1].core), tokens[index + 1].isOpen,
      let second = length(tokens[index + 2])
    {
      return SpokenSpan(words: "\(first.words) by \(second.words)", count: 3, dropsMark: true)
    }
    guard first.isInch, !isQuoted(index, tokens) else { return nil }
    return SpokenSpan(words: first.words, dropsMark: true)
  }

  private static func length(_ token: TextToken) -> (words: String, isInch: Bool)? {
    guard let mark = token.trail.first, token.lead.isEmpty, let number = WrittenNumber(token.core) else { return nil }
    if inchMarks.contains(mark) { return ("\(number.words) \(number.isOne ? "inch" : "inches")", true) }
    guard footMarks.contains(mark) else { return nil }
    return ("\(number.words) \(number.isOne ? "foot" : "feet")", false)
  }

  private static func isQuoted(_ index: Int, _ tokens: [TextToken]) -> Bool {
    tokens[max(index - wordsBefore, 0)...index].contains { $0.lead.contains { inchMarks.contains($0) || $0 == "“" } }
  }
}
