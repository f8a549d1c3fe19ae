import CallCore
import JSON
import Foundation
import SampleRun
import Simulation
import Testing
import Wires

@Suite("The report for programs")
struct JSONReportTests {
  @Test("The same run gives the same bytes, and no time of day")
  func equalBytes() throws {
    let bytes = JSONReport.bytes(of: SampleRun.run())
    #expect(bytes == JSONReport.bytes(of: SampleRun.run()))
    let report = try JSONValue(parsing: bytes)
    #expect(report["startedAt"] == nil && report["wallMs"] == nil)
  }

  @Test("A run that was timed says when it was")
  func times() throws {
    let report = try JSONValue(parsing: JSONReport.bytes(of: SampleRun.run(startedAt: 1_763_696_700_123_000)))
    #expect(report.text(at: "startedAt") == "2025-11-21T03:45:00.123Z")
    #expect(report.text(at: "wallMs") == "2346")
  }

  @Test("The run's counts, seed and pass@k are there")
  func run() throws {
    let report = try JSONValue(parsing: JSONReport.bytes(of: SampleRun.run()))
    #expect(report.text(at: "seed") == "18446744073709551609")
    #expect(report["target"] == nil)
    let counts = ["passed", "failed", "invalid", "notRun"].map { report.text(at: "counts.\($0)") }
    #expect(counts == ["5", "3", "2", "1"])
    #expect(report.text(at: "repeated.passedOnce") == "3")
    #expect(report.text(at: "repeated.passedAlways") == "2")
    #expect(report.text(at: "repeated.byCase.1.passedOnce") == "true")
    #expect(report.text(at: "repeated.byCase.1.passedAlways") == "false")
    #expect(report.text(at: "figures.latency.count") == "8", "the two invalid calls do not count")
  }

  @Test("A run of one attempt has no pass@k")
  func once() throws {
    var run = SampleRun.run()
    run.repeats = 1
    #expect(try JSONValue(parsing: JSONReport.bytes(of: run))["repeated"] == nil)
  }

  @Test("A failed call says why, when and how to see it again; each turn has its figures")
  func failure() throws {
    let report = try JSONValue(parsing: JSONReport.bytes(of: SampleRun.run()))
    let call = "cases.2"
    #expect(report.text(at: "\(call).verdict") == "failed")
    #expect(report.text(at: "\(call).reasons.0.kind") == "yield")
    #expect(report.text(at: "\(call).reasons.0.at") == "17175")
    #expect(report.text(at: "\(call).replay")?.hasPrefix("voiceforge simulate") == true)
    #expect(report.text(at: "\(call).turns.1.yieldMs") == "2340")
    #expect(report.text(at: "\(call).turns.1.server.stages.endpointMs") == "500")
    #expect(report.text(at: "\(call).turns.1.wordErrors.substitutions") == "2")
    #expect(report.text(at: "\(call).turns.2.reached") == "false")
    #expect(report.text(at: "\(call).slots.order") == "4711")
    #expect(report.text(at: "\(call).transcript.0.role") == "agent")
  }

  @Test("Tools that the agent called are named, with their arguments where they are told")
  func tools() throws {
    func tools(_ call: StagedCall) throws -> [JSONValue] {
      var run = SampleRun.run()
      run.results = [call.judged()]
      let report = try JSONValue(parsing: JSONReport.bytes(of: run))
      guard case .array(let tools)? = report.value(at: "cases.0.toolCalls") else { return [] }
      return tools
    }
    var call = StagedCall.oneTurn()
    #expect(try tools(call).isEmpty)
    call.evidence.record?.timeline = [TimelineEntry(at: StagedCall.at(3000), kind: .toolCalled, detail: "find: GET")]
    #expect(
      try tools(call) == [.object(["at": .integer(3000), "name": .string("find"), "arguments": .null])])
    call.evidence.wire = .realtime
    call.evidence.toolCalls = [.init(at: StagedCall.at(3100), call: ToolCall(name: "book", arguments: #"{"day":[1]}"#))]
    #expect(
      try tools(call) == [
        .object([
          "at": .integer(3100), "name": .string("book"), "arguments": .object(["day": .array([.integer(1)])]),
        ])
      ])
  }

  @Test("Each statement has its votes, and the kept calls are there when they were judged first")
  func judged() throws {
    var run = SampleRun.run()
    var judged = run.results[0].judged[0]
    judged.outcome = .no
    let kept = KeptCall(id: "a", criterion: "stays polite", isTrue: true, lines: [], line: 4)
    run.calibration = CalibrationResult(id: "kept", file: "kept.yaml")
    run.calibration?.calls = [CalibrationResult.Call(kept: kept, judged: judged)]
    let report = try JSONValue(parsing: JSONReport.bytes(of: run))
    let place = "cases.0.judged.0"
    #expect(report.text(at: "\(place).criterion") == "stays polite" && report.text(at: "\(place).result") == "yes")
    #expect(report.text(at: "\(place).never") == "false" && report.text(at: "\(place).line") == "19")
    #expect(report.text(at: "\(place).promptVersion") == "1")
    #expect(report.text(at: "\(place).votes.0.answer") == "no" && report.text(at: "\(place).votes.0.at") == "9000")
    #expect(report.text(at: "\(place).votes.2.quote") == "What can I do for you")
    #expect(report.text(at: "\(place).votes.2.model") == "scripted")
    #expect(report.text(at: "cases.8.judged.0.votes.0.counts") == "false")
    #expect(report.text(at: "cases.8.judged.1.result") == "not-asked")
    #expect(report.text(at: "calibration.counts.misjudged") == "1")
    #expect(
      report.text(at: "calibration.calls.0.must") == "yes" && report.text(at: "calibration.calls.0.result") == "no")
    #expect(
      String(decoding: CalibrationReport.bytes(of: [try #require(run.calibration)]), as: UTF8.self).hasPrefix(
        #"{"sets":[{"id":"kept","file":"kept.yaml","counts":{"right":0,"misjudged":1,"unjudged":0},"calls":[{"id":"a""#)
    )
  }

  @Test("Hostile texts come back as they went in")
  func hostile() throws {
    let report = try JSONValue(parsing: JSONReport.bytes(of: SampleRun.run()))
    #expect(report.text(at: "cases.8.title") == SampleRun.hostile)
    #expect(report.text(at: "cases.8.tags.0") == SampleRun.hostile)
  }

  @Test("Report.md describes every member that is written")
  func documented() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
      path: "../../../Sources/Simulation/Report.md")
    let words = try String(contentsOf: path, encoding: .utf8)
    let described = Set(words.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    var names: Set<String> = []
    Self.collect(
      from: try JSONValue(parsing: JSONReport.bytes(of: SampleRun.run(startedAt: 1))), into: &names)
    try Self.collect(from: JSONValue(parsing: CalibrationReport.bytes(of: [Self.calibration])), into: &names)
    #expect(names.count > 60)
    #expect(names.subtracting(described).isEmpty)
  }

  private static let calibration: CalibrationResult = {
    let kept = KeptCall(id: "a", criterion: "stays polite", isTrue: true, lines: [], line: 4)
    var result = CalibrationResult(id: "kept", file: "kept.yaml")
    result.calls = [CalibrationResult.Call(kept: kept, judged: JudgedCriterion("stays polite"))]
    return result
  }()

  /// Names of all members but slots, which the flow names.
  private static func collect(from value: JSONValue, into names: inout Set<String>) {
    switch value {
    case .object(let members):
      for (name, value) in members {
        names.insert(name)
        if name != "slots" { collect(from: value, into: &names) }
      }
    case .array(let values): for value in values { collect(from: value, into: &names) }
    default: break
    }
  }
}
