import Glibc

/// CPU time this process has used, all threads together.
enum CPUTime {
  /// Microseconds.
  static func ofProcess() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
  }
}
