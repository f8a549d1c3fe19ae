public import CallCore
public import JSON

/// A test case as databases keep it: JSON of every field, where the JSON of `GET /testcases` has place for a few.
public enum TestCaseArchive {
  /// The whole case.
  public static func json(of testCase: TestCase) -> [UInt8] {
    var writer = JSONWriter(reserving: 4096)
    writer.object { writer in
      writer.field("id", testCase.id)
      writer.field("title", testCase.title)
      writer.list("tags", testCase.tags) { $0.value($1) }
      writer.object("agent") { writer in
        writer.field("flow", testCase.agent.flow)
        writer.field("voice", testCase.agent.voice)
        writer.field("fault", testCase.agent.fault?.rawValue)
      }
      writer.object("caller", testCase.caller.archive)
      writer.object("disfluency", testCase.disfluency.archive)
      writer.object("world", testCase.world.archive)
      writer.list("turns", testCase.turns) { writer, turn in writer.object(turn.archive) }
      writer.list("expectations", testCase.expectations) { writer, expectation in writer.object(expectation.archive) }
      writer.field("durationMaxUs", testCase.durationMax.microseconds)
      // As text: JSON's readers may lose what is beyond 53 bits.
      writer.field("seed", testCase.seed.map { "\($0)" })
      writer.field("mustFail", testCase.mustFail?.rawValue)
      writer.field("file", testCase.source.file)
      writer.field("line", testCase.source.line)
    }
    return writer.bytes
  }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func testCase(from json: [UInt8]) throws(WireFault) -> TestCase {
    let fields = try JSONFields(archived: json, place: "testCase")
    let agent = try fields.object("agent")
    var testCase = TestCase(
      id: try fields.text("id"), agent: TestAgent(flow: try agent.text("flow")),
      turns: try fields.list("turns") { fields throws(WireFault) in try TestTurn(archived: fields) })
    testCase.agent.voice = try agent.optionalText("voice")
    testCase.agent.fault = try agent.optionalChoice("fault", of: TestAgent.Fault.allCases)
    testCase.title = try fields.text("title")
    testCase.tags = try fields.textList("tags")
    testCase.caller = try CallerProfile(archived: try fields.object("caller"))
    testCase.disfluency = try DisfluencyRates(archived: try fields.object("disfluency"))
    testCase.world = try CallWorld(archived: try fields.object("world"))
    testCase.expectations = try fields.list("expectations") { fields throws(WireFault) in
      try Expectation(archived: fields)
    }
    testCase.durationMax = try fields.exactSpan("durationMaxUs", or: testCase.durationMax)
    if let seed = try fields.optionalText("seed") {
      guard let number = UInt64(seed) else { throw fields.outOfRange("seed", "a whole number", .string(seed)) }
      testCase.seed = number
    }
    testCase.mustFail = try fields.optionalChoice("mustFail", of: CheckKind.allCases)
    testCase.source = CaseSource(file: try fields.text("file"), line: try fields.number("line"))
    return testCase
  }
}
