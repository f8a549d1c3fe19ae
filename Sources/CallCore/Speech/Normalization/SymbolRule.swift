/// Signs that stand alone, and signs within words.
enum SymbolRule {
  private static let alone: [String: String] = [
    "&": "and", "+": "plus", "=": "equals", "×": "times", "÷": "divided by", "*": "times", "<": "less than",
    ">": "greater than",
    "@": "at", "%": "percent", "±": "plus or minus", "≈": "about", "≤": "at most", "≥": "at least", "≠": "is not",
    "°": "degrees",
    "№": "number", "<=": "at most", ">=": "at least", "==": "equals", "->": "to", "=>": "to",
  ]
  private static let silent: Set<String> = ["|", "•", "·", "~", "^", "_", "\\", "--", "---", "||"]
  /// Behind a `/` they are "per".
  private static let periods: Set<String> = [
    "second", "minute", "hour", "day", "night", "week", "month", "year", "person",
  ]
  private static let pauses: Set<String> = ["-", "–", "—", "/", "//"]

  /// Keys of a telephone, behind these words.
  private static let keys = ["#": "pound", "*": "star"]
  private static let keyWords: Set<String> = ["press", "dial", "hit", "the", "key", "or", "then", "by", "with"]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let token = tokens[index]
    guard !token.core.isEmpty else { return nil }
    if let key = keys[token.core], keyWords.contains(tokens.lowerBefore(index)) { return SpokenSpan(words: key) }
    if token.core.count > 1, let key = keys[String(token.core.prefix(1))], token.core.dropFirst().isDigits {
      return SpokenSpan(words: "\(key) \(NumeralWords.grouped(token.core.dropFirst()))")
    }
    if token.core == "*" || token.core == "×", !isBetweenNumbers(index, tokens) {
      // An item of a list that was folded to one line.
      return SpokenSpan(words: index > 0 && index + 1 < tokens.count && tokens[index - 1].isOpen ? "," : "")
    }
    if let words = alone[token.core] {
      // At an end there is nothing to be added or compared.
      return index == 0 || index + 1 == tokens.count ? SpokenSpan(words: "") : SpokenSpan(words: words)
    }
    if silent.contains(token.core)
      || token.core.unicodeScalars.allSatisfy({ $0 == "|" || $0 == "-" || $0 == "=" || $0 == ":" })
        && token.core.count > 1
    {
      return SpokenSpan(words: "")
    }
    if pauses.contains(token.core) {
      if token.core == "-", index > 0, index + 1 < tokens.count, tokens[index - 1].isDigits, tokens[index + 1].isDigits
      {
        return SpokenSpan(words: "to")
      }
      if token.core == "/", index > 0, index + 1 < tokens.count {
        return SpokenSpan(words: tokens[index - 1].core.isLetters && tokens[index + 1].core.isLetters ? "or" : "slash")
      }
      return nil
    }
    return within(token.core)
  }

  /// "3 * 4"; and "3 × larger".
  private static func isBetweenNumbers(_ index: Int, _ tokens: [TextToken]) -> Bool {
    index > 0 && index + 1 < tokens.count && tokens[index - 1].core.last?.isASCIIDigit ?? false
      && (tokens[index].core == "×" || tokens[index + 1].core.contains(where: \.isASCIIDigit))
  }

  /// `_` in a name is a gap, `/` between words is "or", `±5` is said.
  private static func within(_ text: String) -> SpokenSpan? {
    if text.first == "±" || text.first == "≥" || text.first == "≤" || text.first == "<" || text.first == ">",
      let sign = text.first, let words = alone[String(sign)], let number = WrittenNumber(text.dropFirst())
    {
      return SpokenSpan(words: "\(words) \(number.words)")
    }
    if text.contains("_"), text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) {
      return SpokenSpan(words: text.split(separator: "_").joined(separator: " "))
    }
    let power = text.split(separator: "^", omittingEmptySubsequences: false)
    if power.count == 2, power[1].count <= 4, let base = WrittenNumber(power[0]), let exponent = WrittenNumber(power[1])
    {
      return SpokenSpan(words: "\(base.words) to the \(exponent.words)")  // "2^8"
    }
    let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    if pieces.count == 2, pieces.allSatisfy({ $0.count == 1 && $0.isLetters && $0.first?.isUppercase ?? false }) {
      return SpokenSpan(words: IdentifierRule.letters(pieces.joined()))  // "A/C"
    }
    if pieces.count == 2, periods.contains(pieces[1].lowercased()), !periods.contains(pieces[0].lowercased()),
      pieces[0].isLetters
    {
      return SpokenSpan(words: "\(pieces[0]) per \(pieces[1])")  // "twice/day"
    }
    if (2...4).contains(pieces.count), pieces.allSatisfy({ $0.count > 1 && $0.isLetters }) {
      return SpokenSpan(words: pieces.joined(separator: " or "))
    }
    return nil
  }
}
