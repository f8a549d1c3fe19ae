package import CallCore

/// How loaded a server was at an instant.
package struct LoadFigures: Sendable, Equatable {
  /// When.
  package var at = Timestamp.zero
  /// Calls that were up.
  package var calls = 0
  /// Calls that are over, since the start.
  package var callsEnded = 0
  /// Calls whose record is complete, since the start, and their length together, seconds.
  package var callsRecorded = 0
  package var recordedSeconds = 0.0
  /// Calls whose caller's words were recognised once: they cost the speech engines what calls do. The others hear a greeting, or never speak.
  package var speakers = 0
  /// Share of a core that the busiest media loop used, 0 … 1.
  package var loopShare = 0.0
  /// Shares of all media loops together.
  package var loopShares = 0.0
  /// Lateness of the worst twentieth of ticks over the last second, of the loop where it was worst.
  package var tickLateness = CallDuration.zero
  /// Echo cancellers made within `Admission.loopSettling`: their cost does not show in the loops' shares yet.
  package var newEchoCancellers = 0
  /// Share of the speech threads' time in use, 0 … 1.
  package var engineShare = 0.0
  /// Pieces of work that the speech threads did in a second, 0 and up.
  package var enginePiecesPerSecond = 0.0
  /// Longest wait for a speech thread over the last second, what waits still included.
  package var engineWait = CallDuration.zero
  /// Work that waits for each speech thread.
  package var engineQueue = 0

  /// No load.
  package init() {}
}
