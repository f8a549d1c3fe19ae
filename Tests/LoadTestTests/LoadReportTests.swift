import CallCore
import JSON
import LoadTest
import Page
import Simulation
import Testing
import WebSockets

@Suite("Reports of a load test")
struct LoadReportTests {
  /// A run of a minute with a second without turns.
  static func result(ownLate: Int = 0, broken: Bool = false) throws -> LoadResult {
    var totals = LoadTotals()
    totals.figures.offered = 130
    totals.figures.accepted = 120
    totals.figures.refused = 4
    totals.figures.refusals = ["engine-share": 3, "all 9 lines are busy": 1]
    totals.figures.failures = ["broken off <1006> & gone": 2]
    totals.figures.completed = 110
    totals.figures.turns = 600
    for wait in 0..<600 { totals.figures.turnLatency.add(.milliseconds(500 + wait)) }
    totals.figures.framesReceived = 100_000
    totals.figures.framesLate = 50
    totals.figures.framesSent = 100_000
    totals.figures.framesSentLate = ownLate
    for second in 1...60 {
      var sample = LoadSample(at: .seconds(second))
      (sample.active, sample.offered, sample.turns) = (second, second * 2, second == 30 ? 0 : 10)
      if second != 30 { (sample.latencyP50, sample.latencyP95) = (.milliseconds(500 + second), .milliseconds(900)) }
      (sample.framesReceived, sample.framesSent) = (1000, 1000)
      (sample.serverCores, sample.serverBytes) = (0.5, 160_000_000 + second)
      totals.add(sample)
    }
    totals.canaries.passed = 2
    totals.canaries.add(reason: "book/tomorrow: <script>alert(1)</script>")
    let thresholds = try ["turn_latency.p95<1200ms", broken ? "refused==0" : "refused<=5"].map { try Threshold($0) }
    return LoadResult(
      url: "ws://127.0.0.1:1/v1/call", plan: "up to 60", mix: [("book/tomorrow", 3)], seed: 7,
      startedAtUnixMicroseconds: 1_790_000_000_000_000, duration: .seconds(60), ending: .finished, totals: totals,
      findings: thresholds.map { ThresholdFinding($0, in: totals) }, loops: 1)
  }

  @Test("JSON: everything that was counted, and a row for each second")
  func json() throws {
    let document = try JSONValue(parsing: LoadJSON.bytes(of: Self.result()))
    #expect(document.text(at: "verdict") == "passed")
    #expect(document["calls"]?["failed"] == .integer(2))
    #expect(document["calls"]?["refusals"]?["engine-share"] == .integer(3))
    #expect(document["turnLatency"]?["count"] == .integer(600))
    guard case .array(let seconds)? = document["seconds"] else {
      Issue.record("no seconds")
      return
    }
    #expect(seconds.count == 60)
    #expect(seconds[29]["p50Ms"] == nil)
    #expect(seconds[30]["p50Ms"] == .integer(531))
  }

  @Test("the summary and a search's row say why calls were refused")
  func refusals() throws {
    let result = try Self.result()
    let texts = result.summaryRows.map(\.text)
    #expect(texts.contains("3 × refused: engine-share") && texts.contains("1 × refused: all 9 lines are busy"))
    var search = CapacitySearch(start: 60, callsMax: 100)
    search.recordRun(held: false)
    let probe = try #require(search.probes.first)
    #expect(CapacityResult.row(probe, result).contains("4 engine-share"))
  }

  @Test(
    "a refusal names the limit, or says what its server wrote, or nothing",
    arguments: [
      (#"{"detail":"engine-share: the speech engines were busy"}"#, "engine-share"),
      (#"{"detail":"all 9 lines are busy"}"#, "all 9 lines are busy"),
      (#"{"detail":"\u001b[31mBusy: come again"}"#, "31mBusy come again"),
      (#"{"title":"Service Unavailable"}"#, nil), ("busy", nil), ("", nil),
    ])
  func refusalReason(body: String, reason: String?) {
    let end = CallEnd(.refused(status: 503, retryAfterSeconds: 3, body: Array(body.utf8)))
    #expect(end == .refused(retryAfterSeconds: 3, reason: reason))
    #expect(CallEnd(.refused(status: 500, retryAfterSeconds: nil, body: Array(body.utf8))) == .failed("status 500"))
  }

  @Test(
    "JSON: why a run ended, as one text and in parts",
    arguments: [
      (LoadResult.Ending.finished, "finished", "finished", String?.none),
      (.aborted("failed==0"), "aborted: failed==0", "aborted", "failed==0"),
      (.targetGone, "target-gone", "target-gone", nil),
    ])
  func ending(ending: LoadResult.Ending, text: String, kind: String, threshold: String?) throws {
    var result = try Self.result()
    result.ending = ending
    let document = try JSONValue(parsing: LoadJSON.bytes(of: result))
    #expect(document.text(at: "ending") == text)
    #expect(document.text(at: "endedBy.kind") == kind && document.text(at: "endedBy.threshold") == threshold)
  }

  @Test(
    "the unit of a threshold is that of its limit",
    arguments: [
      ("turn_latency.p95<1.2s", "ms"), ("frames_late<1%", "%"), ("server_rss.growth<2%", "%"),
      ("server_rss.max<500MB", "MB"), ("failed==0", nil), ("server_cpu.max<2", nil),
    ])
  func units(text: String, unit: String?) throws { #expect(try Threshold(text).unit == unit) }

  @Test("CSV: a head, a line for each second, as many cells in each")
  func csv() throws {
    let lines = LoadCSV.text(of: try Self.result().totals.samples).split(separator: "\r\n")
    #expect(lines.count == 61)
    #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }) == [18])
    #expect(lines[30].hasPrefix("30.000,30,0,60,0,0,0,0,,,,"))
    #expect(lines[1].hasPrefix("1.000,1,0,2,0,0,0,10,501,900,,1000,0,1000,0,0.500,160000001,"))
  }

  @Test("JUnit: a case for each threshold and one for the generator; what is not kept fails")
  func junit() throws {
    let good = LoadJUnit.text(of: try Self.result())
    #expect(good.contains("tests=\"3\" failures=\"0\" errors=\"0\""))
    #expect(good.contains("name=\"turn_latency.p95&lt;1200ms\""))
    let bad = LoadJUnit.text(of: try Self.result(broken: true))
    #expect(bad.contains("failures=\"1\"") && bad.contains("<failure type=\"refused\" message=\"found 4\">"))
    let late = LoadJUnit.text(of: try Self.result(ownLate: 5000, broken: true))
    #expect(late.contains("failures=\"0\" errors=\"3\""))
  }

  @Test("the page: charts, nothing fetched, nothing run, and what others said stays text")
  func html() throws {
    let page = LoadHTML.text(of: try Self.result())
    #expect(page.contains("<svg") && page.contains("Turn latency"))
    #expect(page.contains(LoadHTML.policy.replacing("'", with: "&#39;")))
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("&lt;script&gt;") && page.contains("broken off &lt;1006&gt; &amp; gone"))
    #expect(page.contains("<style>\(LoadHTML.style.text)</style>") && LoadHTML.policy.contains(LoadHTML.style.digest))
    // The second without turns leaves a hole in the line: two strokes.
    let stroke = try #require(page.firstMatch(of: /series four" d="([^"]+)"/)).1
    #expect(stroke.split(separator: "M").count == 2)
  }

  @Test("the verdict: a late generator measures nothing, a broken threshold fails")
  func verdict() throws {
    #expect(try Self.result().verdict == .passed)
    #expect(try Self.result(broken: true).verdict == .failed)
    #expect(try Self.result(ownLate: 1000).verdict == .passed)
    #expect(try Self.result(ownLate: 1001, broken: true).verdict == .invalid)
    // A count of fewer than ten is no share.
    var short = try Self.result(ownLate: 9)
    short.totals.figures.framesSent = 100
    #expect(short.verdict == .passed)
    short.totals.figures.framesSentLate = 10
    #expect(short.verdict == .invalid)
    var gone = try Self.result()
    gone.ending = .targetGone
    #expect(gone.verdict == .failed)
    gone.totals.figures.accepted = 0
    #expect(gone.verdict == .unreachable)
    var aborted = try Self.result()
    aborted.ending = .aborted("failed==0")
    #expect(aborted.verdict == .failed)
  }

  @Test("lines for the terminal")
  func lines() throws {
    let result = try Self.result(broken: true)
    #expect(result.verdictText == "Failed: 1 of 2 thresholds was not kept.")
    #expect(result.summaryRows.contains { $0.text == "2 × broken off <1006> & gone" })
    var totals = result.totals
    totals.planDuration = .seconds(60)
    let line = totals.progressLine
    #expect(line.hasPrefix("1:00 · 60 up · 120 begun"))
    #expect(line.contains("server 0.50 cores, 160 MB"))
    #expect(totals.progressRows.first?.text == "1:00 of 1:00")
  }

  @Test("axes end at round numbers with three to six steps", arguments: [0.0, 1, 3.7, 399, 401, 1_234, 99_999, 1e7])
  func axes(highest: Double) {
    let axis = ChartScale.axis(to: highest, least: 400)
    #expect(axis.top >= max(highest, 400))
    #expect((3...6).contains((axis.top / axis.step).rounded()))
  }
}
