public import CallCore
public import JSON

/// A call's record as databases keep it: JSON without loss, down to the microsecond, where REST's is rounded. In two parts, so that a
/// list of calls need not read what was said in them.
///
/// Members that a later version adds must be read with a default: what is in a database stays there over many versions.
public enum CallArchive {
  /// Everything but transcript, timeline and latencies.
  public static func summary(of record: CallRecord) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("id", record.id)
      writer.field("flow", record.flow)
      writer.field("voice", record.voice)
      writer.field("codec", record.codec)
      writer.field("startedAtUs", record.startedAtUnixMicroseconds)
      writer.field("durationUs", record.duration.microseconds)
      writer.field("reason", record.reason?.rawValue)
      writer.field("outcome", record.outcome)
      writer.field("finalState", record.finalState)
      writer.field("slots", record.slots)
      writer.field("metadata", record.metadata)
      writer.field("turns", record.turns)
      writer.field("transcriptDropped", record.transcriptDropped)
      writer.field("timelineDropped", record.timelineDropped)
      writer.object("audio") { writer in
        writer.field("received", record.audio.received)
        writer.field("lost", record.audio.lost)
        writer.field("concealed", record.audio.concealed)
        writer.field("late", record.audio.late)
        writer.field("dropped", record.audio.dropped)
      }
    }
    return writer.bytes
  }

  /// Transcript, timeline and latencies.
  public static func course(of record: CallRecord) -> [UInt8] {
    var writer = JSONWriter(reserving: 4096)
    writer.object { writer in
      writer.list("transcript", record.transcript) { writer, entry in writer.object { write(entry, to: &$0) } }
      writer.list("timeline", record.timeline) { writer, entry in
        writer.object { writer in
          writer.field("atUs", entry.at.microseconds)
          writer.field("kind", entry.kind.rawValue)
          writer.field("detail", entry.detail)
        }
      }
      writer.list("turnLatencies", record.turnLatencies) { writer, latency in
        writer.object { write(latency, to: &$0) }
      }
    }
    return writer.bytes
  }

  /// - Parameters:
  ///   - summary: as `summary(of:)` wrote it.
  ///   - course: as `course(of:)` wrote it; `nil` for a record without.
  public static func record(summary: [UInt8], course: [UInt8]?) throws(WireFault) -> CallRecord {
    let fields = try JSONFields(archived: summary, place: "record")
    var record = CallRecord(flow: try fields.text("flow"), voice: try fields.text("voice"))
    record.id = try fields.text("id")
    record.codec = try fields.text("codec")
    record.startedAtUnixMicroseconds = try fields.microseconds("startedAtUs")
    record.duration = try fields.exactSpan("durationUs")
    record.reason = try fields.optionalChoice("reason", of: CloseReason.allCases)
    record.outcome = try fields.text("outcome")
    record.finalState = try fields.text("finalState")
    record.slots = try fields.texts("slots")
    record.metadata = try fields.texts("metadata")
    record.turns = try fields.number("turns")
    record.transcriptDropped = try fields.number("transcriptDropped")
    record.timelineDropped = try fields.number("timelineDropped")
    let audio = try fields.object("audio")
    record.audio.received = try audio.number("received")
    record.audio.lost = try audio.number("lost")
    record.audio.concealed = try audio.number("concealed")
    record.audio.late = try audio.number("late")
    record.audio.dropped = try audio.number("dropped")
    guard let course else { return record }
    let said = try JSONFields(archived: course, place: "course")
    record.transcript = try said.list("transcript", transcriptEntry)
    record.timeline = try said.list("timeline", timelineEntry)
    record.turnLatencies = try said.list("turnLatencies", latency)
    return record
  }

  static func write(_ entry: TranscriptEntry, to writer: inout JSONWriter) {
    writer.field("turn", entry.turn.number)
    writer.field("role", entry.role.rawValue)
    writer.field("text", entry.text)
    writer.field("atUs", entry.at.microseconds)
    writer.field("source", entry.source.rawValue)
    writer.field("utterance", entry.utterance?.number)
    writer.field("interrupted", entry.interrupted)
    writer.field("heardText", entry.playedText)
    writer.field("heardUs", entry.heard.microseconds)
  }

  static func write(_ latency: TurnLatency, to writer: inout JSONWriter) {
    writer.field("turn", latency.turn.number)
    writer.field("endpointUs", latency.endpoint.microseconds)
    writer.field("recognitionUs", latency.recognition.microseconds)
    writer.field("flowUs", latency.flow.microseconds)
    writer.field("synthesisUs", latency.synthesis.microseconds)
    writer.field("playoutUs", latency.playout.microseconds)
  }

  static func transcriptEntry(_ fields: JSONFields) throws(WireFault) -> TranscriptEntry {
    var entry = TranscriptEntry(
      turn: TurnID(try fields.number("turn")), role: try fields.choice("role", of: [.caller, .agent]),
      text: try fields.text("text"), at: Timestamp(microseconds: try fields.microseconds("atUs")),
      source: try fields.choice("source", of: [.speech, .keys, .text]),
      utterance: try fields.storedNumber("utterance", from: 1).map(UtteranceID.init),
      playedText: try fields.text("heardText"))
    entry.interrupted = try fields.isSet("interrupted")
    entry.heard = try fields.exactSpan("heardUs")
    return entry
  }

  private static func timelineEntry(_ fields: JSONFields) throws(WireFault) -> TimelineEntry {
    let name = try fields.text("kind")
    guard let kind = TimelineEntry.Kind(rawValue: name) else {
      throw fields.outOfRange("kind", "a known kind", .string(name))
    }
    return TimelineEntry(
      at: Timestamp(microseconds: try fields.microseconds("atUs")), kind: kind, detail: try fields.text("detail"))
  }

  static func latency(_ fields: JSONFields) throws(WireFault) -> TurnLatency {
    TurnLatency(
      turn: TurnID(try fields.number("turn")), endpoint: try fields.exactSpan("endpointUs"),
      recognition: try fields.exactSpan("recognitionUs"), flow: try fields.exactSpan("flowUs"),
      synthesis: try fields.exactSpan("synthesisUs"), playout: try fields.exactSpan("playoutUs"))
  }
}
