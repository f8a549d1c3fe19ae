import CLibwebsockets
import Glibc

/// The one clock of this module: `CLOCK_MONOTONIC` in microseconds.
public enum MonotonicClock {
  /// Microseconds since some fixed moment before the process began. Costs about 25 ns (vDSO).
  public static func now() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// CPU time the calling thread has used, microseconds. A system call: ask seldom.
  static func threadCPU() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  /// 0 for a time below 0, which only a library in front of the system's gives that moves the clocks, as tests do.
  static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(max(time.tv_sec, 0)) * 1_000_000 + UInt64(max(time.tv_nsec, 0)) / 1_000
  }
}

extension Duration {
  /// Whole microseconds, rounded down; negative durations count as zero.
  var microseconds: UInt64 {
    let parts = components
    guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
    return UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds / 1_000_000_000_000)
  }
}
