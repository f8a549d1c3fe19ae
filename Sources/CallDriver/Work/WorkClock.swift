import Glibc

/// The clock of worker threads: `CLOCK_MONOTONIC` in microseconds, the same one as the loops'.
enum WorkClock {
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}
