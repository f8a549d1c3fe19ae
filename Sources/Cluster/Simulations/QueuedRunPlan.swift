package import CallCore
package import CallDriver
import Formats
package import JSON
package import Simulation

/// What workers of a queue are told of a run: all that its calls depend on but for the program and its engines. Workers read no file of the
/// submitter.
///
/// Written as one JSON object, format 1; the submitter and its workers are the very same program, so no other format is read.
package struct QueuedRunPlan: Sendable {
  private static let format = 1

  /// Whose calls are held; virtual, of all of the run.
  package var plan: RunPlan
  /// The texts of the agent's flows.
  package var flows: [(file: String, text: String)]
  /// Of these.
  package let library: FlowLibrary
  /// The day that flows take for today.
  package var today: String
  /// What ends turns whatever flows say; `nil`: what they say.
  package var endOfTurn: EndOfTurnRule?

  /// - Parameter flows: as `FlowReader` takes them.
  /// - Throws: what is wrong with the flows.
  package init(
    _ plan: RunPlan, flows: [(file: String, text: String)], today: String, endOfTurn: EndOfTurnRule?
  ) throws(WireFault) {
    (self.plan, self.flows, self.today, self.endOfTurn) = (plan, flows, today, endOfTurn)
    library = try Self.library(of: flows)
  }

  private static func library(of flows: [(file: String, text: String)]) throws(WireFault) -> FlowLibrary {
    switch FlowReader.readLibrary(flows) {
    case .success(let library): return library
    case .failure(let faults): throw WireFault(.outOfRange, "run.flows: \(faults)")
    }
  }

  /// UTF-8.
  package var bytes: [UInt8] {
    var writer = JSONWriter(reserving: 4096 * (plan.cases.count + 1))
    writer.object { writer in
      writer.field("format", Self.format)
      writer.list("cases", plan.cases) { writer, testCase in
        writer.value(String(decoding: TestCaseArchive.json(of: testCase), as: UTF8.self))
      }
      writer.field("seed", String(plan.seed))
      writer.field("caseSeed", plan.caseSeed.map { String($0) })
      writer.field("repeats", plan.repeats)
      writer.field("attempt", plan.attempt)
      writer.field("keepsTracks", plan.keepsTracks)
      writer.list("replayOptions", plan.replayOptions)
      writer.objects("flows", flows) { writer, flow in
        writer.field("file", flow.file)
        writer.field("text", flow.text)
      }
      writer.field("today", today)
      writer.field("endOfTurn", endOfTurn?.rawValue)
    }
    return writer.bytes
  }

  /// - Throws: `WireFault` that names the member, what was expected and what came.
  package init(reading bytes: [UInt8]) throws(WireFault) {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw WireFault(.malformedJSON, "run: no JSON: \(error)")
    }
    let fields = try JSONFields(value, place: "run")
    _ = try fields.number("format", Self.format...Self.format)
    var cases: [TestCase] = []
    for text in try fields.textList("cases") { cases.append(try TestCaseArchive.testCase(from: Array(text.utf8))) }
    plan = RunPlan(cases: cases, mode: .virtual, seed: try fields.unsigned("seed"))
    if fields["caseSeed"] != nil { plan.caseSeed = try fields.unsigned("caseSeed") }
    plan.repeats = try fields.number("repeats", 1...10_000)
    plan.attempt = try fields.optionalNumber("attempt", 1...10_000)
    plan.keepsTracks = try fields.flag("keepsTracks")
    plan.replayOptions = try fields.textList("replayOptions")
    flows = try fields.list("flows") { fields throws(WireFault) in (try fields.text("file"), try fields.text("text")) }
    library = try Self.library(of: flows)
    today = try fields.text("today")
    endOfTurn = try fields.optionalChoice("endOfTurn", of: EndOfTurnRule.allCases)
  }
}

extension QueuedRunPlan {
  /// The part of the run that a chunk is.
  package func plan(of chunk: TakenChunk) -> RunPlan {
    var plan = plan
    plan.shard = RunShard(1, of: 1)
    plan.places = chunk.places
    return plan
  }
}
