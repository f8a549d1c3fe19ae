public import Glibc

/// What one thread of a pool does.
public struct WorkerState: Sendable {
  /// Pieces of work that it began.
  public var pieces: UInt64 = 0
  /// What the piece that it does now was asked for; `nil` while it waits for work.
  public var kind: WorkKind?
  /// The thread; `nil` before it began.
  public var thread: pthread_t?
  /// Clock of its CPU time.
  var clock = clockid_t()

  /// CPU time of the thread in microseconds; `nil` when it does not run.
  public var cpuMicroseconds: UInt64? {
    var time = timespec()
    // Below 0 only where a library in front of the system's moves the clocks, as tests do.
    guard thread != nil, clock_gettime(clock, &time) == 0, time.tv_sec >= 0, time.tv_nsec >= 0 else { return nil }
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}
