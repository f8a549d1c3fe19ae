/// What bounds the load tests that a server runs against itself.
public struct LoadLimits: Sendable {
  /// Longest time that a load is held, in seconds. A page is no place for a soak over night: that is `voiceforge load --target`.
  public var holdMaxSeconds = 3600
  /// Runs that are kept; the oldest make room.
  public var runsMax = 10
  /// Seconds that are kept of a run, 170 bytes each: a load that is held for the longest time in each of two steps, and its ways up.
  /// A generator that tells more was asked for less; the rest is dropped.
  public var secondsMax = 7500
  /// Seconds in one answer, 300 bytes each; the rest is in the next one.
  public var secondsPerAnswer = 1000
  /// Bytes of a report that are kept; a larger one is dropped. Its charts have at most 600 points a line, so it takes 200 KB.
  public var reportBytesMax = 2_000_000

  /// The defaults.
  public init() {}
}
