public import CallCore

/// What a call needs done outside its loop. Live, worker threads do it; in virtual time it is done at once and the answer comes
/// later by the model of latency. Every question is answered exactly once through the loop, unless it was cancelled.
public protocol SpeechTasks: AnyObject {
  /// - Parameters:
  ///   - samples: 16 kHz mono, a turn so far.
  ///   - purpose: when the recogniser is busy, a partial may be dropped without an answer, and a trial may wait for `hurry`.
  func transcribe(_ samples: [Int16], purpose: CallAction.Purpose, request: RequestID, call: CallNumber)

  /// The turn is over: the words of this trial are waited for now. Does nothing when they are on their way already.
  func hurry(_ request: RequestID, call: CallNumber)

  /// The audio, when it was made before.
  func readySpeech(_ key: SpeechKey) -> EncodedSpeech?

  /// - Parameter isUrgent: whether the caller waits for it, rather than listening to an earlier sentence.
  func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber)

  /// Makes a tool's request.
  func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber)

  /// The answer is not needed any more; it may still come.
  func cancel(_ request: RequestID, call: CallNumber)
}
