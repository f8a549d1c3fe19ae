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

extension CallerProfile {
  func archive(to writer: inout JSONWriter) {
    writer.field("persona", persona)
    writer.field("voice", voice)
    writer.field("ratePercent", style.ratePercent)
    writer.field("pitchPercent", style.pitchPercent)
    writer.field("pauseBeforeAnswerUs", pauseBeforeAnswer.microseconds)
    writer.field("patienceUs", patience.microseconds)
  }

  init(archived fields: JSONFields) throws(WireFault) {
    self.init()
    persona = try fields.text("persona")
    voice = try fields.text("voice")
    style = SpeakingStyle(
      ratePercent: try fields.number("ratePercent", or: style.ratePercent),
      pitchPercent: try fields.number("pitchPercent", or: style.pitchPercent))
    pauseBeforeAnswer = try fields.exactSpan("pauseBeforeAnswerUs", or: pauseBeforeAnswer)
    patience = try fields.exactSpan("patienceUs", or: patience)
  }
}

extension DisfluencyRates {
  func archive(to writer: inout JSONWriter) {
    writer.field("fillers", fillers)
    writer.field("repetitions", repetitions)
    writer.field("restarts", restarts)
    writer.field("lengthenings", lengthenings)
    writer.field("pauses", pauses)
    writer.field("pauseMinUs", pauseMin.microseconds)
    writer.field("pauseMaxUs", pauseMax.microseconds)
  }

  init(archived fields: JSONFields) throws(WireFault) {
    self.init()
    fillers = try fields.number("fillers")
    repetitions = try fields.number("repetitions")
    restarts = try fields.number("restarts")
    lengthenings = try fields.number("lengthenings")
    pauses = try fields.number("pauses")
    pauseMin = try fields.exactSpan("pauseMinUs", or: pauseMin)
    pauseMax = try fields.exactSpan("pauseMaxUs", or: pauseMax)
  }
}

extension CallWorld {
  func archive(to writer: inout JSONWriter) {
    if let noise { writer.object("noise", noise.archive) }
    writer.field("level", level)
    if let echo {
      writer.object("echo") { writer in
        writer.field("level", echo.level)
        writer.field("delayUs", echo.delay.microseconds)
      }
    }
    writer.field("isTelephone", isTelephone)
    writer.field("codec", codec.rawValue)
    writer.object("network") { writer in
      writer.field("lossPermille", network.lossPermille)
      writer.field("lossBurst", network.lossBurst)
      writer.field("delayUs", network.delay.microseconds)
      writer.field("jitterUs", network.jitter.microseconds)
      writer.field("duplicatePermille", network.duplicatePermille)
    }
    if let disconnectAfter { writer.field("disconnectAfterUs", disconnectAfter.microseconds) }
    writer.list("engineTroubles", engineTroubles) { writer, trouble in
      writer.object { writer in
        writer.field("engine", trouble.engine.rawValue)
        writer.field("fromTurn", trouble.fromTurn)
        if let delay = trouble.delay { writer.field("delayUs", delay.microseconds) }
      }
    }
  }

  init(archived fields: JSONFields) throws(WireFault) {
    self.init()
    noise = try fields.optionalObject("noise").map { noise throws(WireFault) in try Noise(archived: noise) }
    level = try fields.number("level")
    echo = try fields.optionalObject("echo").map { echo throws(WireFault) in
      Echo(level: try echo.number("level"), delay: try echo.exactSpan("delayUs"))
    }
    isTelephone = try fields.isSet("isTelephone")
    codec = try fields.choice("codec", of: AudioCodec.allCases)
    let line = try fields.object("network")
    network.lossPermille = try line.number("lossPermille")
    network.lossBurst = try line.number("lossBurst", or: network.lossBurst)
    network.delay = try line.exactSpan("delayUs")
    network.jitter = try line.exactSpan("jitterUs")
    network.duplicatePermille = try line.number("duplicatePermille")
    disconnectAfter = try fields.optionalSpan("disconnectAfterUs")
    engineTroubles = try fields.list("engineTroubles") { trouble throws(WireFault) in
      EngineTrouble(
        engine: try trouble.choice("engine", of: EngineTrouble.Engine.allCases),
        fromTurn: try trouble.number("fromTurn"), delay: try trouble.optionalSpan("delayUs"))
    }
  }
}

extension CallWorld.Noise {
  fileprivate func archive(to writer: inout JSONWriter) {
    switch sort {
    case .white: writer.field("sort", "white")
    case .pink: writer.field("sort", "pink")
    case .babble: writer.field("sort", "babble")
    case .recording(let file):
      writer.field("sort", "recording")
      writer.field("file", file)
    }
    writer.field("ratio", ratio)
  }

  fileprivate init(archived fields: JSONFields) throws(WireFault) {
    let name = try fields.text("sort")
    let sort: Sort
    switch name {
    case "white": sort = .white
    case "pink": sort = .pink
    case "babble": sort = .babble
    case "recording": sort = .recording(try fields.text("file"))
    default: throw fields.outOfRange("sort", "a known noise", .string(name))
    }
    self.init(sort: sort, ratio: try fields.number("ratio"))
  }
}
