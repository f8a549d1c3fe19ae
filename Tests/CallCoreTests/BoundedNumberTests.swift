import CallCore
import Testing

@Suite("Numbers that others chose")
struct BoundedNumberTests {
  @Test("floating point becomes the nearest whole number, and ends nothing where there is none")
  func nearest() {
    let greatest = 1 << 53
    let given: [Double] = [0, 1.4, 2.5, -2.5, 1e300, -1e300, .infinity, -.infinity, .nan, 0x1p53, 0x1p62]
    let wanted = [0, 1, 3, -3, greatest, -greatest, greatest, -greatest, 0, greatest, greatest]
    #expect(given.map { Int(nearest: $0) } == wanted)
  }

  @Test("figures of other servers add up to the greatest number at most")
  func usage() {
    var sum = UsageCounts()
    sum.calls = 7
    sum.callTime = .microseconds(.max - 1)
    var other = UsageCounts()
    other.calls = .max
    other.callTime = .seconds(1)
    other.turns = 3
    sum += other
    #expect(sum.calls == .max && sum.callTime == .microseconds(.max) && sum.turns == 3)
  }

  @Test("a day is written in digits alone", arguments: ["+123-01-02", "2026-+1-02", "２０２６-01-02", "2026-1\u{301}2-02"])
  func day(text: String) { #expect(CalendarDate(text) == nil) }
}
