import CallCore
import LoadTest
import Testing

@Suite("Times and rates as they are written")
struct WrittenTests {
  @Test(
    "times",
    arguments: [
      ("500ms", CallDuration.milliseconds(500)), ("30s", .seconds(30)), ("1.5s", .milliseconds(1500)),
      ("5m", .seconds(300)), ("2h", .seconds(7200)), ("168h", .seconds(604_800)),
    ])
  func times(text: String, time: CallDuration) { #expect(WrittenTime.parse(text) == time) }

  @Test("what is no time", arguments: ["", "5", "s", "-1s", "1e9s", "5 s", "169h", "1.2.3s", "9999999999999s"])
  func noTimes(text: String) { #expect(WrittenTime.parse(text) == nil) }

  @Test(
    "rates",
    arguments: [
      ("50/s", CallDuration.milliseconds(20)), ("50", .milliseconds(20)), ("0.5/s", .seconds(2)), ("30/m", .seconds(2)),
      ("3/s", .microseconds(333_333)),
    ])
  func rates(text: String, interval: CallDuration) { #expect(WrittenRate.interval(text) == interval) }

  @Test("what is no rate", arguments: ["", "0", "0/s", "-5/s", "5/x", "/s", "5/", "20000/s", "1/s/s"])
  func noRates(text: String) { #expect(WrittenRate.interval(text) == nil) }

  @Test("a rate in words is the one that was written", arguments: ["50", "0.5", "12.5", "1000"])
  func words(rate: String) throws {
    #expect(WrittenRate.text(interval: try #require(WrittenRate.interval(rate))) == rate)
  }

  @Test("times in words")
  func timeWords() {
    #expect(WrittenTime.text(.milliseconds(250)) == "250 ms")
    #expect(WrittenTime.text(.milliseconds(1500)) == "1.5 s")
    #expect(WrittenTime.text(.seconds(90)) == "90 s")
    #expect(WrittenTime.text(.seconds(600)) == "10 min")
    #expect(WrittenTime.text(.seconds(7200)) == "2 h")
  }

  @Test("numbers with decimals, rounded")
  func decimals() {
    #expect(LoadText.decimals(0.004, 2) == "0.00")
    #expect(LoadText.decimals(0.005, 2) == "0.01")
    #expect(LoadText.decimals(-0.001, 2) == "0.00")
    #expect(LoadText.decimals(-1.25, 1) == "-1.3")
    #expect(LoadText.decimals(12.0, 0) == "12")
    #expect(LoadText.decimals(.nan, 1) == "–")
    #expect(LoadText.clock(.seconds(3723)) == "1:02:03")
    #expect(LoadText.clock(.seconds(62)) == "1:02")
  }
}
