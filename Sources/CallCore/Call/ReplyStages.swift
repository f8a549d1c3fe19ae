/// Measures where the time goes between a turn's words and the agent's reply: at every instant exactly one stage runs.
struct ReplyStages: Sendable {
  enum Stage { case flow, firstToken, firstSentence, tools }

  private var stage = Stage.flow
  private var since = Timestamp.zero
  private var spans = ModelLatency()
  private var isModelAsked = false

  /// The stage that ran is over, and another one runs; it may be the same.
  mutating func enter(_ next: Stage, at now: Timestamp) {
    switch stage {
    case .flow: break
    case .firstToken: spans.firstToken += now - since
    case .firstSentence: spans.firstSentence += now - since
    case .tools: spans.tools += now - since
    }
    (stage, since) = (next, now)
    if next == .firstToken { isModelAsked = true }
  }

  /// What was measured before the stage that runs; `nil` where no model was asked.
  var latency: ModelLatency? { isModelAsked ? spans : nil }
}

extension CallMachine {
  /// Another stage of the turn's answer runs; none does once the reply is known.
  mutating func enterStage(_ stage: ReplyStages.Stage, at now: Timestamp) {
    guard turn != nil, turn?.replyAt == nil else { return }
    turn?.stages.enter(stage, at: now)
  }
}
