import Glibc
import WebSockets

/// Lets a loop of many calls rest until shortly before its next tick.
///
/// libwebsockets asks the kernel about every socket, with `poll`, each time that one of them has something to read. With a thousand calls that is
/// most of what a loop does. A loop that rests between its ticks finds many sockets readable at once and asks once for all of them.
/// What arrives is read at most one tick later.
struct TickRest {
  /// How long before the next tick the rest ends, in microseconds. A thread wakes about 70 µs late; what has come meanwhile is then read
  /// first, and the tick is there when that is done.
  private static let reserve: UInt64 = 100
  /// A tick that is later than so many periods follows a stall: ticks were left out, and the count begins anew.
  private static let stalledPeriods: UInt64 = 12

  private let period: UInt64
  /// When the present tick is due, as far as is known, in microseconds: ticks are a period apart, and none comes early.
  private(set) var due: UInt64 = 0

  /// - Parameter period: of the ticks, in microseconds.
  init(period: UInt64) { self.period = period }

  /// Called at the beginning of each tick.
  mutating func begin(at now: UInt64) {
    due += period
    if now < due || now - due > period * Self.stalledPeriods { due = now }
  }

  /// Called at the end of each tick. Does nothing when the next one is due already.
  func rest() {
    let end = due + period - Self.reserve
    guard MonotonicClock.now() < end else { return }
    var wake = timespec(tv_sec: Int(end / 1_000_000), tv_nsec: Int(end % 1_000_000) * 1000)
    clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &wake, nil)
  }
}
