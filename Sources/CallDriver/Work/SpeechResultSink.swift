/// Carries answers from worker threads to the loop of the call.
public protocol SpeechResultSink: AnyObject, Sendable {
  /// Any thread. An answer that cannot be delivered is dropped: the call's own time-out covers it.
  func post(_ answer: SpeechResult)
}
