import CallCore
public import JSON

/// A load test as one JSON object. Times are whole milliseconds; what was not measured is `null`.
public enum LoadJSON {
  /// UTF-8.
  public static func bytes(of result: LoadResult) -> [UInt8] {
    var writer = JSONWriter(reserving: 4096 + result.totals.samples.count * 320)
    writer.object { write(result, to: &$0) }
    return writer.bytes
  }

  /// A search for the highest load: what was found, and each run in full.
  public static func bytes(of search: CapacityResult) -> [UInt8] {
    var writer = JSONWriter(reserving: 65_536)
    writer.object { writer in
      writer.field("metricsVersion", LoadResult.metricsVersion)
      writer.field("capacity", search.capacity)
      writer.field("callsMax", search.callsMax)
      writer.field("isBroken", search.isBroken)
      writer.objects("runs", search.runs) { writer, run in
        writer.field("calls", run.probe.calls)
        writer.field("held", run.probe.held)
        writer.field("isConfirmation", run.probe.isConfirmation)
        writer.object("result") { write(run.result, to: &$0) }
      }
    }
    return writer.bytes
  }

  /// The members of that object, to be written into another.
  /// - Parameter hasSeconds: whether its seconds are written, and every wait of the histograms: what `voiceforge merge` needs.
  public static func write(_ result: LoadResult, hasSeconds: Bool = true, to writer: inout JSONWriter) {
    writer.field("metricsVersion", LoadResult.metricsVersion)
    writer.field("verdict", result.verdict.rawValue)
    let (ending, threshold) = result.ending.parts
    writer.field("ending", threshold.map { "\(ending): \($0)" } ?? ending)
    writer.object("endedBy") { writer in
      writer.field("kind", ending)
      writer.field("threshold", threshold)
    }
    writer.field("target", result.url)
    writer.field("plan", result.plan)
    writer.field("seed", String(result.seed))
    if result.startedAtUnixMicroseconds != 0 {
      writer.field("startedAt", UTCTime.text(unixMicroseconds: result.startedAtUnixMicroseconds))
    }
    writer.field("durationMs", result.duration.milliseconds)
    writer.objects("cases", result.mix) { writer, one in
      writer.field("id", one.id)
      writer.field("weight", one.weight)
    }
    writer.objects("thresholds", result.findings) { writer, finding in
      writer.field("threshold", finding.threshold.text)
      writer.field("holds", finding.holds)
      writer.field("found", finding.found)
    }
    write(result.totals, hasCounts: hasSeconds, to: &writer)
    writer.object("generator") { writer in
      let figures = result.totals.figures
      writer.field("threads", result.loops)
      writer.field("framesSent", figures.framesSent)
      writer.field("framesSentLate", figures.framesSentLate)
      writer.field("framesNotTaken", figures.framesUnsent)
      writer.field("coresMax", thousandths: thousandths(result.totals.samples.map(\.generatorCores).max() ?? 0))
    }
    if !result.generators.isEmpty { writer.objects("generators", result.generators) { $1.write(to: &$0) } }
    guard hasSeconds else { return }
    writer.objects("seconds", result.totals.samples) { writer, sample in
      write(sample, to: &writer)
      writer.field("counts", counts: sample.latencyCounts)
    }
  }

  private static func write(_ totals: LoadTotals, hasCounts: Bool, to writer: inout JSONWriter) {
    let figures = totals.figures
    writer.object("calls") { writer in
      writer.field("offered", figures.offered)
      writer.field("accepted", figures.accepted)
      writer.field("refused", figures.refused)
      writer.field("failed", figures.failed)
      writer.field("completed", figures.completed)
      writer.field("cutOff", figures.cutOff)
      writer.field("givenUp", totals.givenUp)
      writer.field("activeMax", totals.activeMax)
      writer.object("refusals") { writer in
        for (reason, count) in figures.refusals.sorted(by: { $0.key < $1.key }) { writer.field(reason, count) }
      }
      writer.object("failures") { writer in
        for (reason, count) in figures.failures.sorted(by: { $0.key < $1.key }) { writer.field(reason, count) }
      }
    }
    writer.object("turns") { writer in
      writer.field("count", figures.turns)
      writer.field("missed", figures.turnsMissed)
      writer.field("overrun", figures.turnsOverrun)
    }
    write("turnLatency", figures.turnLatency, hasCounts: hasCounts, to: &writer)
    writer.object("agentFrames") { writer in
      writer.field("received", figures.framesReceived)
      writer.field("late", figures.framesLate)
      writer.field("gaps", figures.gaps)
    }
    writer.object("server") { writer in
      write("coresMean", totals.serverCores, to: &writer)
      write("coresMax", totals.serverCoresMax, to: &writer)
      writer.field("residentBytesMax", totals.serverBytesMax)
      writer.field("growthPermille", totals.serverGrowthPermille)
    }
    write(totals.canaries, hasCounts: hasCounts, to: &writer)
  }

  private static func write(_ canaries: CanaryFigures, hasCounts: Bool, to writer: inout JSONWriter) {
    writer.object("canaries") { writer in
      writer.field("passed", canaries.passed)
      writer.field("failed", canaries.failed)
      writer.field("invalid", canaries.invalid)
      write("latency", canaries.latency, hasCounts: hasCounts, to: &writer)
      write("onset", canaries.onset, hasCounts: hasCounts, to: &writer)
      writer.list("reasons", canaries.reasons) { writer, reason in writer.value(reason) }
    }
  }

  private static func write(
    _ name: String, _ record: LatencyRecord, hasCounts: Bool, to writer: inout JSONWriter
  ) {
    writer.object(name) { writer in
      writer.field("count", record.count)
      writer.field("p50Ms", record.percentile(50)?.milliseconds)
      writer.field("p95Ms", record.percentile(95)?.milliseconds)
      writer.field("p99Ms", record.percentile(99)?.milliseconds)
      writer.field("meanMs", record.mean?.milliseconds)
      writer.field("maxMs", record.longest?.milliseconds)
      if hasCounts { writer.field("counts", counts: record.counts) }
    }
  }

  /// The members of one of its seconds.
  public static func write(_ sample: LoadSample, to writer: inout JSONWriter) {
    writer.field("atMs", sample.at.milliseconds)
    writer.field("active", sample.active)
    writer.field("offered", sample.offered)
    writer.field("refused", sample.refused)
    writer.field("failed", sample.failed)
    writer.field("completed", sample.completed)
    writer.field("turns", sample.turns)
    writer.field("p50Ms", sample.latencyP50?.milliseconds)
    writer.field("p95Ms", sample.latencyP95?.milliseconds)
    writer.field("p99Ms", sample.latencyP99?.milliseconds)
    writer.field("framesReceived", sample.framesReceived)
    writer.field("framesLate", sample.framesLate)
    writer.field("framesSent", sample.framesSent)
    writer.field("framesSentLate", sample.framesSentLate)
    write("serverCores", sample.serverCores, to: &writer)
    writer.field("serverBytes", sample.serverBytes)
    writer.field("generatorCores", thousandths: thousandths(sample.generatorCores))
    writer.field("isFull", sample.isFull)
  }

  private static func write(_ name: String, _ cores: Double?, to writer: inout JSONWriter) {
    if let cores { writer.field(name, thousandths: thousandths(cores)) } else { writer.field(name, Int?.none) }
  }

  private static func thousandths(_ value: Double) -> Int { Int(nearest: max(value, 0) * 1000) }
}

extension GeneratorResult {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.field("offered", offered)
    writer.field("framesSent", framesSent)
    writer.field("framesSentLate", framesSentLate)
    writer.field("coresMax", thousandths: Int(nearest: coresMax * 1000))
    writer.field("clockErrorUs", clockError.map { Int($0.microseconds) })
    writer.field("problem", problemText)
  }
}

extension LoadResult.Ending {
  /// What it is called in a report, and the threshold that was hopeless.
  var parts: (kind: String, threshold: String?) {
    switch self {
    case .finished: ("finished", nil)
    case .stopped: ("stopped", nil)
    case .aborted(let threshold): ("aborted", threshold)
    case .targetGone: ("target-gone", nil)
    }
  }
}
