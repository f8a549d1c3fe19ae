import CallCore
import LoadTest
import Testing

@Suite("Thresholds")
struct ThresholdTests {
  func totals(_ fill: (inout LoadTotals) -> Void) -> LoadTotals {
    var totals = LoadTotals()
    fill(&totals)
    return totals
  }

  @Test("the ways to write one")
  func written() throws {
    let latency = try Threshold("turn_latency.p95<1200ms")
    #expect(latency.figure == .turnLatency)
    #expect(latency.measure == "p95")
    #expect(latency.relation == .below)
    #expect(latency.limit == 1200)
    #expect(!latency.aborts)
    let seconds = try Threshold("turn_latency.p99 <= 1.5s abort")
    #expect(seconds.limit == 1500)
    #expect(seconds.aborts)
    #expect(seconds.text == "turn_latency.p99<=1.5s")
    let share = try Threshold("frames_late<1%:abort")
    #expect(share.isShare && share.aborts && share.limit == 1)
    #expect(try Threshold("failed==0").relation == .equal)
    #expect(try Threshold("server_rss<500MB").measure == "max")
    #expect(try Threshold("server_rss.growth<2%").isShare)
    #expect(try Threshold("server_cpu.max<=1.5").limit == 1.5)
    #expect(Threshold.usual.count == 4)
  }

  @Test(
    "what is wrong is named, with the remedy",
    arguments: [
      ("frames_late", "none of < <= == >= >"), ("frames_late=1", "none of"), ("", "none of"),
      ("latency<5", "there is no figure \"latency\"; there are turn_latency.p50|p90"),
      ("turn_latency.p42<5ms", "it has p50, p90, p95, p99, mean, max"), ("failed.p95<5", "write it without .p95"),
      ("turn_latency.p95<1200", "such as turn_latency.p95<1200ms"), ("failed<", "such as failed<=5 or failed<1%"),
      ("failed<5ms", "a count or a share"), ("server_rss<5", "such as server_rss.max<500MB"),
      ("server_rss.growth<5MB", "per cent"), ("server_cpu<-1", "a number"), ("failed<1e5", "a count"),
      ("turn_latency.p95<NaNms", "a time"),
    ])
  func faults(text: String, words: String) {
    let error = #expect(throws: ThresholdFault.self) { try Threshold(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("every figure can be written, and is in the list of those that are known", arguments: ThresholdFigure.allCases)
  func figures(figure: ThresholdFigure) throws {
    #expect(ThresholdFigure.known.contains(figure.rawValue))
    let limit = [.wait: "5ms", .count: "5", .number: "5", .memory: "5MB"][figure.sort] ?? ""
    #expect(try Threshold("\(figure.rawValue)<\(limit)").figure == figure)
  }

  @Test("counts and shares")
  func counts() throws {
    let totals = totals {
      $0.figures.offered = 200
      $0.figures.refused = 3
      $0.figures.failures = ["a": 1, "b": 1]
      $0.figures.framesReceived = 1000
      $0.figures.framesLate = 10
    }
    func finding(_ text: String) throws -> ThresholdFinding { ThresholdFinding(try Threshold(text), in: totals) }
    #expect(try finding("refused<=3").holds)
    #expect(try !finding("refused<3").holds)
    #expect(try finding("failed<=1%").holds)
    #expect(try !finding("failed<1%").holds)
    #expect(try finding("failed<1%").found == "1.00 %")
    #expect(try finding("frames_late<=1%").value == 1)
    #expect(try finding("frames_late>9").holds)
  }

  @Test("what was not measured does not hold")
  func nothing() throws {
    for text in ["turn_latency.p95<1200ms", "frames_late<1%", "server_cpu<4", "server_rss<9MB", "canary_latency<1s"] {
      let finding = ThresholdFinding(try Threshold(text), in: LoadTotals())
      #expect(!finding.holds)
      #expect(finding.found == "nothing measured")
    }
  }

  @Test("latencies")
  func latencies() throws {
    let totals = totals { for wait in 1...100 { $0.figures.turnLatency.add(.milliseconds(10 * wait)) } }
    func value(_ measure: String) throws -> Double? {
      ThresholdFinding(try Threshold("turn_latency.\(measure)<5s"), in: totals).value
    }
    for (measure, expected) in [("p50", 500.0), ("p95", 950), ("p99", 990), ("max", 1000), ("mean", 505)] {
      let found = try #require(try value(measure))
      #expect(abs(found - expected) <= expected / 500, "\(measure): \(found)")
    }
  }

  @Test("a count that has passed its limit is hopeless at once, without `abort` nobody minds")
  func lost() throws {
    let broken = totals {
      $0.figures.offered = 5
      $0.figures.refused = 1
    }
    var watch = ThresholdWatch([try Threshold("refused==0 abort")])
    #expect(watch.check(LoadTotals()) == nil)
    #expect(watch.check(broken)?.threshold.text == "refused==0")
    var blind = ThresholdWatch([try Threshold("refused==0")])
    #expect(blind.check(broken) == nil)
  }

  @Test("a percentile is hopeless after ten bad seconds on end, not after nine")
  func bad() throws {
    let slow = totals { $0.figures.turnLatency.add(.seconds(5)) }
    var watch = ThresholdWatch([try Threshold("turn_latency.p95<1s abort")])
    for _ in 0..<9 { #expect(watch.check(slow) == nil) }
    #expect(watch.check(LoadTotals()) == nil)
    for _ in 0..<9 { #expect(watch.check(slow) == nil) }
    #expect(watch.check(slow) != nil)
  }

  @Test("what is too little so far may still come")
  func little() throws {
    var watch = ThresholdWatch([try Threshold("completed>=100 abort")])
    for _ in 0..<60 { #expect(watch.check(LoadTotals()) == nil) }
  }

  @Test("memory and processor time of the server, under full load")
  func server() throws {
    let totals = totals { totals in
      for second in 1...20 {
        var sample = LoadSample(at: .seconds(second))
        sample.isFull = second > 10
        sample.serverCores = second > 10 ? 0.5 : 0.1
        sample.serverBytes = 100_000_000 + (second == 20 ? 10_000_000 : 0)
        totals.add(sample)
      }
    }
    func finding(_ text: String) throws -> ThresholdFinding { ThresholdFinding(try Threshold(text), in: totals) }
    #expect(try finding("server_cpu<1").value == 0.5)
    #expect(try finding("server_rss<120MB").value == 110)
    // The last fifth of ten readings: the mean of 100 and 110 MB.
    #expect(try finding("server_rss.growth<2%").value == 5)
  }
}
