import CallCore
import JSON

/// The shards of a run put together: the reports are those that one machine would have written, but for times of day, and for the
/// page, which holds no sound and leaves every call folded.
package struct MergedRun: Sendable {
  /// Of the whole run.
  package let summary: RunSummary
  /// Every call that was held, in the order of the report.
  package let calls: [ShardReport.HeldCall]

  /// Why shards cannot be put together, with what to do.
  package struct Fault: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Parameter shards: every shard of a run, in any order, each with the name of its folder.
  package init(_ shards: [(name: String, report: ShardReport)]) throws(Fault) {
    guard let (firstName, first) = shards.first else { throw Fault(description: "there is no shard to be merged") }
    for (name, report) in shards.dropFirst() {
      if let difference = Self.difference(first, report) {
        throw Fault(description: "\(name) is of another run than \(firstName): \(difference)")
      }
    }
    try Self.checkNumbers(shards)
    var (held, notHeld): ([Int: ShardReport.HeldCall], [Int: String]) = ([:], [:])
    for (name, report) in shards {
      let places = report.held.map(\.place) + report.notHeld.map(\.place)
      guard places.allSatisfy(report.shard.holds), Set(places).count == places.count,
        places.count == (0..<first.callCount).count(where: report.shard.holds)
      else { throw Fault(description: "\(name) does not hold the calls of shard \(report.shard): run it again") }
      for call in report.held { held[call.place] = call }
      for call in report.notHeld { notHeld[call.place] = call.id }
    }
    calls = held.sorted { $0.key < $1.key }.map(\.value)
    var summary = first.summary
    summary.calls = calls.map(\.summary)
    summary.notRun = notHeld.sorted { $0.key < $1.key }.map(\.value)
    summary.startedAtUnixMicroseconds = shards.map(\.report.summary.startedAtUnixMicroseconds).min() ?? 0
    summary.wallMicroseconds = shards.map(\.report.summary.wallMicroseconds).max() ?? 0
    self.summary = summary
  }

  /// The same of the chunks of a queue.
  /// - Parameters:
  ///   - chunks: parts of `plan` in any order, each with a name for people; calls that are in none were not held.
  ///   - plan: of the whole run.
  ///   - startedAt: microseconds since 1970 UTC.
  ///   - wall: how long it took, in microseconds.
  package init(
    _ chunks: [(name: String, report: ShardReport)], of plan: RunPlan, startedAt: Int64, wall: Int64
  ) throws(Fault) {
    var whole = plan
    whole.shard = RunShard(1, of: 1)
    var run = SimulationRun(seed: plan.seed, mode: plan.mode, target: plan.target, repeats: plan.repeats)
    (run.startedAtUnixMicroseconds, run.wallMicroseconds) = (startedAt, wall)
    guard var report = ShardReport(run, of: whole, soundFolder: "") else {
      preconditionFailure("the plan was given a shard")
    }
    for (name, chunk) in chunks {
      if let difference = Self.difference(report, chunk) {
        throw Fault(description: "\(name) is of another run: \(difference)")
      }
      report.held += chunk.held
    }
    let places = Set(report.held.map(\.place))
    report.notHeld = whole.jobs.filter { !places.contains($0.place) }.map { ($0.place, $0.testCase.id) }
    try self.init([("what the workers held", report)])
  }

  private static func difference(_ first: ShardReport, _ other: ShardReport) -> String? {
    let (one, two) = (first.summary, other.summary)
    if one.seed != two.seed { return "it has the seed \(two.seed), not \(one.seed)" }
    if one.mode != two.mode { return "its mode is \(two.mode.rawValue), not \(one.mode.rawValue)" }
    if one.repeats != two.repeats { return "it has --repeat \(two.repeats), not \(one.repeats)" }
    if one.target != two.target {
      return "it called \(two.target ?? "the built-in agent"), not \(one.target ?? "the built-in agent")"
    }
    if first.shard.count != other.shard.count {
      return "it is one of \(other.shard.count) shards, not of \(first.shard.count)"
    }
    if first.callCount != other.callCount { return "that has \(other.callCount) calls, not \(first.callCount)" }
    return first.planDigest == other.planDigest ? nil : "its cases or their seeds differ"
  }

  private static func checkNumbers(_ shards: [(name: String, report: ShardReport)]) throws(Fault) {
    var names: [Int: String] = [:]
    for (name, report) in shards {
      if let other = names[report.shard.number] {
        throw Fault(description: "\(other) and \(name) are both shard \(report.shard): leave one out")
      }
      names[report.shard.number] = name
    }
    let count = shards[0].report.shard.count
    let missing = (1...count).filter { names[$0] == nil }
    guard !missing.isEmpty else { return }
    let numbers = missing.prefix(10).map { "\($0)/\(count)" }.joined(separator: ", ")
    throw Fault(
      description:
        "\(missing.count) of \(count) shards are missing (\(numbers)\(missing.count > 10 ? ", …" : "")): add their folders"
    )
  }

  /// `report.json`.
  package var json: [UInt8] {
    var writer = JSONWriter(reserving: 4096 * (calls.count + 1))
    writer.object { writer in
      JSONReport.write(summary, to: &writer)
      writer.list("cases", calls) { $0.value(encoded: $1.json) }
    }
    return writer.bytes
  }

  /// `junit.xml`.
  package var junit: String {
    let framed = calls.map { call in
      JUnitReport.Call(
        verdict: call.summary.verdict, id: call.summary.id, name: call.name, className: call.className,
        replay: call.replay)
    }
    return JUnitReport.text(of: summary, framed) { xml in for call in calls { xml.verbatim(call.junit) } }
  }

  /// `index.html`.
  package var html: String {
    HTMLReport.page(of: summary) { html in for call in calls { html.verbatim(call.html) } }
  }

  /// For the terminal.
  package var table: RunTable {
    let failures = calls.filter { $0.summary.verdict != .passed }.map { call in
      RunTable.Failure(
        verdict: call.summary.verdict, name: ReportText.line(call.name), reasons: call.reasons,
        replay: ReportText.line(call.replay))
    }
    return RunTable(summary, rows: calls.map(\.row), failures: failures, notes: calls.flatMap(\.notes))
  }
}
