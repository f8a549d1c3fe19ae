public import CallCore
public import JSON

/// A test case as databases keep it: JSON of every field, where the JSON of `GET /testcases` has place for a few.
public enum TestCaseArchive {
  /// The whole case.
  public static func json(of testCase: TestCase) -> [UInt8] { ArchiveMembers.json(of: testCase) }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func testCase(from json: [UInt8]) throws(WireFault) -> TestCase {
    try ArchiveMembers.value(of: json, place: "testCase")
  }
}

extension TestCase: Archived {
  static var blank: TestCase { TestCase(id: "", agent: .blank, turns: []) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.text("id", &id)
    try members.text("title", &title)
    try members.texts("tags", &tags)
    try members.object("agent", &agent)
    try members.object("caller", &caller)
    try members.object("disfluency", &disfluency)
    try members.object("world", &world)
    try members.list("turns", &turns)
    try members.list("expectations", &expectations)
    try members.span("durationMaxUs", &durationMax)
    try members.member(&seed) { writer, seed in
      // As text: JSON's readers may lose what is beyond 53 bits.
      writer.field("seed", seed.map { "\($0)" })
    } read: { fields throws(WireFault) in
      guard let text = try fields.optionalText("seed") else { return nil }
      guard let seed = UInt64(text) else { throw fields.outOfRange("seed", "a whole number", .string(text)) }
      return seed
    }
    try members.choice("mustFail", &mustFail)
    try members.text("file", &source.file)
    try members.number("line", &source.line)
  }
}

extension TestAgent: Archived {
  static var blank: TestAgent { TestAgent(flow: "") }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.text("flow", &flow)
    try members.text("voice", &voice)
    try members.choice("fault", &fault)
  }
}

extension CallerProfile: Archived {
  static var blank: CallerProfile { CallerProfile() }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.text("persona", &persona)
    try members.text("voice", &voice)
    try members.number("ratePercent", &style.ratePercent)
    try members.number("pitchPercent", &style.pitchPercent)
    try members.span("pauseBeforeAnswerUs", &pauseBeforeAnswer)
    try members.span("patienceUs", &patience)
  }
}

extension DisfluencyRates: Archived {
  static var blank: DisfluencyRates { DisfluencyRates() }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.number("fillers", &fillers)
    try members.number("repetitions", &repetitions)
    try members.number("restarts", &restarts)
    try members.number("lengthenings", &lengthenings)
    try members.number("pauses", &pauses)
    try members.span("pauseMinUs", &pauseMin)
    try members.span("pauseMaxUs", &pauseMax)
  }
}

extension CallWorld: Archived {
  static var blank: CallWorld { CallWorld() }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.object("noise", ifAny: &noise)
    try members.number("level", &level)
    try members.object("echo", ifAny: &echo)
    try members.flag("isTelephone", &isTelephone)
    try members.choice("codec", &codec, of: AudioCodec.allCases)
    try members.object("network", &network)
    try members.span("disconnectAfterUs", ifAny: &disconnectAfter)
    try members.list("engineTroubles", &engineTroubles)
  }
}

extension NetworkConditions: Archived {
  static var blank: NetworkConditions { NetworkConditions() }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.number("lossPermille", &lossPermille)
    try members.number("lossBurst", &lossBurst)
    try members.span("delayUs", &delay)
    try members.span("jitterUs", &jitter)
    try members.number("duplicatePermille", &duplicatePermille)
  }
}

extension CallWorld.Echo: Archived {
  static var blank: CallWorld.Echo { CallWorld.Echo(level: 0, delay: .zero) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.number("level", &level)
    try members.span("delayUs", &delay)
  }
}

extension CallWorld.EngineTrouble: Archived {
  static var blank: CallWorld.EngineTrouble {
    CallWorld.EngineTrouble(engine: .recognition, fromTurn: 0, delay: nil)
  }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.choice("engine", &engine, of: Engine.allCases)
    try members.number("fromTurn", &fromTurn)
    try members.span("delayUs", ifAny: &delay)
  }
}

extension CallWorld.Noise: Archived {
  static var blank: CallWorld.Noise { CallWorld.Noise(sort: .white, ratio: 0) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.member(&sort) { writer, sort in
      writer.field("sort", NoiseWord(sort).rawValue)
      if case .recording(let file) = sort { writer.field("file", file) }
    } read: { fields throws(WireFault) in
      let name = try fields.text("sort")
      guard let word = NoiseWord(rawValue: name) else {
        throw fields.outOfRange("sort", "a known noise", .string(name))
      }
      let file = word == .recording ? try fields.optionalText("file") : nil
      guard let sort = word.sort(file: file) else { throw fields.missing("file", "a text") }
      return sort
    }
    try members.number("ratio", &ratio)
  }
}
