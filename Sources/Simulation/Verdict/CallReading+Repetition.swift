import CallCore

/// Re-prompts of an agent that tells nothing of itself.
extension CallReading {
  /// An utterance is said again when at most this share of its words is another one, in per cent: the recogniser does not hear it the same way twice.
  private static let repetitionErrorsMax = 20
  /// Shorter ones are alike by chance: `yes, please`.
  private static let repetitionWordsMin = 4

  /// Whether the agent only says again what it ended with before the caller's turn, as one does that did not hear the caller. Words that the turn
  /// expects make it an answer: the caller may have asked for them.
  func isPromptAgain(_ utterance: AgentUtterance, after act: ActReading) -> Bool {
    guard let before = utterances.last(where: { $0.began < act.start }), !before.isCut else { return false }
    let reply = ReplyWords(utterance.playedText)
    let ending = Array(ReplyWords(before.playedText).words.suffix(reply.words.count))
    let rate = WordErrorRate(WordErrorRate.alignment(of: ending, with: reply.words))
    guard reply.words.count >= Self.repetitionWordsMin,
      rate.errors * 100 <= reply.words.count * Self.repetitionErrorsMax
    else { return false }
    var facts = ExpectationCheck.Facts(turn: act.turn.number, reply: reply)
    facts.meaning = evidence.meaning
    let check = ExpectationCheck(facts: facts)
    return !act.turn.expectations.contains { expectation in
      expectation.isAboutWords && check.result(of: expectation).verdict == .passed
    }
  }
}

extension Expectation {
  /// Whether words are to be said.
  fileprivate var isAboutWords: Bool {
    switch check {
    case .keywords, .anyOf, .exact, .regex, .similarity, .similarInMeaning, .messageLeft: !isAbsent
    default: false
    }
  }
}
