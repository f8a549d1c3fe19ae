/// Where the time between a turn's words and the agent's reply went, in a turn for which a language model was asked: parts of
/// `TurnLatency.flow`, which follow one another, each the sum of all that there was of it. What is left of `flow` is the flow's own. What came
/// of an answer that was begun before the turn was over kept nobody waiting and counts nothing.
public struct ModelLatency: Sendable, Hashable {
  /// Question → the first piece of the answer, words or a call of a tool; or its end where there is none.
  public var firstToken: CallDuration
  /// That piece → the first whole sentence; or the end of the answer where there is none.
  public var firstSentence: CallDuration
  /// A tool's request → its answer; or what is said meanwhile.
  public var tools: CallDuration

  package init(firstToken: CallDuration = .zero, firstSentence: CallDuration = .zero, tools: CallDuration = .zero) {
    (self.firstToken, self.firstSentence, self.tools) = (firstToken, firstSentence, tools)
  }

  /// Never more than `TurnLatency.flow`; clamped, as they may come out of a database.
  public var total: CallDuration { firstToken.clampedSum(firstSentence).clampedSum(tools) }
}
