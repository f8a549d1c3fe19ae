import CallCore
package import JSON
import Simulation

/// What one generator of several tells of a second of its load: what it counted since the start, so that the newest says all, and the turn
/// latencies of this second alone.
public struct LoadSecond: Sendable {
  /// Seconds of the plan that are over, 1 and up.
  public var number: Int
  /// Seconds that it stands for: more than one where the generator was held up.
  public var covered: Int
  /// Since the start, without turn latencies.
  public var figures = LoadFigures()
  /// Turn latencies of this second, as `LatencyRecord.counts`.
  public var latencyCounts: [Int] = []
  /// Since the start.
  public var canaries = CanaryFigures()
  /// Since the start.
  public var givenUp = 0
  /// Calls that are up, and those that are still connecting.
  public var active = 0
  /// See `active`.
  public var connecting = 0
  /// Cores that the generator used in it.
  public var generatorCores = 0.0

  /// - Parameters:
  ///   - totals: of the generator, with the second as its last sample.
  ///   - before: the second that it told before; 0: none.
  package init?(_ totals: LoadTotals, after before: Int) {
    guard let sample = totals.samples.last else { return nil }
    // The last one of a run is not whole.
    number = max(Int(sample.at.microseconds / 1_000_000), before + 1)
    covered = number - before
    figures = totals.figures
    figures.turnLatency.reset()
    (latencyCounts, canaries, givenUp) = (sample.latencyCounts, totals.canaries, totals.givenUp)
    (active, connecting, generatorCores) = (sample.active, sample.connecting, sample.generatorCores)
  }
}

// MARK: - JSON

extension LoadSecond {
  /// Larger counts are none.
  private static let counts = 0...1_000_000_000_000

  /// UTF-8.
  package var bytes: [UInt8] {
    var writer = JSONWriter(reserving: 1024)
    writer.object { writer in
      writer.field("second", number)
      writer.field("covers", covered)
      writer.field("active", active)
      writer.field("connecting", connecting)
      writer.field("givenUp", givenUp)
      writer.field("generatorCores", thousandths: Int(nearest: generatorCores * 1000))
      writer.field("latency", counts: latencyCounts)
      writer.object("figures") { figures.write(to: &$0) }
      writer.object("canaries") { canaries.write(to: &$0) }
    }
    return writer.bytes
  }

  /// - Throws: `WireFault` that names the member, what was expected and what came.
  package init(reading bytes: [UInt8]) throws(WireFault) {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw WireFault(.malformedJSON, "second: no JSON: \(error)")
    }
    let fields = try JSONFields(value, place: "second")
    number = try fields.number("second", 1...1_000_000)
    covered = try fields.number("covers", 1...1_000_000)
    active = try fields.number("active", Self.counts)
    connecting = try fields.number("connecting", Self.counts)
    givenUp = try fields.number("givenUp", Self.counts)
    generatorCores = try fields.optionalDecimal("generatorCores") ?? 0
    latencyCounts = try fields.counts("latency")
    figures = try LoadFigures(reading: try fields.object("figures"))
    canaries = try CanaryFigures(reading: try fields.object("canaries"))
    var record = LatencyRecord()
    guard record.add(counts: latencyCounts) else {
      throw WireFault(.outOfRange, "second.latency: expected waits with their counts")
    }
  }
}

extension LoadFigures {
  /// The counts without turn latencies, by their names in JSON.
  private static var members: [(name: String, path: WritableKeyPath<LoadFigures, Int>)] {
    [
      ("offered", \.offered), ("accepted", \.accepted), ("refused", \.refused), ("completed", \.completed),
      ("cutOff", \.cutOff), ("turns", \.turns), ("turnsMissed", \.turnsMissed), ("turnsOverrun", \.turnsOverrun),
      ("framesReceived", \.framesReceived), ("framesLate", \.framesLate), ("gaps", \.gaps),
      ("framesSent", \.framesSent), ("framesSentLate", \.framesSentLate), ("framesUnsent", \.framesUnsent),
    ]
  }

  fileprivate func write(to writer: inout JSONWriter) {
    for (name, path) in Self.members { writer.field(name, self[keyPath: path]) }
    for (name, reasons) in [("refusals", refusals), ("failures", failures)] {
      writer.object(name) { writer in
        for (reason, count) in reasons.sorted(by: { $0.key < $1.key }) { writer.field(reason, count) }
      }
    }
  }

  fileprivate init(reading fields: JSONFields) throws(WireFault) {
    self.init()
    for (name, path) in Self.members { self[keyPath: path] = try fields.number(name, 0...1_000_000_000_000) }
    refusals = try fields.reasons("refusals")
    failures = try fields.reasons("failures")
  }
}

extension CanaryFigures {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.field("passed", passed)
    writer.field("failed", failed)
    writer.field("invalid", invalid)
    writer.field("latency", counts: latency.counts)
    writer.field("onset", counts: onset.counts)
    writer.list("reasons", reasons)
  }

  fileprivate init(reading fields: JSONFields) throws(WireFault) {
    self.init()
    passed = try fields.number("passed", 0...1_000_000_000)
    failed = try fields.number("failed", 0...1_000_000_000)
    invalid = try fields.number("invalid", 0...1_000_000_000)
    guard latency.add(counts: try fields.counts("latency")), onset.add(counts: try fields.counts("onset")) else {
      throw WireFault(.outOfRange, "\(fields.place): expected waits with their counts")
    }
    for reason in try fields.textList("reasons") { add(reason: reason) }
  }

  /// Adds what another generator's canaries found.
  mutating func add(_ other: CanaryFigures) {
    passed += other.passed
    failed += other.failed
    invalid += other.invalid
    latency.add(other.latency)
    onset.add(other.onset)
    for reason in other.reasons { add(reason: reason) }
  }
}
