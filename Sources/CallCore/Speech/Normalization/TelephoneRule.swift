/// Telephone numbers: `+1 555 012 3456`, `(555) 012-3456`, `555-0123`, `555.012.3456`, `+15550100`. Digits are said one by one, group by group.
enum TelephoneRule {
  /// Groups of a number, of the country code on, as they are written in North America.
  private static let shapes: [[Int]] = [[3, 4], [3, 3, 4], [1, 3, 3, 4]]
  /// Words after which two groups are a telephone number.
  private static let words: Set<String> = [
    "call", "phone", "telephone", "tel", "dial", "number", "text", "fax", "mobile", "cell", "at", "on", "is",
  ]
  /// Those behind which even round ones are no range.
  private static let callWords: Set<String> = [
    "call", "phone", "telephone", "tel", "dial", "text", "fax", "mobile", "cell",
  ]
  /// Most words of a number that is written with blanks.
  private static let wordsMax = 7

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let token = tokens[index]
    guard let first = token.core.first, first.isASCIIDigit || first == "+" else { return nil }
    // Words that belong together: nothing but blanks between them, or the parentheses around a prefix.
    var groups: [Substring] = []
    var count = 0
    var (best, isDone): (SpokenSpan?, Bool) = (nil, false)
    while !isDone, index + count < tokens.count, count < wordsMax {
      let next = tokens[index + count]
      let isPrefix = next.lead == "(" && next.trail == ")"
      if count > 0, !(tokens[index + count - 1].isOpen || tokens[index + count - 1].trail == ")") { break }
      guard count == 0 || next.lead.isEmpty || isPrefix, let more = digitGroups(next.core, isFirst: count == 0) else {
        break
      }
      groups += more
      count += 1
      let hasPlus = first == "+"
      defer { isDone = hasPlus && isComplete(groups) }
      if isNumber(groups, hasPlus: hasPlus, count: count, after: tokens.lowerBefore(index)) {
        best = SpokenSpan(
          words: said(groups, hasPlus: hasPlus), count: count, dropsLead: token.lead == "(" && token.trail == ")")
      }
    }
    return best
  }

  /// Digits of a whole number, its country code in front, where their number is fixed: North America and Great Britain.
  private static func isComplete(_ groups: [Substring]) -> Bool {
    let digits = groups.joined()
    return digits.hasPrefix("1") && digits.count == 11 || digits.hasPrefix("44") && digits.count == 12
  }

  private static func digitGroups(_ text: String, isFirst: Bool) -> [Substring]? {
    let digits = isFirst && text.first == "+" ? text.dropFirst() : text[...]
    for separator in ["-", ".", "–"] as [Character] where digits.contains(separator) {
      let groups = digits.split(separator: separator, omittingEmptySubsequences: false)
      return groups.allSatisfy { $0.isDigits && $0.count <= 4 } ? groups : nil
    }
    return digits.isDigits ? [digits] : nil
  }

  private static func isNumber(_ groups: [Substring], hasPlus: Bool, count: Int, after word: String) -> Bool {
    let all = groups.reduce(0) { $0 + $1.count }
    guard all <= 16 else { return false }
    if hasPlus { return all >= 7 }
    guard groups.count > 1 else { return false }
    let lengths = groups.map(\.count)
    // "500-1000 euros"
    if lengths == [3, 4], groups.allSatisfy({ $0.last == "0" && $0.first != "0" }), !callWords.contains(word) {
      return false
    }
    if lengths == [3, 4] { return count == 1 || groups[1].first == "0" || words.contains(word) }
    return shapes.contains(lengths) || (groups[0].first == "0" && all >= 9 && lengths.allSatisfy { $0 >= 3 })
  }

  private static func said(_ groups: [Substring], hasPlus: Bool) -> String {
    (hasPlus ? "plus " : "") + groups.map { NumeralWords.grouped($0) }.joined(separator: ", ")
  }
}
