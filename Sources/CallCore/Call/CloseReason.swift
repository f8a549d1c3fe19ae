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
