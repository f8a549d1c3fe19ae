/// What a call is doing. `Sources/ARCHITECTURE.md` draws how one follows another; a test holds the drawing against the code.
public enum CallPhase: Sendable, Equatable {
  /// Connected, but not begun.
  case new
  /// It is the caller's turn and nothing has come yet.
  case waiting(since: Timestamp)
  /// The caller speaks, or makes a pause that may still be part of the turn.
  case hearing
  /// The caller presses keys; the last one came at this instant.
  case keying(since: Timestamp)
  /// The turn is over; its words were asked for at this instant.
  case recognizing(RequestID, since: Timestamp)
  /// The turn's words are known; what they mean was asked for at this instant.
  case comparing(RequestID, since: Timestamp)
  /// The flow waits for a tool, asked at this instant, and there is nothing to say meanwhile.
  case working(RequestID, since: Timestamp)
  /// A language model was asked at this instant, and there is nothing to say yet.
  case thinking(RequestID, since: Timestamp)
  /// The agent's reply is known since this instant, but nothing of it has been played.
  case preparing(UtteranceID, since: Timestamp)
  /// The agent speaks since this instant.
  case speaking(UtteranceID, since: Timestamp)
  /// Over.
  case ended(CloseReason)

  /// The phase's name without its values.
  public var name: String {
    switch self {
    case .new: "new"
    case .waiting: "waiting"
    case .hearing: "hearing"
    case .keying: "keying"
    case .recognizing: "recognizing"
    case .comparing: "comparing"
    case .working: "working"
    case .thinking: "thinking"
    case .preparing: "preparing"
    case .speaking: "speaking"
    case .ended: "ended"
    }
  }
}

/// Why a call ended. The raw values stand on the wire and in the history.
public enum CloseReason: String, Sendable, Hashable, CaseIterable {
  /// The flow came to its end.
  case completed
  /// The caller hung up.
  case callerHungUp = "caller-hung-up"
  /// The caller's connection broke, or nothing came from it any more.
  case callerVanished = "caller-vanished"
  /// The caller stayed silent through every re-prompt.
  case noInput = "no-input"
  /// The caller was not understood through every re-prompt.
  case noMatch = "no-match"
  /// The flow handed the caller to a telephone number, kept as the outcome.
  case transferred
  /// An engine failed and the call could not go on.
  case engineFailed = "engine-failed"
  /// The call reached `TurnLimits.callDurationMax` or `turnsMax`.
  case timeLimit = "time-limit"
  /// The peer broke the wire's rules.
  case protocolError = "protocol-error"
  /// The server is going down.
  case serverShutdown = "server-shutdown"
  /// The call was not admitted; no flow ran.
  case refused
}
