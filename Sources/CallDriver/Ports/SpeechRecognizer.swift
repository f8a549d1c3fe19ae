public import CallCore

/// Turns speech into text. Blocking: the driver chooses the thread when live and the completion instant when virtual.
public protocol SpeechRecognizer: AnyObject, Sendable {
  /// - Parameter turn: 16 kHz mono samples of one turn, oldest first, at most `TurnLimits.turnDurationMax`. The adapter
  ///   splits what is longer than its engine can hold.
  /// - Returns: the words as heard; empty when nothing was understood. Never a guess.
  func transcribe(_ turn: [Int16]) throws(EngineError) -> String

  /// The same, given up early when `cancellation` is withdrawn: for engines on another machine, which would hold the thread for seconds.
  func transcribe(_ turn: [Int16], cancellation: CancellationToken) throws(EngineError) -> String
}

extension SpeechRecognizer {
  /// For engines of this machine: they are done in some 70 ms.
  public func transcribe(_ turn: [Int16], cancellation: CancellationToken) throws(EngineError) -> String {
    try transcribe(turn)
  }
}
