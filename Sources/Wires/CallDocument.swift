public import CallCore
public import JSON

/// A call's record as `GET /api/calls/{id}` and `ended` show it.
public struct CallDocument: Sendable, Equatable {
  /// What was said and measured.
  public var record: CallRecord
  /// Size of the recording as kept; `nil` when there is none.
  public var recordingBytes: Int?

  /// - Parameter recordingBytes: `nil` when there is no recording.
  public init(_ record: CallRecord, recordingBytes: Int?) {
    self.record = record
    self.recordingBytes = recordingBytes
  }
}

extension CallDocument: JSONDocument {
  /// Writes the members of `Wire.md`; instants and spans lose what is below a millisecond, empty `outcome` and
  /// `finalState` are `null`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("id", record.id)
    writer.field("flow", record.flow)
    writer.field("voice", record.voice)
    writer.field("codec", record.codec)
    writer.field("startedAt", UTCTime.text(unixMicroseconds: record.startedAtUnixMicroseconds))
    writer.field("durationMs", record.duration.milliseconds)
    writer.field("reason", record.reason?.rawValue)
    writer.field("outcome", record.outcome.isEmpty ? nil : record.outcome)
    writer.field("finalState", record.finalState.isEmpty ? nil : record.finalState)
    writer.field("slots", record.slots)
    writer.field("metadata", record.metadata)
    writer.field("turns", record.turns)
    writer.list("transcript", record.transcript) { writer, entry in writer.object(entry.writeMembers) }
    writer.list("timeline", record.timeline) { writer, entry in writer.object(entry.writeMembers) }
    writer.list("turnLatencies", record.turnLatencies) { writer, latency in writer.object(latency.writeMembers) }
    writer.object("audio", record.audio.writeMembers)
    writer.field("hasRecording", recordingBytes != nil)
    writer.field("recordingBytes", recordingBytes)
  }

  /// Reads a record; the counts that `Wire.md` does not show are zero.
  init(_ fields: JSONFields) throws(WireFault) {
    record = CallRecord(flow: try fields.text("flow"), voice: try fields.text("voice"))
    record.id = try fields.text("id")
    record.codec = try fields.text("codec")
    let started = try fields.text("startedAt")
    guard let microseconds = UTCTime.unixMicroseconds(started) else {
      throw fields.outOfRange("startedAt", "an instant such as \"2025-11-21T03:45:00.123Z\"", .string(started))
    }
    record.startedAtUnixMicroseconds = microseconds
    record.duration = try fields.span("durationMs")
    record.reason = try fields.optionalChoice("reason", of: CloseReason.allCases)
    record.outcome = try fields.optionalText("outcome") ?? ""
    record.finalState = try fields.optionalText("finalState") ?? ""
    record.slots = try fields.texts("slots")
    record.metadata = try fields.texts("metadata")
    record.turns = try fields.number("turns", 0...WireLimits.countMax)
    record.transcript = try fields.list("transcript") { entry throws(WireFault) in try TranscriptEntry(entry) }
    record.timeline = try fields.list("timeline") { entry throws(WireFault) in try TimelineEntry(entry) }
    record.turnLatencies = try fields.list("turnLatencies") { entry throws(WireFault) in try TurnLatency(entry) }
    record.audio = try AudioCounts(try fields.object("audio"))
    let hasRecording = try fields.flag("hasRecording")
    let bytes = try fields.optionalNumber("recordingBytes", 0...WireLimits.wholeNumberMax)
    recordingBytes = hasRecording ? bytes ?? 0 : nil
  }
}
