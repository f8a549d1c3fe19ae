public import CallCore
public import JSON

/// A call's record as databases keep it: JSON without loss, down to the microsecond, where REST's is rounded. In two parts, so that a
/// list of calls need not read what was said in them.
public enum CallArchive {
  private struct Summary: Archived {
    static let blank = Summary(record: CallRecord(flow: "", voice: ""))
    var record: CallRecord

    mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
      try members.text("id", &record.id)
      try members.text("flow", &record.flow)
      try members.text("voice", &record.voice)
      try members.text("codec", &record.codec)
      try members.number("startedAtUs", &record.startedAtUnixMicroseconds)
      try members.span("durationUs", &record.duration)
      try members.choice("reason", &record.reason)
      try members.text("outcome", &record.outcome)
      try members.text("finalState", &record.finalState)
      try members.texts("slots", &record.slots)
      try members.texts("metadata", &record.metadata)
      try members.number("turns", &record.turns)
      try members.number("transcriptDropped", &record.transcriptDropped)
      try members.number("timelineDropped", &record.timelineDropped)
      try members.object("audio", &record.audio)
    }
  }

  private struct Course: Archived {
    static let blank = Course(record: CallRecord(flow: "", voice: ""))
    var record: CallRecord

    mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
      try members.list("transcript", &record.transcript)
      try members.list("timeline", &record.timeline)
      try members.list("turnLatencies", &record.turnLatencies)
    }
  }

  /// Everything but transcript, timeline and latencies.
  public static func summary(of record: CallRecord) -> [UInt8] { ArchiveMembers.json(of: Summary(record: record)) }

  /// Transcript, timeline and latencies.
  public static func course(of record: CallRecord) -> [UInt8] { ArchiveMembers.json(of: Course(record: record)) }

  /// - Parameters:
  ///   - summary: as `summary(of:)` wrote it.
  ///   - course: as `course(of:)` wrote it; `nil` for a record without.
  public static func record(summary: [UInt8], course: [UInt8]?) throws(WireFault) -> CallRecord {
    let read: Summary = try ArchiveMembers.value(of: summary, place: "record")
    var record = read.record
    guard let course else { return record }
    let said: Course = try ArchiveMembers.value(of: course, place: "course")
    record.transcript = said.record.transcript
    record.timeline = said.record.timeline
    record.turnLatencies = said.record.turnLatencies
    return record
  }
}

extension AudioCounts: Archived {
  static var blank: AudioCounts { AudioCounts() }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.number("received", &received)
    try members.number("lost", &lost)
    try members.number("concealed", &concealed)
    try members.number("late", &late)
    try members.number("dropped", &dropped)
  }
}

extension TranscriptEntry: Archived {
  static var blank: TranscriptEntry {
    TranscriptEntry(turn: TurnID(0), role: .caller, text: "", at: .zero, source: .speech, playedText: "")
  }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.turn("turn", &turn)
    try members.choice("role", &role, of: [.caller, .agent])
    try members.text("text", &text)
    try members.instant("atUs", &at)
    try members.choice("source", &source, of: [.speech, .keys, .text])
    try members.utterance("utterance", &utterance)
    try members.flag("interrupted", &interrupted)
    try members.text("heardText", &playedText)
    try members.span("heardUs", &heard)
  }
}

extension TimelineEntry: Archived {
  static var blank: TimelineEntry { TimelineEntry(at: .zero, kind: .ended, detail: "") }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.instant("atUs", &at)
    try members.member(&kind) { writer, kind in
      writer.field("kind", kind.rawValue)
    } read: { fields throws(WireFault) in
      let name = try fields.text("kind")
      guard let kind = Kind(rawValue: name) else { throw fields.outOfRange("kind", "a known kind", .string(name)) }
      return kind
    }
    try members.text("detail", &detail)
  }
}

extension TurnLatency: Archived {
  static var blank: TurnLatency {
    TurnLatency(turn: TurnID(0), endpoint: .zero, recognition: .zero, flow: .zero, synthesis: .zero, playout: .zero)
  }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.turn("turn", &turn)
    try members.span("endpointUs", &endpoint)
    try members.span("recognitionUs", &recognition)
    try members.span("flowUs", &flow)
    try members.span("synthesisUs", &synthesis)
    try members.span("playoutUs", &playout)
  }
}
