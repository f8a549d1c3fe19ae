import CallCore

/// How loaded a server was at an instant.
struct LoadFigures: Sendable, Equatable {
  /// When.
  var at = Timestamp.zero
  /// Calls that were up.
  var calls = 0
  /// Share of a core that the busiest media loop used, 0 … 1.
  var loopShare = 0.0
  /// Shares of all media loops together.
  var loopShares = 0.0
  /// Lateness of the worst twentieth of ticks over the last second, of the loop where it was worst.
  var tickLateness = CallDuration.zero
  /// Share of the speech threads' time in use, 0 … 1.
  var engineShare = 0.0
  /// Longest wait for a speech thread over the last second, what waits still included.
  var engineWait = CallDuration.zero
  /// Work that waits for each speech thread.
  var engineQueue = 0
}
