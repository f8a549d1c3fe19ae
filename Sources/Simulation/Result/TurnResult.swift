public import CallCore

/// What happened in one turn that was written.
public struct TurnResult: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// What the caller does, in words, such as `says` or `presses 4 7 1 1`.
  public var action: String
  /// What the caller means; empty for keys and silence.
  public var said = ""
  /// What was audible of it, fillers and all.
  public var spoken = ""
  /// Whether the call came to it. The rest is empty when it did not.
  public var isReached = false
  /// How often the caller did it once more, because the agent asked again: 0 … `TestTurn.repeatsMax`. Times, replies and expectations are
  /// those of the last time.
  public var repeats = 0
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

  package init(number: Int, action: String) { (self.number, self.action) = (number, action) }
}

/// One check and what it found.
public struct CheckResult: Sendable, Equatable {
  /// What was looked at.
  public var kind: CheckKind
  /// The turn; `nil` for the whole call.
  public var turn: Int?
  /// What was found.
  public var verdict: Verdict
  /// What was to be there, in words.
  public var expected: String
  /// What was there, in words.
  public var actual: String
  /// The moment in the call, where there is one.
  public var at: Timestamp?
  /// Line of the expectation in the file; 0 for checks that are always made.
  public var line: Int
  /// How alike in meaning they are, where that was compared.
  public var similarity: Similarity?

  package init(
    _ kind: CheckKind, turn: Int? = nil, verdict: Verdict, expected: String, actual: String, at: Timestamp? = nil,
    line: Int = 0
  ) {
    (self.kind, self.turn, self.verdict, self.expected) = (kind, turn, verdict, expected)
    (self.actual, self.at, self.line) = (actual, at, line)
  }
}

/// What a case came to.
public enum Verdict: String, Sendable, CaseIterable {
  /// Everything that was expected happened.
  case passed
  /// Something did not.
  case failed
  /// The call says nothing about the agent: what the caller was to do cannot be found in its own track, its frames were late,
  /// or the call never came about.
  case invalid
}
