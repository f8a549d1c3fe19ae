package import CallCore
import Formats
package import JSON
import Simulation

/// What the generators of a load are told: all that their calls depend on but for the program, its engines and the key of the server.
///
/// Written as one JSON object, format 1; coordinator and generators are the very same program, so no other format is read.
package struct SharedLoadPlan: Sendable {
  private static let format = 1

  /// Sort of the arrival plan, such as `ramp` or `steps:50,100`.
  package var kind: String
  /// Calls at once of all generators together.
  package var calls: Int
  /// How fast calls begin, as written; `nil`: as usual.
  package var rate: String?
  /// How long the load is held, as written; `nil`: as usual.
  package var hold: String?
  /// Of the whole run.
  package var seed: UInt64
  /// What the callers do.
  package var cases: [TestCase]
  /// How often each case is taken, against the others.
  package var weights: [Int]
  /// Where calls are placed, such as `ws://desk.example:8080/v1/call`.
  package var target: String
  /// The day that flows take for today.
  package var today: String
  /// One call of so many is scored; 0: none is.
  package var canaryEvery: Int

  package init(
    kind: String, calls: Int, rate: String?, hold: String?, seed: UInt64, cases: [TestCase], weights: [Int],
    target: String, today: String, canaryEvery: Int
  ) {
    (self.kind, self.calls, self.rate, self.hold, self.seed) = (kind, calls, rate, hold, seed)
    (self.cases, self.weights, self.target) = (cases, weights, target)
    (self.today, self.canaryEvery) = (today, canaryEvery)
  }

  /// UTF-8.
  package var bytes: [UInt8] {
    var writer = JSONWriter(reserving: 4096 * (cases.count + 1))
    writer.object { writer in
      writer.field("format", Self.format)
      writer.field("plan", kind)
      writer.field("calls", calls)
      writer.field("rate", rate)
      writer.field("hold", hold)
      writer.field("seed", String(seed))
      writer.list("cases", cases) { writer, testCase in
        writer.value(String(decoding: TestCaseArchive.json(of: testCase), as: UTF8.self))
      }
      writer.list("weights", weights) { $0.value($1) }
      writer.field("target", target)
      writer.field("today", today)
      writer.field("canaryEvery", canaryEvery)
    }
    return writer.bytes
  }

  /// - Throws: `WireFault` that names the member, what was expected and what came.
  package init(reading bytes: [UInt8]) throws(WireFault) {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw WireFault(.malformedJSON, "load: no JSON: \(error)")
    }
    let fields = try JSONFields(value, place: "load")
    _ = try fields.number("format", Self.format...Self.format)
    kind = try fields.text("plan")
    calls = try fields.number("calls", 1...1_000_000)
    rate = try fields.optionalText("rate")
    hold = try fields.optionalText("hold")
    seed = try fields.unsigned("seed")
    cases = []
    for text in try fields.textList("cases") { cases.append(try TestCaseArchive.testCase(from: Array(text.utf8))) }
    weights = try Self.weights(fields)
    target = try fields.text("target")
    today = try fields.text("today")
    canaryEvery = try fields.number("canaryEvery", 0...1_000_000)
    guard !cases.isEmpty, weights.count == cases.count else {
      throw WireFault(.outOfRange, "load.weights: expected one for each case, got \(weights.count)")
    }
  }

  private static func weights(_ fields: JSONFields) throws(WireFault) -> [Int] {
    guard case .array(let values) = fields["weights"] else { throw fields.missing("weights", "a list of weights") }
    var weights: [Int] = []
    for value in values {
      guard let number = value.wholeNumber, (1...10_000).contains(number) else {
        throw fields.wrongType("weights", "a list of whole numbers from 1 to 10000", value)
      }
      weights.append(Int(number))
    }
    return weights
  }
}
