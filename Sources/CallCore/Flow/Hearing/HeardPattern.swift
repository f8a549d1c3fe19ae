/// Words that a flow listens for.
public enum HeardPattern: Sendable, Hashable {
  /// These words, one after another.
  case phrase([String])
  /// A regular expression over the caller's words: lower case, no punctuation, no apostrophes. It begins and ends at
  /// the border of a word.
  case expression(String)

  /// - Parameter written: words as people write them, or `/…/`. `nil` when there is no word in it or the expression is not one.
  public init?(_ written: String) {
    if written.count > 2, written.hasPrefix("/"), written.hasSuffix("/") {
      let expression = String(written.dropFirst().dropLast())
      guard HeardExpression.isValid(expression), HeardExpression.isValid(HeardPattern.bounded(expression)) else {
        return nil
      }
      self = .expression(expression)
    } else {
      let words = HeardWords(written).folded
      guard !words.isEmpty else { return nil }
      self = .phrase(words)
    }
  }

  /// How many of the words it takes; 0 when it is not in them.
  func length(in heard: HeardWords) -> Int {
    switch self {
    case .phrase(let phrase):
      let words = heard.folded
      guard phrase.count <= words.count else { return 0 }
      let isFound = (0...(words.count - phrase.count)).contains {
        words[$0..<($0 + phrase.count)].elementsEqual(phrase)
      }
      return isFound ? phrase.count : 0
    case .expression(let expression):
      guard let regex = HeardExpression.compiled(HeardPattern.bounded(expression)),
        let match = heard.joined.firstMatch(of: regex)
      else { return 0 }
      return heard.joined[match.range].split(separator: " ").count
    }
  }

  /// Whether it is in the words but for a slip of the recogniser: one letter in six or more wrong, missing or too many, a word
  /// torn apart or two run together. The first letter must be right.
  func isNearly(in heard: HeardWords) -> Bool {
    guard case .phrase(let phrase) = self else { return false }
    let wanted = Array(phrase.joined().utf8)
    guard wanted.count >= HeardPattern.slipLengthMin else { return false }
    let slips = wanted.count >= 2 * HeardPattern.slipLengthMin ? 2 : 1
    let words = heard.folded
    for count in max(1, phrase.count - 1)...(phrase.count + 1) where count <= words.count {
      for start in 0...(words.count - count) {
        let found = Array(words[start..<(start + count)].joined().utf8)
        if found.first == wanted.first, EditDistance.of(found, wanted, atMost: slips) <= slips { return true }
      }
    }
    return false
  }

  /// Shorter words become others too easily: "book" and "look", "four" and "hour".
  private static let slipLengthMin = 6

  private static func bounded(_ expression: String) -> String { "\\b(?:\(expression))\\b" }
}
