public import CallCore
public import JSON

/// A call's record as databases keep it: JSON without loss, down to the microsecond, where REST's is rounded. In two parts, so that a
/// list of calls need not read what was said in them.
public enum CallArchive {
  /// Everything but transcript, timeline and latencies.
  public static func summary(of record: CallRecord) -> [UInt8] { summary.json(of: record) }

  /// Transcript, timeline and latencies.
  public static func course(of record: CallRecord) -> [UInt8] { course.json(of: record) }

  /// - Parameters:
  ///   - summary: as `summary(of:)` wrote it.
  ///   - course: as `course(of:)` wrote it; `nil` for a record without.
  public static func record(summary: [UInt8], course: [UInt8]?) throws(WireFault) -> CallRecord {
    var record = CallRecord(flow: "", voice: "")
    try Self.summary.read(summary, place: "record", into: &record)
    if let course { try Self.course.read(course, place: "course", into: &record) }
    return record
  }

  private static var summary: [ArchiveMember<CallRecord>] {
    [
      .text("id", \.id), .text("flow", \.flow), .text("voice", \.voice), .text("codec", \.codec),
      .instant("startedAtUs", \.startedAtUnixMicroseconds), .span("durationUs", \.duration),
      .choice("reason", \.reason, of: CloseReason.allCases), .text("outcome", \.outcome),
      .text("finalState", \.finalState), .texts("slots", \.slots), .texts("metadata", \.metadata),
      .number("turns", \.turns), .number("transcriptDropped", \.transcriptDropped),
      .number("timelineDropped", \.timelineDropped), .number("toolCallsDropped", \.toolCallsDropped),
      .object("audio", \.audio), .span("echoDelayUs", ifAny: \.echoDelay),
      .text("node", ifAny: \.node),
    ]
  }

  private static var course: [ArchiveMember<CallRecord>] {
    [
      .list("transcript", \.transcript), .list("timeline", \.timeline), .list("toolCalls", \.toolCalls),
      .list("turnLatencies", \.turnLatencies),
    ]
  }
}

extension AudioCounts: Archived {
  static let blank = AudioCounts()
  static var members: [ArchiveMember<AudioCounts>] {
    [
      .number("received", \.received), .number("lost", \.lost), .number("concealed", \.concealed),
      .number("late", \.late), .number("dropped", \.dropped),
    ]
  }
}

extension TranscriptEntry: Archived {
  static let blank = TranscriptEntry(
    turn: TurnID(0), role: .caller, text: "", at: .zero, source: .speech, playedText: "")
  static var members: [ArchiveMember<TranscriptEntry>] {
    [
      .turn("turn", \.turn), .choice("role", \.role, of: [.caller, .agent]), .text("text", \.text),
      .text("spoken", ifAny: \.spoken), .instant("atUs", \.at),
      .choice("source", \.source, of: [.speech, .keys, .text]),
      ArchiveMember(\.utterance) {
        $0.field("utterance", $1?.number)
      } read: { fields, _ throws(WireFault) in
        try fields.storedNumber("utterance", from: 1).map(UtteranceID.init)
      },
      .flag("interrupted", \.interrupted), .text("heardText", \.playedText), .span("heardUs", \.heard),
    ]
  }
}

extension TimelineEntry: Archived {
  static let blank = TimelineEntry(at: .zero, kind: .ended, detail: "")
  static var members: [ArchiveMember<TimelineEntry>] {
    [
      .instant("atUs", \.at),
      ArchiveMember(\.kind) {
        $0.field("kind", $1.rawValue)
      } read: { fields, _ throws(WireFault) in
        let name = try fields.text("kind")
        guard let kind = Kind(rawValue: name) else { throw fields.outOfRange("kind", "a known kind", .string(name)) }
        return kind
      },
      .text("detail", \.detail),
    ]
  }
}

extension ToolCallEntry: Archived {
  static let blank = ToolCallEntry(number: 0, turn: TurnID(0), at: .zero, name: "")
  static var members: [ArchiveMember<ToolCallEntry>] {
    [
      .number("call", \.number), .turn("turn", \.turn), .instant("atUs", \.at), .text("name", \.name),
      .texts("arguments", \.arguments), .choice("state", \.state, of: State.allCases),
      .span("durationUs", ifAny: \.duration), .text("detail", \.detail),
    ]
  }
}

extension ModelLatency: Archived {
  static let blank = ModelLatency()
  static var members: [ArchiveMember<ModelLatency>] {
    [
      .span("firstTokenUs", \.firstToken), .span("firstSentenceUs", \.firstSentence), .span("toolsUs", \.tools),
    ]
  }
}

extension TurnLatency: Archived {
  static let blank = TurnLatency(
    turn: TurnID(0), endpoint: .zero, recognition: .zero, flow: .zero, synthesis: .zero, playout: .zero)
  static var members: [ArchiveMember<TurnLatency>] {
    [
      .turn("turn", \.turn), .span("endpointUs", \.endpoint), .span("recognitionUs", \.recognition),
      .span("flowUs", \.flow), .span("synthesisUs", \.synthesis), .span("playoutUs", \.playout),
      .object("model", ifAny: \.model), .choice("endedBy", ifAny: \.endedBy, of: TurnEnding.allCases),
    ]
  }
}

extension ArchiveMember {
  fileprivate static func turn(_ name: String, _ path: WritableKeyPath<Root, TurnID>) -> Self {
    Self(path) {
      $0.field(name, $1.number)
    } read: { fields, _ throws(WireFault) in
      TurnID(try fields.storedNumber(name) ?? 0)
    }
  }
}
