/// Takes the agent's own voice, as it comes back with the caller's, out of one call's audio. It learns the way that the voice takes and follows
/// its changes. Used by one thread at a time; allocates nothing per frame.
public protocol EchoCanceller: AnyObject {
  /// Both frames must follow those of the call before it.
  /// - Parameters:
  ///   - played: 320 samples, 16 kHz mono, that the agent said no later than the echo in `frame`, and at most `EchoTail.samples` before.
  ///   - frame: 320 samples of the caller, from which the echo is taken away.
  func cancel(_ played: UnsafeBufferPointer<Int16>, in frame: UnsafeMutableBufferPointer<Int16>)

  /// Forgets what was learned: the voice takes another way now.
  func reset()
}

/// Makes echo cancellers.
public protocol EchoCancellerFactory: AnyObject, Sendable {
  /// Some 0.1 MB for one call, made in 0.1 ms.
  /// - Returns: `nil` when no further call may have one.
  func makeEchoCanceller() -> (any EchoCanceller)?
}

/// How far an echo is spread over time.
public enum EchoTail {
  /// Samples at 16 kHz: 128 ms. A room's echo is gone by then.
  public static let samples = 2048
}
