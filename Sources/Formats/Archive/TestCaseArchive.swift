public import CallCore
public import JSON

/// A test case as databases keep it: JSON of every field, where the JSON of `GET /testcases` has place for a few.
public enum TestCaseArchive {
  /// The whole case.
  public static func json(of testCase: TestCase) -> [UInt8] { testCase.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func testCase(from json: [UInt8]) throws(WireFault) -> TestCase {
    try TestCase(archive: json, place: "testCase")
  }
}

extension TestCase: Archived {
  static let blank = TestCase(id: "", agent: .blank, turns: [])
  static var members: [ArchiveMember<TestCase>] {
    [
      .text("id", \.id), .text("title", \.title), .texts("tags", \.tags), .object("agent", \.agent),
      .object("caller", \.caller), .object("disfluency", \.disfluency), .object("world", \.world),
      .list("turns", \.turns), .list("expectations", \.expectations), .span("durationMaxUs", \.durationMax),
      ArchiveMember(\.seed) {
        // As text: JSON's readers may lose what is beyond 53 bits.
        $0.field("seed", $1.map { "\($0)" })
      } read: { fields, _ throws(WireFault) in
        guard let text = try fields.optionalText("seed") else { return nil }
        guard let seed = UInt64(text) else { throw fields.outOfRange("seed", "a whole number", .string(text)) }
        return seed
      },
      .object("vary", ifAny: \.vary), .choice("mustFail", \.mustFail, of: CheckKind.allCases),
      .text("file", \.source.file),
      .number("line", \.source.line),
    ]
  }
}

extension CaseVariation: Archived {
  static let blank = CaseVariation(.drawn, [])
  static var members: [ArchiveMember<CaseVariation>] {
    [.choice("pick", \.choice, of: Choice.allCases), .list("properties", \.properties)]
  }
}

extension CaseVariation.Values: Archived {
  static let blank = CaseVariation.Values(.voice, [])
  static var members: [ArchiveMember<CaseVariation.Values>] {
    [.choice("property", \.property, of: CaseVariation.Property.allCases), .list("values", \.values)]
  }
}

extension CaseVariation.Value: Archived {
  static let blank = CaseVariation.Value(label: "")
  static var members: [ArchiveMember<CaseVariation.Value>] {
    [
      .text("label", \.label), .object("caller", \.caller), .object("world", \.world),
      .object("disfluency", ifAny: \.disfluency),
    ]
  }
}

extension TestAgent: Archived {
  static let blank = TestAgent(flow: "")
  static var members: [ArchiveMember<TestAgent>] {
    [.text("flow", \.flow), .text("voice", \.voice), .choice("fault", \.fault, of: Fault.allCases)]
  }
}

extension CallerProfile: Archived {
  static let blank = CallerProfile()
  static var members: [ArchiveMember<CallerProfile>] {
    [
      .text("persona", \.persona), .text("voice", \.voice), .number("ratePercent", \.style.ratePercent),
      .number("pitchPercent", \.style.pitchPercent), .span("pauseBeforeAnswerUs", \.pauseBeforeAnswer),
      .span("patienceUs", \.patience), .object("brief", ifAny: \.brief),
    ]
  }
}

extension CallerBrief: Archived {
  static let blank = CallerBrief(goal: "")
  static var members: [ArchiveMember<CallerBrief>] {
    [
      .text("goal", \.goal), .list("facts", \.facts), .text("manner", \.manner), .texts("must", \.rules.must),
      .texts("accept", \.rules.accept), .texts("never", \.rules.never), .number("turnsMax", \.turnsMax),
      .number("interruptionPercent", \.interruptionPercent), .span("interruptsAfterUs", \.interruptsAfter),
    ]
  }
}

extension CallerFact: Archived {
  static let blank = CallerFact("", "")
  static var members: [ArchiveMember<CallerFact>] {
    [
      .text("id", \.id), .text("value", \.value), .flag("isKeptBack", \.isKeptBack), .texts("askedBy", \.askedBy),
    ]
  }
}

extension DisfluencyRates: Archived {
  static let blank = DisfluencyRates()
  static var members: [ArchiveMember<DisfluencyRates>] {
    [
      .number("fillers", \.fillers), .number("repetitions", \.repetitions), .number("restarts", \.restarts),
      .number("lengthenings", \.lengthenings), .number("pauses", \.pauses), .span("pauseMinUs", \.pauseMin),
      .span("pauseMaxUs", \.pauseMax),
    ]
  }
}

extension CallWorld: Archived {
  static let blank = CallWorld()
  static var members: [ArchiveMember<CallWorld>] {
    [
      .object("noise", ifAny: \.noise), .number("level", \.level), .object("echo", ifAny: \.echo),
      .flag("isTelephone", \.isTelephone),
      ArchiveMember(\.keys) { writer, keys in
        if keys == .inBand { writer.field("keys", keys.rawValue) }
      } read: { fields, blank throws(WireFault) in
        try fields["keys"] == nil ? blank : fields.choice("keys", of: CallWorld.KeySending.allCases)
      },
      .choice("codec", \.codec, of: AudioCodec.allCases),
      .object("network", \.network), .span("disconnectAfterUs", ifAny: \.disconnectAfter),
      .list("engineTroubles", \.engineTroubles),
    ]
  }
}

extension NetworkConditions: Archived {
  static let blank = NetworkConditions()
  static var members: [ArchiveMember<NetworkConditions>] {
    [
      .number("lossPermille", \.lossPermille), .number("lossBurst", \.lossBurst), .span("delayUs", \.delay),
      .span("jitterUs", \.jitter), .number("duplicatePermille", \.duplicatePermille),
    ]
  }
}

extension CallWorld.Echo: Archived {
  static let blank = CallWorld.Echo(level: 0, delay: .zero)
  static var members: [ArchiveMember<CallWorld.Echo>] { [.number("level", \.level), .span("delayUs", \.delay)] }
}

extension CallWorld.EngineTrouble: Archived {
  static let blank = CallWorld.EngineTrouble(engine: .recognition, fromTurn: 0, delay: nil)
  static var members: [ArchiveMember<CallWorld.EngineTrouble>] {
    [
      .choice("engine", \.engine, of: Engine.allCases), .number("fromTurn", \.fromTurn),
      .span("delayUs", ifAny: \.delay),
    ]
  }
}

extension CallWorld.Noise: Archived {
  static let blank = CallWorld.Noise(sort: .white, ratio: 0)
  static var members: [ArchiveMember<CallWorld.Noise>] {
    [
      ArchiveMember(\.sort) { writer, sort in
        writer.field("sort", NoiseWord(sort).rawValue)
        if case .recording(let file) = sort { writer.field("file", file) }
      } read: { fields, _ throws(WireFault) in
        let name = try fields.text("sort")
        guard let word = NoiseWord(rawValue: name) else {
          throw fields.outOfRange("sort", "a known noise", .string(name))
        }
        let file = word == .recording ? try fields.optionalText("file") : nil
        guard let sort = word.sort(file: file) else { throw fields.missing("file", "a text") }
        return sort
      },
      .number("ratio", \.ratio),
    ]
  }
}
