import CallCore
import Glibc

/// The instant at which a wait ends, on `CLOCK_MONOTONIC`.
struct Deadline: Comparable {
  /// Microseconds.
  let at: UInt64

  private init(at: UInt64) { self.at = at }

  /// - Parameter span: from now; negative counts as none.
  static func after(_ span: CallDuration) -> Deadline { Deadline(at: now + UInt64(max(span.microseconds, 0))) }

  /// It has come.
  var isOver: Bool { Self.now >= at }

  /// For poll(2): rounded up, so that nobody spins through the last millisecond.
  var milliseconds: Int32 { Int32(clamping: (at - min(Self.now, at) + 999) / 1000) }

  /// For pthread_cond_timedwait(3).
  var time: timespec { timespec(tv_sec: Int(at / 1_000_000), tv_nsec: Int(at % 1_000_000) * 1000) }

  static func < (left: Deadline, right: Deadline) -> Bool { left.at < right.at }

  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}
