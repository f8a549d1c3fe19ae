public import CallCore

/// What happened in one turn that was written.
public struct TurnResult: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// What the caller does, in words, such as `says` or `presses 4 7 1 1`.
  public var deed: String
  /// What the caller means; empty for keys and silence.
  public var said = ""
  /// What was audible of it, fillers and all.
  public var spoken = ""
  /// Whether the call came to it. The rest is empty when it did not.
  public var isReached = false
  /// When the caller began.
  public var began: Timestamp?
  /// End of the caller's last sound or key.
  public var ended: Timestamp?
  /// What the agent understood; `nil` when it does not say or nothing was spoken.
  public var understood: String?
  /// Word errors of that.
  public var wordErrors: WordErrorRate?
  /// What the agent said before the caller's next turn, as far as it was heard.
  public var reply = ""
  /// When the agent became audible.
  public var replyAt: Timestamp?
  /// Turn latency, from the tracks; `nil` when there was no answer or none was due.
  public var latency: CallDuration?
  /// The server's own account of it.
  public var stages: TurnLatency?
  /// Yield time, for a turn that interrupts.
  public var yield: CallDuration?
  /// The flow's state at the end of the turn; empty when unknown.
  public var state = ""
  /// Every check of this turn.
  public var checks: [CheckResult] = []

  /// See the properties.
  public init(number: Int, deed: String) {
    self.number = number
    self.deed = deed
  }
}
