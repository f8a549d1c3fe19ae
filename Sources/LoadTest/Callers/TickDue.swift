/// Knows when the ticks of a loop were due, from when they came: they are a period apart, and none comes early.
struct TickDue {
  /// A tick that is later than so many periods follows a stall: ticks were left out, and the count begins anew.
  private static let stalledPeriods: UInt64 = 12

  private let period: UInt64
  /// When the present tick is due, as far as is known, in microseconds of the clock.
  private(set) var instant: UInt64 = 0

  /// - Parameter period: of the ticks, in microseconds.
  init(period: UInt64) { self.period = period }

  /// Called at the beginning of each tick.
  mutating func begin(at now: UInt64) {
    instant += period
    if now < instant || now - instant > period * Self.stalledPeriods { instant = now }
  }
}
