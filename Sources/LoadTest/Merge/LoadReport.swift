import CallCore
package import JSON
import Simulation

/// A `load.json` as it was read: what `LoadReportMerge` puts together with others.
package struct LoadReport: Sendable {
  /// Where it came from, for faults and for people.
  package let name: String
  var result: LoadResult

  /// - Parameters:
  ///   - bytes: of a `load.json` of one run.
  ///   - name: where they come from.
  /// - Throws: `WireFault` that names the member, what was expected and what came.
  package init(reading bytes: [UInt8], named name: String) throws(WireFault) {
    self.name = name
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw WireFault(.malformedJSON, "\(name): no JSON: \(error)")
    }
    let fields = try JSONFields(value, place: name)
    guard fields["capacity"] == nil, fields["runs"] == nil else {
      throw WireFault(.outOfRange, "\(name): a search for the highest load is no run and cannot be put together")
    }
    _ = try fields.number("metricsVersion", LoadResult.metricsVersion...LoadResult.metricsVersion)
    var totals = LoadTotals()
    totals.figures = try LoadFigures(report: fields)
    totals.canaries = try CanaryFigures(report: try fields.object("canaries"))
    totals.givenUp = try fields.object("calls").number("givenUp", JSONFields.counts)
    for sample in try fields.list("seconds", LoadSample.init(report:)) { totals.add(sample) }
    var thresholds: [Threshold] = []
    for text in try fields.list("thresholds", { fields throws(WireFault) in try fields.text("threshold") }) {
      do throws(ThresholdFault) { thresholds.append(try Threshold(text)) } catch {
        throw WireFault(.outOfRange, "\(name).thresholds: \(error)")
      }
    }
    let mix = try fields.list("cases") { fields throws(WireFault) in
      (id: try fields.text("id"), weight: try fields.number("weight", 1...CallMix.weightMax))
    }
    result = LoadResult(
      url: try fields.text("target"), plan: try fields.text("plan"), mix: mix,
      seed: UInt64(try fields.text("seed")) ?? 0,
      startedAtUnixMicroseconds: try fields.optionalText("startedAt").flatMap(UTCTime.unixMicroseconds) ?? 0,
      duration: .milliseconds(try fields.number("durationMs", JSONFields.counts)),
      ending: try Self.ending(try fields.object("endedBy")), totals: totals,
      findings: thresholds.map { ThresholdFinding($0, in: totals) },
      loops: try fields.object("generator").number("threads", 1...1_000_000))
    result.generators = try fields.list("generators", GeneratorResult.init(report:))
    if try fields.text("verdict") == LoadResult.Verdict.invalid.rawValue, result.problems.isEmpty {
      throw WireFault(.outOfRange, "\(name).verdict: it is invalid, and nothing in the file says why")
    }
  }

  private static func ending(_ fields: JSONFields) throws(WireFault) -> LoadResult.Ending {
    switch try fields.text("kind") {
    case "finished": .finished
    case "stopped": .stopped
    case "aborted": .aborted(try fields.text("threshold"))
    case "target-gone": .targetGone
    default: throw fields.missing("kind", "finished, stopped, aborted or target-gone")
    }
  }
}

extension JSONFields {
  /// Larger counts are none.
  static let counts = 0...1_000_000_000_000

  fileprivate func record(_ name: String) throws(WireFault) -> LatencyRecord {
    let fields = try object(name)
    guard fields["counts"] != nil else {
      throw WireFault(
        .missingField,
        "\(place).\(name).counts: expected every wait; this report was written by an older voiceforge, and cannot be put together with others"
      )
    }
    var record = LatencyRecord()
    guard record.add(counts: try fields.counts("counts")) else {
      throw WireFault(.outOfRange, "\(place).\(name).counts: expected waits with their counts")
    }
    return record
  }
}

extension LoadFigures {
  fileprivate init(report fields: JSONFields) throws(WireFault) {
    self.init()
    let limits = JSONFields.counts
    let (calls, turns) = (try fields.object("calls"), try fields.object("turns"))
    let (frames, generator) = (try fields.object("agentFrames"), try fields.object("generator"))
    offered = try calls.number("offered", limits)
    accepted = try calls.number("accepted", limits)
    refused = try calls.number("refused", limits)
    completed = try calls.number("completed", limits)
    cutOff = try calls.number("cutOff", limits)
    refusals = try calls.reasons("refusals")
    failures = try calls.reasons("failures")
    self.turns = try turns.number("count", limits)
    turnsMissed = try turns.number("missed", limits)
    turnsOverrun = try turns.number("overrun", limits)
    turnLatency = try fields.record("turnLatency")
    framesReceived = try frames.number("received", limits)
    framesLate = try frames.number("late", limits)
    gaps = try frames.number("gaps", limits)
    framesSent = try generator.number("framesSent", limits)
    framesSentLate = try generator.number("framesSentLate", limits)
    framesUnsent = try generator.number("framesNotTaken", limits)
  }
}

extension CanaryFigures {
  fileprivate init(report fields: JSONFields) throws(WireFault) {
    self.init()
    passed = try fields.number("passed", JSONFields.counts)
    failed = try fields.number("failed", JSONFields.counts)
    invalid = try fields.number("invalid", JSONFields.counts)
    latency = try fields.record("latency")
    onset = try fields.record("onset")
    for reason in try fields.textList("reasons") { add(reason: reason) }
  }
}

extension LoadSample {
  fileprivate init(report fields: JSONFields) throws(WireFault) {
    let limits = JSONFields.counts
    self.init(at: .milliseconds(try fields.number("atMs", limits)))
    active = try fields.number("active", limits)
    offered = try fields.number("offered", limits)
    refused = try fields.number("refused", limits)
    failed = try fields.number("failed", limits)
    completed = try fields.number("completed", limits)
    turns = try fields.number("turns", limits)
    latencyCounts = try fields.counts("counts")
    framesReceived = try fields.number("framesReceived", limits)
    framesLate = try fields.number("framesLate", limits)
    framesSent = try fields.number("framesSent", limits)
    framesSentLate = try fields.number("framesSentLate", limits)
    serverCores = try fields.optionalDecimal("serverCores")
    serverBytes = try fields.optionalNumber("serverBytes", limits)
    generatorCores = try fields.optionalDecimal("generatorCores") ?? 0
    isFull = try fields.flag("isFull")
    var record = LatencyRecord()
    guard record.add(counts: latencyCounts) else {
      throw WireFault(.outOfRange, "\(fields.place).counts: expected waits with their counts")
    }
    setLatencies(of: record)
  }
}

extension GeneratorResult {
  fileprivate init(report fields: JSONFields) throws(WireFault) {
    self.init(name: try fields.text("name"))
    offered = try fields.number("offered", JSONFields.counts)
    framesSent = try fields.number("framesSent", JSONFields.counts)
    framesSentLate = try fields.number("framesSentLate", JSONFields.counts)
    coresMax = try fields.optionalDecimal("coresMax") ?? 0
    clockError = try fields.optionalNumber("clockErrorUs", JSONFields.counts).map { .microseconds(Int64($0)) }
    problem = try fields.optionalText("problem").map { .reported($0) }
  }
}
