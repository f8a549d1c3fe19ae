/// When people may be called: some hours of some days of the week, at a fixed distance from UTC. A value that is told the time.
public struct CallingHours: Sendable, Equatable {
  /// Days of the week on which calls are placed: 1 is Monday, 7 Sunday (ISO 8601); at least one.
  public var days: Set<Int>
  /// Minutes of the day from which calls are placed: 0 … 1439.
  public var start: Int
  /// Minutes of the day from which no call is placed any more: beyond `start`, at most 1440.
  public var end: Int
  /// How many minutes the clocks there are ahead of UTC: −720 … 840. Summer time is not known here.
  public var utcOffsetMinutes: Int

  /// Any day and hour.
  public static let always = CallingHours(days: Set(1...7), start: 0, end: 1440, utcOffsetMinutes: 0)
  /// What clocks are ahead of UTC or behind it anywhere.
  public static let utcOffsets = -720...840

  package init(days: Set<Int>, start: Int, end: Int, utcOffsetMinutes: Int) {
    self.days = days
    self.start = start
    self.end = end
    self.utcOffsetMinutes = utcOffsetMinutes
  }

  private static let minute: Int64 = 60_000_000
  private static let minutesOfDay: Int64 = 1440

  /// - Parameter instant: microseconds since 1970 UTC.
  /// - Returns: how long it is until calls may be placed, at most eight days; `nil`: they may be placed now.
  public func wait(at instant: Int64) -> CallDuration? {
    let local = Self.floor(instant, Self.minute) + Int64(utcOffsetMinutes)
    let (day, minute) = (Self.floor(local, Self.minutesOfDay), Int(Self.remainder(local, Self.minutesOfDay)))
    if days.contains(Self.weekday(day)), minute >= start, minute < end { return nil }
    for ahead in 0...7 where days.contains(Self.weekday(day + Int64(ahead))) {
      guard ahead > 0 || minute < start else { continue }
      let opening = ((day + Int64(ahead)) * Self.minutesOfDay + Int64(start - utcOffsetMinutes)) * Self.minute
      return .microseconds(opening - instant)
    }
    return .seconds(8 * 86_400)
  }

  /// The first of January 1970 was a Thursday.
  private static func weekday(_ day: Int64) -> Int { Int(remainder(day + 3, 7)) + 1 }

  private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
    (number - remainder(number, divisor)) / divisor
  }

  private static func remainder(_ number: Int64, _ divisor: Int64) -> Int64 {
    let rest = number % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
