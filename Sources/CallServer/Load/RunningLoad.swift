/// A generator at work. Both functions may be called at any time, also when it is gone.
public protocol RunningLoad: Sendable {
  /// Lets the generator hang up and tell what it found so far; one that takes long is ended by force. Does not wait.
  func stop()

  /// Ends the generator and waits until it is gone: a few seconds at most.
  func end()
}
