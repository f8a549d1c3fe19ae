import CallCore
import JSON
import LoadTest
import Simulation
import Testing

@Suite("Loads of several generators")
struct LoadMergeTests {
  private static let plan = ArrivalPlan.ramp(to: 7, every: .milliseconds(100), hold: .seconds(10))

  /// Totals of one generator after so many seconds, each with one turn of each wait.
  private func totals(_ seconds: Int, waits: [Int], perSecond calls: Int = 2, ownLate: Int = 0) -> LoadTotals {
    var totals = LoadTotals()
    for second in 1...seconds {
      var recent = LatencyRecord()
      for wait in waits { recent.add(.milliseconds(wait * second)) }
      totals.figures.turnLatency.add(recent)
      totals.figures.turns += waits.count
      totals.figures.offered += calls
      totals.figures.refused += 1
      totals.figures.refusals = ["engine-share": second]
      totals.figures.failures = [:]
      totals.figures.framesSent += 1000
      totals.figures.framesSentLate += ownLate
      totals.figures.framesReceived += 500
      var sample = LoadSample(at: .microseconds(Int64(second) * 1_000_000 + 4321))
      sample.latencyCounts = recent.counts
      (sample.active, sample.connecting, sample.generatorCores) = (calls * second, 1, 0.25)
      totals.add(sample)
    }
    totals.canaries.passed = seconds
    totals.canaries.latency.add(.milliseconds(600))
    totals.canaries.add(reason: "a \"reason\"")
    totals.givenUp = 3
    return totals
  }

  private func told(_ seconds: Int, waits: [Int], ownLate: Int = 0) throws -> [LoadSecond] {
    try (1...seconds).map { number in
      let second = LoadSecond(totals(number, waits: waits, ownLate: ownLate), after: number - 1)
      return try LoadSecond(reading: try #require(second).bytes)
    }
  }

  /// Puts together what there is.
  /// - Returns: so many seconds.
  private func merged(_ merge: inout LoadMerge) -> Int {
    var seconds = 0
    while merge.mergeNext() { seconds += 1 }
    return seconds
  }

  private func merged(_ merge: LoadMerge) throws -> LoadResult {
    let threshold = try Threshold("refused<=100")
    return merge.result { totals in
      LoadResult(
        url: "ws://host/v1/call", plan: "up to 7", mix: [], seed: 1, startedAtUnixMicroseconds: 0,
        duration: .seconds(10), ending: .finished, totals: totals,
        findings: [ThresholdFinding(threshold, in: totals)], loops: 2)
    }
  }

  @Test("all parts together are the calls of the whole, whatever their number", arguments: 1...9)
  func segments(count: Int) {
    for plan in [
      Self.plan, .steps([3, 9, 2], every: .milliseconds(70), hold: .seconds(1)),
      .constant(every: .milliseconds(30), for: .seconds(9), callsMax: 400),
      .poisson(every: .milliseconds(30), for: .seconds(9), callsMax: 400, seed: 5),
    ] {
      var whole = ArrivalSchedule(plan: plan)
      var parts = (0..<count).map { ArrivalSchedule(plan: plan, segment: LoadSegment($0, of: count)) }
      for step in 0..<1000 {
        let time = CallDuration.milliseconds(step * 10)
        _ = whole.beginDue(at: time, up: whole.begun, over: 0)
        for index in parts.indices { _ = parts[index].beginDue(at: time, up: parts[index].begun, over: 0) }
        #expect(parts.map(\.begun).reduce(0, +) == whole.begun)
      }
      #expect(whole.begun > 6)
    }
  }

  @Test("a histogram comes back as it was from its counts, and other counts are refused")
  func counts() {
    var record = LatencyRecord()
    for wait in 0..<2000 { record.add(.microseconds(Int64(wait * wait * 25))) }
    var copy = LatencyRecord()
    let isTaken = copy.add(counts: record.counts)
    #expect(isTaken)
    #expect(copy.counts == record.counts && copy.count == 2000)
    for share in [0.1, 1, 50, 90, 95, 99, 99.9, 100] { #expect(copy.percentile(share) == record.percentile(share)) }
    #expect(copy.longest == record.longest && copy.mean == record.mean)
    #expect(LatencyRecord().counts.isEmpty)
    for bad in [[1], [1, 0], [1, -1], [-1, 1], [1_200_001, 1], [1, 5_000_000_000]] {
      var empty = LatencyRecord()
      let isTaken = empty.add(counts: bad)
      #expect(!isTaken, "\(bad)")
    }
  }

  @Test("counts and histograms are added up, and percentiles are those of the whole")
  func sums() throws {
    let waits = [[500, 900], [700]]
    var merge = LoadMerge(Self.plan, generators: ["a", "b"])
    var whole = LatencyRecord()
    for (index, waits) in waits.enumerated() {
      whole.add(totals(10, waits: waits).figures.turnLatency)
      for second in try told(10, waits: waits) { merge.add(second, of: index) }
      merge.end(index)
    }
    var seconds = 0
    while merge.mergeNext(servers: { (1.5, 7) }) { seconds += 1 }
    #expect(seconds == 10 && merge.isOver)
    let result = try merged(merge)
    #expect(result.totals.figures.turnLatency.counts == whole.counts)
    #expect(result.totals.figures.offered == 40 && result.totals.figures.turns == 30)
    #expect(result.totals.figures.refusals == ["engine-share": 20])
    #expect(result.totals.canaries.passed == 20 && result.totals.canaries.latency.count == 2)
    #expect(result.totals.canaries.reasons == ["a \"reason\"", "a \"reason\""])
    #expect(result.totals.givenUp == 6)
    let last = try #require(result.totals.samples.last)
    #expect(last.at == .seconds(10) && last.active == 40 && last.turns == 3 && last.framesSent == 2000)
    #expect(last.generatorCores == 0.5 && last.serverCores == 1.5 && last.serverBytes == 7 && last.isFull)
    var tenth = LatencyRecord()
    for wait in [5000, 7000, 9000] { tenth.add(.milliseconds(wait)) }
    #expect(last.latencyP50 == tenth.percentile(50) && last.latencyP95 == tenth.percentile(95))
    #expect(result.generators.map(\.offered) == [20, 20] && result.verdict == .passed)
  }

  @Test("a second waits until every generator has told it, and one that comes twice counts once")
  func order() throws {
    var merge = LoadMerge(Self.plan, generators: ["a", "b"])
    for second in try told(3, waits: [500]) { merge.add(second, of: 0) }
    #expect(merged(&merge) == 0)
    let second = try told(1, waits: [500])[0]
    merge.add(second, of: 1)
    merge.add(second, of: 1)
    #expect(merged(&merge) == 1)
    #expect(merge.totals.figures.offered == 4 && merge.totals.figures.turnLatency.count == 2)
    merge.end(1)
    #expect(merged(&merge) == 2)
    // No call is up of one that tells nothing more.
    #expect(merge.totals.samples.last?.active == 6)
  }

  @Test("a generator that was held up tells one second for several, and none is missing")
  func heldUp() throws {
    var merge = LoadMerge(Self.plan, generators: ["a", "b"])
    let seconds = try told(4, waits: [500])
    for second in seconds { merge.add(second, of: 0) }
    let late = try #require(LoadSecond(totals(3, waits: [500]), after: 1))
    #expect(late.number == 3 && late.covered == 2)
    for second in [seconds[0], late, seconds[3]] { merge.add(second, of: 1) }
    for index in 0...1 { merge.end(index) }
    while merge.mergeNext() {}
    #expect(try merged(merge).verdict == .passed && merge.totals.samples.map(\.active) == [4, 6, 12, 16])
  }

  @Test("what is lost, late, missing or told as a fault makes the load invalid and is named")
  func problems() throws {
    let clean = try told(2, waits: [500])
    func problem(_ change: (inout LoadMerge) -> Void) throws -> String {
      var merge = LoadMerge(Self.plan, generators: ["a", "host-7"])
      for second in clean { merge.add(second, of: 0) }
      change(&merge)
      for index in 0...1 { merge.end(index) }
      while merge.mergeNext() {}
      let result = try merged(merge)
      #expect(result.verdict == .invalid && result.verdictText.contains(result.problems[0]))
      #expect(LoadJUnit.text(of: result).contains("host-7") && LoadHTML.text(of: result).contains("host-7"))
      return result.problems.joined(separator: "; ")
    }
    #expect(try problem { $0.end(1, .lost) } == "generator host-7 was lost")
    #expect(try problem { $0.end(1, .failed("no voice")) } == "generator host-7 could not go on: no voice")
    #expect(
      try problem { $0.begin(1, clockError: .seconds(1), lateness: .zero) }
        == "the clock of generator host-7 is known to 1000 ms only")
    #expect(
      try problem { $0.begin(1, clockError: .zero, lateness: .milliseconds(1001)) }
        == "generator host-7 started 1001 ms late")
    #expect(try problem { $0.add(clean[1], of: 1) } == "1 second of generator host-7 never came")
    let late = try told(2, waits: [500], ownLate: 11)
    #expect(
      try problem { merge in for second in late { merge.add(second, of: 1) } }
        == "1.1 % of the own frames of generator host-7 left over 20 ms late")
  }

  @Test("a second that cannot be read is refused with the member")
  func badSeconds() throws {
    let good = try #require(LoadSecond(totals(1, waits: [500]), after: 0)).bytes
    let text = String(decoding: good, as: UTF8.self)
    for (from, to, fault) in [
      ("\"second\":1", "\"second\":0", "second.second"), ("\"latency\":[", "\"latency\":[1,", "second.latency"),
      ("\"offered\":2", "\"offered\":-2", "second.figures.offered"), ("\"canaries\"", "\"canary\"", "second.canaries"),
      ("\"reasons\"", "\"reason\"", "second.canaries.reasons"), ("{\"second\"", "[", "second"),
    ] {
      let bad = text.replacing(from, with: to, maxReplacements: 1)
      #expect(bad != text)
      let error = #expect(throws: WireFault.self) { try LoadSecond(reading: Array(bad.utf8)) }
      #expect(error?.message.hasPrefix(fault) == true, "\(error?.message ?? "")")
    }
  }
}

@Suite("Reports of load tests that are put together")
struct LoadReportMergeTests {
  private func report(_ name: String, _ result: LoadResult) throws -> LoadReport {
    try LoadReport(reading: LoadJSON.bytes(of: result), named: name)
  }

  @Test("one report alone comes back with the same figures")
  func alone() throws {
    let result = try LoadReportTests.result()
    let copy = LoadReportMerge.merged([try report("out", result)])
    #expect(copy.totals.figures.turnLatency.counts == result.totals.figures.turnLatency.counts)
    #expect(copy.totals.figures.failures == result.totals.figures.failures)
    #expect(copy.totals.samples.map(\.active) == result.totals.samples.map(\.active))
    #expect(copy.findings == result.findings && copy.verdict == result.verdict && copy.duration == result.duration)
    #expect(copy.startedAtUnixMicroseconds == result.startedAtUnixMicroseconds && copy.seed == 7)
    #expect(copy.generators.map(\.name) == ["out"] && copy.generators[0].offered == 130)
    let rows = try [copy, result].map { try JSONValue(parsing: LoadJSON.bytes(of: $0))["turnLatency"] }
    let isSame = rows[0] == rows[1] && rows[0] != nil
    #expect(isSame)
  }

  @Test("of two, counts and histograms are the sums, and thresholds are judged anew")
  func two() throws {
    let result = try LoadReportTests.result()
    var short = result
    short.totals.samples.removeLast(20)
    short.url = "ws://other/v1/call"
    let both = LoadReportMerge.merged([try report("a", result), try report("b", short)])
    var whole = result.totals.figures.turnLatency
    whole.add(result.totals.figures.turnLatency)
    #expect(both.totals.figures.turnLatency.counts == whole.counts && both.totals.figures.offered == 260)
    #expect(both.totals.figures.refusals == ["engine-share": 6, "all 9 lines are busy": 2])
    #expect(both.totals.samples.count == 60)
    #expect(both.totals.samples[39].active == 80 && both.totals.samples[40].active == 41)
    #expect(both.totals.samples[59].offered == 120 + 80)
    // 4 of each were refused, and at most 5 may be.
    #expect(both.findings.map(\.holds) == [true, false] && both.verdict == .failed)
    #expect(both.url == "ws://127.0.0.1:1/v1/call + ws://other/v1/call" && both.plan == "up to 60")
    // And once more, of what was put together.
    let again = LoadReportMerge.merged([try report("both", both), try report("c", result)])
    #expect(again.totals.figures.offered == 390 && again.generators.map(\.name) == ["a", "b", "c"])
  }

  @Test("one that is invalid makes the whole invalid, and is named")
  func invalid() throws {
    let good = try LoadReportTests.result()
    let both = LoadReportMerge.merged([
      try report("good", good), try report("late", try LoadReportTests.result(ownLate: 2000)),
    ])
    #expect(both.verdict == .invalid)
    #expect(both.problems == ["2.0 % of the own frames of generator late left over 20 ms late"])
    let again = LoadReportMerge.merged([try report("both", both)])
    #expect(again.problems == both.problems)
  }

  @Test("what is no report is refused with the member")
  func bad() throws {
    let text = String(decoding: LoadJSON.bytes(of: try LoadReportTests.result()), as: UTF8.self)
    for (from, to, fault) in [
      ("\"metricsVersion\":2", "\"metricsVersion\":1", "out.metricsVersion"),
      ("\"counts\":[5003", "\"counts\":[-5003", "out.turnLatency.counts"),
      (
        "\"counts\":[5003", "\"count5\":[5003",
        "out.turnLatency.counts: expected every wait; this report was written by an older"
      ),
      ("\"offered\":130", "\"offered\":\"130\"", "out.calls.offered"),
      ("\"kind\":\"finished\"", "\"kind\":\"ended\"", "out.endedBy.kind"),
      ("turn_latency.p95<1200ms", "turn_latency<", "out.thresholds"), ("{\"metricsVersion\"", "[", "out: no JSON"),
      ("\"metricsVersion\"", "\"capacity\":3,\"metricsVersion\"", "out: a search"),
      ("\"verdict\":\"passed\"", "\"verdict\":\"invalid\"", "out.verdict"),
    ] {
      let changed = text.replacing(from, with: to, maxReplacements: 1)
      let isChanged = changed != text
      #expect(isChanged, "\(from)")
      let error = #expect(throws: WireFault.self) {
        _ = try LoadReport(reading: Array(changed.utf8), named: "out")
      }
      #expect(error?.message.hasPrefix(fault) == true, "\(error?.message ?? "")")
    }
  }
}
