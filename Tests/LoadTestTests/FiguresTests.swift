import CallCore
import LoadTest
import Testing

@Suite("Figures of a load")
struct FiguresTests {
  @Test("percentiles are the waits themselves, to 0.1 ms or 0.1 %")
  func percentiles() throws {
    var record = LatencyRecord()
    let waits = (0..<1000).map { CallDuration.microseconds(Int64($0) * 1_370 + 50) }
    for wait in waits.reversed() { record.add(wait) }
    for share in [1.0, 50, 95, 99, 99.9, 100] {
      let exact = waits[max(Int((Double(waits.count) * share / 100).rounded(.up)) - 1, 0)]
      let found = try #require(record.percentile(share))
      let slack = max(exact.microseconds / 1000, 100)
      #expect(abs(found.microseconds - exact.microseconds) <= slack, "p\(share): \(found) for \(exact)")
    }
    #expect(record.count == 1000)
  }

  @Test("nothing, negative and endless waits")
  func edges() throws {
    var record = LatencyRecord()
    #expect(record.percentile(50) == nil && record.mean == nil && record.longest == nil)
    record.add(.milliseconds(-5))
    #expect(record.percentile(50) == .zero)
    record.add(.seconds(100_000))
    #expect(try #require(record.longest) >= .seconds(120))
    #expect(try #require(record.longest) < .seconds(121))
    record.reset()
    #expect(record.count == 0)
  }

  @Test("stretches of time add up")
  func sums() {
    var one = LoadFigures()
    one.offered = 3
    one.failures = ["gone": 1]
    one.refusals = ["lines": 1]
    one.turnLatency.add(.milliseconds(100))
    var other = LoadFigures()
    other.offered = 4
    other.refused = 1
    other.refusals = ["engine-share": 2, "lines": 1]
    other.failures = ["gone": 1, "late": 2]
    other.turnLatency.add(.milliseconds(300))
    one += other
    #expect(one.offered == 7 && one.refused == 1 && one.failed == 4 && one.over == 5)
    #expect(one.failures == ["gone": 2, "late": 2])
    #expect(one.refusals == ["lines": 2, "engine-share": 2])
    #expect(one.commonestRefusal == "engine-share", "of as many the first by name")
    #expect(one.turnLatency.count == 2)
    one.reset()
    #expect(one.refusals.isEmpty && one.commonestRefusal == nil)
    #expect(one.offered == 0 && one.failed == 0 && one.turnLatency.count == 0)
  }

  @Test("a run longer than a day keeps its whole course, every other second of it")
  func long() {
    var totals = LoadTotals()
    for second in 1...(LoadTotals.samplesMax + 1) { totals.add(LoadSample(at: .seconds(second))) }
    #expect(totals.samples.count == LoadTotals.samplesMax / 2 + 1)
    #expect(totals.samples.first?.at == .seconds(2))
    #expect(totals.samples.last?.at == .seconds(LoadTotals.samplesMax + 1))
  }
}
