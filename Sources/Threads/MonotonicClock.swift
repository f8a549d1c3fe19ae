public import Glibc

/// The one clock of all threads: `CLOCK_MONOTONIC` in microseconds.
public enum MonotonicClock {
  /// Microseconds since some fixed moment before the process began. Costs about 25 ns (vDSO).
  public static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// CPU time that the calling thread has used, microseconds. A system call: ask seldom.
  public static func threadCPU() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  /// The clock of some thread or process, microseconds.
  /// - Returns: 0 for a time below 0, which only a library in front of the system's gives that moves the clocks, as tests do.
  public static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(max(time.tv_sec, 0)) * 1_000_000 + UInt64(max(time.tv_nsec, 0)) / 1_000
  }
}

/// The instant at which a wait ends, on the monotonic clock.
public struct Deadline: Comparable, Sendable {
  /// Microseconds.
  public let at: UInt64

  private init(at: UInt64) { self.at = at }

  /// - Parameter time: from now; negative counts as none.
  public static func after(_ time: Duration) -> Deadline {
    let parts = time.components
    guard parts.seconds >= 0, parts.attoseconds >= 0 else { return Deadline(at: MonotonicClock.now()) }
    let microseconds = UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds / 1_000_000_000_000)
    return after(microseconds: microseconds)
  }

  /// - Parameter microseconds: from now.
  public static func after(microseconds: UInt64) -> Deadline { Deadline(at: MonotonicClock.now() + microseconds) }

  /// It has come.
  public var isOver: Bool { MonotonicClock.now() >= at }

  /// Until then, for poll(2): rounded up, so that nobody spins through the last millisecond.
  public var milliseconds: Int32 { Int32(clamping: (at - min(MonotonicClock.now(), at) + 999) / 1000) }

  /// For pthread_cond_timedwait(3).
  var time: timespec { timespec(tv_sec: Int(at / 1_000_000), tv_nsec: Int(at % 1_000_000) * 1000) }

  /// The earlier one is less.
  public static func < (left: Deadline, right: Deadline) -> Bool { left.at < right.at }
}
