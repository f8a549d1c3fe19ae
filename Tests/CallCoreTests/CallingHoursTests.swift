import CallCore
import Testing

@Suite("Calling hours")
struct CallingHoursTests {
  /// Monday, 2 March 2026, 00:00 UTC.
  private static let monday: Int64 = 1_772_409_600_000_000

  private static func at(day: Int = 0, _ hour: Int, _ minute: Int = 0) -> Int64 {
    monday + Int64((day * 24 + hour) * 60 + minute) * 60_000_000
  }

  @Test(
    "calls are placed within the hours, and how long it is until then is known",
    arguments: [
      (at(9), nil), (at(17, 59), nil), (at(18), 15 * 3600), (at(8, 59), 60), (at(0), 9 * 3600),
      (at(day: 4, 17), nil), (at(day: 4, 18), 63 * 3600), (at(day: 5, 12), 45 * 3600),
      (at(day: 6, 23, 30), 9 * 3600 + 1800),
    ] as [(Int64, Int?)])
  func weekdays(instant: Int64, seconds: Int?) {
    let hours = CallingHours(days: Set(1...5), start: 540, end: 1080, utcOffsetMinutes: 0)
    #expect(hours.wait(at: instant) == seconds.map { .seconds($0) })
  }

  @Test("hours are those of the place, also on the other side of midnight and before 1970")
  func offsets() {
    let east = CallingHours(days: [1], start: 540, end: 600, utcOffsetMinutes: 840)
    #expect(east.wait(at: Self.at(day: -1, 19)) == nil)
    #expect(east.wait(at: Self.at(day: -1, 18, 59)) == .seconds(60))
    let west = CallingHours(days: [1], start: 1380, end: 1440, utcOffsetMinutes: -720)
    #expect(west.wait(at: Self.at(day: 1, 11)) == nil)
    #expect(west.wait(at: Self.at(day: 1, 12)) == .seconds(6 * 86_400 + 23 * 3600))
    #expect(CallingHours.always.wait(at: Self.at(3)) == nil)
    #expect(CallingHours.always.wait(at: -1) == nil)
    #expect(CallingHours(days: [3], start: 1439, end: 1440, utcOffsetMinutes: 0).wait(at: -1) == nil)
  }
}
