/// Words that a flow listens for.
public enum UtterancePattern: Sendable, Hashable {
  /// These words, one after another.
  case phrase(UtterancePhrase)
  /// A regular expression over the caller's words.
  case expression(WordExpression)

  /// - Parameter written: words as people write them, or `/…/`. `nil` when there is no word in it or the expression is not one.
  public init?(_ written: String) {
    do throws(ExpressionFault) {
      guard let pattern = try UtterancePattern.read(written) else { return nil }
      self = pattern
    } catch {
      return nil
    }
  }

  /// The same, with what is wrong with an expression.
  /// - Returns: `nil` when there is no word in it.
  package static func read(_ written: String) throws(ExpressionFault) -> UtterancePattern? {
    if written.count > 2, written.hasPrefix("/"), written.hasSuffix("/") {
      return .expression(try WordExpression(String(written.dropFirst().dropLast())))
    }
    return UtterancePhrase(written).map(UtterancePattern.phrase)
  }

  /// Instructions of its expression; 0 for a phrase.
  package var size: Int { if case .expression(let expression) = self { expression.size } else { 0 } }

  /// How many of the words it takes; 0 when it is not in them.
  package func length(in heard: UtteranceIndex) -> Int {
    switch self {
    case .phrase(let phrase): heard.contains(phrase) ? phrase.words.count : 0
    case .expression(let expression): expression.length(in: heard)
    }
  }

  /// Whether it is in the words but for a slip of the recogniser.
  package func isNearly(in heard: UtteranceIndex) -> Bool {
    if case .phrase(let phrase) = self { heard.nearlyContains(phrase) } else { false }
  }
}
