public import CallCore

/// How much load a server takes on before it refuses further calls. The limits lie where the calls that are up are still served
/// well: beyond them it is all calls that suffer, not only the last.
public struct AdmissionLimits: Sendable, Equatable {
  /// Share of a core that the busiest media loop may use, 0 … 1. Slightly over 1 all frames are late within seconds, and the loop's
  /// core is also wanted by the speech engines.
  public var loopShareMax = 0.80
  /// Share of the time of all speech threads that may be in use, 0 … 1, whatever turns would wait; over 1 nothing is foretold. With one
  /// thread and 50 ms for each turn `engineWaitMax` is reached at 0.82 already, with two threads at 0.91 (`TurnWait`).
  public var engineShareMax = 0.85
  /// Longest wait for a speech thread: that of 95 turns in 100 that is foretold, and the longest that was measured over the last second, which
  /// lets fewer calls in, and none where it stays or is three times as long. A turn latency of 1.2 s is 500 ms of silence, this, and some 200 ms of recognition, synthesis and playout.
  public var engineWaitMax = CallDuration.milliseconds(400)
  /// Work that may wait for each speech thread for some seconds: 8 recognitions of 70 ms are half a second.
  public var engineQueueMax = 8
  /// Lateness of the worst twentieth of a loop's ticks over the last second: one frame.
  public var tickLatenessMax = CallDuration.milliseconds(20)
  /// Calls that may begin in a second.
  public var callStartsPerSecondMax = 100

  /// The defaults.
  public init() {}
}
