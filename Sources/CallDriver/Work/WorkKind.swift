/// What a worker thread is asked for, so that its queue and its waits can be told apart.
public enum WorkKind: Int, Sendable, CaseIterable {
  /// Speech to text.
  case recognition
  /// Text to speech.
  case synthesis
  /// Anything else: the history, recordings, runs of test cases.
  case other
}
