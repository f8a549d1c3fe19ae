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
    writer.list("toolCalls", record.toolCalls) { writer, entry in writer.object(entry.writeMembers) }
    writer.list("turnLatencies", record.turnLatencies) { writer, latency in writer.object(latency.writeMembers) }
    writer.object("audio", record.audio.writeMembers)
    if let delay = record.echoDelay { writer.field("echoDelayMs", delay.milliseconds) }
    if let node = record.node { writer.field("node", node) }
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
    record.toolCalls = try fields.list("toolCalls") { entry throws(WireFault) in try ToolCallEntry(entry) }
    record.turnLatencies = try fields.list("turnLatencies") { entry throws(WireFault) in try TurnLatency(entry) }
    record.audio = try AudioCounts(try fields.object("audio"))
    record.echoDelay = try fields.optionalNumber("echoDelayMs", 0...WireLimits.countMax).map { .milliseconds($0) }
    record.node = try fields.optionalText("node")
    let hasRecording = try fields.flag("hasRecording")
    let bytes = try fields.optionalNumber("recordingBytes", 0...WireLimits.wholeNumberMax)
    recordingBytes = hasRecording ? bytes ?? 0 : nil
  }
}

extension TranscriptEntry {
  package func writeMembers(to writer: inout JSONWriter) {
    writer.field("turn", turn.number)
    writer.field("role", role.rawValue)
    writer.field("text", text)
    if let spoken { writer.field("spoken", spoken) }
    writer.field("at", at.milliseconds)
    writer.field("source", source.rawValue)
    writer.field("utterance", utterance?.number)
    writer.field("interrupted", interrupted)
    writer.field("heardText", playedText)
    writer.field("heardMs", heard.milliseconds)
  }

  init(_ fields: JSONFields) throws(WireFault) {
    self.init(
      turn: try fields.turn("turn"), role: try fields.choice("role", of: [.caller, .agent]),
      text: try fields.text("text"),
      at: try fields.instant("at"), source: try fields.choice("source", of: [.speech, .keys, .text]),
      utterance: try fields["utterance"].map { _ throws(WireFault) in try fields.utterance("utterance") },
      playedText: try fields.text("heardText"))
    spoken = try fields.optionalText("spoken")
    interrupted = try fields.flag("interrupted")
    heard = try fields.span("heardMs")
  }
}

extension TimelineEntry {
  func writeMembers(to writer: inout JSONWriter) {
    writer.field("at", at.milliseconds)
    writer.field("kind", kind.rawValue)
    writer.field("detail", detail)
  }

  init(_ fields: JSONFields) throws(WireFault) {
    let name = try fields.text("kind")
    guard let kind = Kind(rawValue: name) else { throw fields.outOfRange("kind", "a known kind", .string(name)) }
    self.init(at: try fields.instant("at"), kind: kind, detail: try fields.text("detail"))
  }
}

extension ToolCallEntry {
  package func writeMembers(to writer: inout JSONWriter) {
    writer.field("call", number)
    writer.field("turn", turn.number)
    writer.field("at", at.milliseconds)
    writer.field("name", name)
    writer.field("arguments", arguments)
    writer.field("state", state.rawValue)
    writer.field("durationMs", duration?.milliseconds)
    writer.field("detail", detail)
  }

  init(_ fields: JSONFields) throws(WireFault) {
    self.init(
      number: try fields.number("call", 1...WireLimits.countMax), turn: try fields.turn("turn"),
      at: try fields.instant("at"), name: try fields.text("name"), arguments: try fields.texts("arguments"),
      state: try fields.choice("state", of: State.allCases),
      duration: try fields["durationMs"].map { _ throws(WireFault) in try fields.span("durationMs") },
      detail: try fields.text("detail"))
  }
}

extension TurnLatency {
  init(_ fields: JSONFields) throws(WireFault) {
    let stages = try fields.object("stages")
    self.init(
      turn: try fields.turn("turn"), endpoint: try stages.span("endpointMs"),
      recognition: try stages.span("recognitionMs"), flow: try stages.span("flowMs"),
      synthesis: try stages.span("synthesisMs"), playout: try stages.span("playoutMs"),
      model: try fields["model"].map { _ throws(WireFault) in try ModelLatency(try fields.object("model")) },
      endedBy: try fields.optionalChoice("endedBy", of: TurnEnding.allCases))
    if let model, model.total.milliseconds > flow.milliseconds {
      throw WireFault(
        .outOfRange,
        "\(fields.place).model: expected at most \(flow.milliseconds) ms together, got \(model.total.milliseconds)")
    }
    let latency = try fields.number("latencyMs", 0...WireLimits.millisecondsMax * 5)
    guard latency == total.milliseconds else {
      throw WireFault(
        .outOfRange, "\(fields.place).latencyMs: expected the stages' sum \(total.milliseconds), got \(latency)")
    }
  }

  /// Whole milliseconds whose sum is the rounded sum: the instants between the stages are rounded, not the stages.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.field("turn", turn.number)
    writer.field("latencyMs", total.milliseconds)
    var elapsed = CallDuration.zero
    func milliseconds(_ stage: CallDuration) -> Int {
      let before = elapsed.milliseconds
      elapsed = elapsed.clampedSum(stage)
      return elapsed.milliseconds - before
    }
    writer.object("stages") { writer in
      writer.field("endpointMs", milliseconds(endpoint))
      writer.field("recognitionMs", milliseconds(recognition))
      writer.field("flowMs", milliseconds(flow))
      writer.field("synthesisMs", milliseconds(synthesis))
      writer.field("playoutMs", milliseconds(playout))
    }
    if let endedBy { writer.field("endedBy", endedBy.rawValue) }
    guard let model else { return }
    elapsed = endpoint.clampedSum(recognition)
    writer.object("model") { writer in
      writer.field("firstTokenMs", milliseconds(model.firstToken))
      writer.field("firstSentenceMs", milliseconds(model.firstSentence))
      writer.field("toolsMs", milliseconds(model.tools))
    }
  }
}

extension ModelLatency {
  fileprivate init(_ fields: JSONFields) throws(WireFault) {
    self.init(
      firstToken: try fields.span("firstTokenMs"), firstSentence: try fields.span("firstSentenceMs"),
      tools: try fields.span("toolsMs"))
  }
}

extension AudioCounts {
  func writeMembers(to writer: inout JSONWriter) {
    writer.field("received", received)
    writer.field("lost", lost)
    writer.field("concealed", concealed)
    writer.field("late", late)
    writer.field("dropped", dropped)
  }

  init(_ fields: JSONFields) throws(WireFault) {
    self.init()
    received = try fields.number("received", 0...WireLimits.wholeNumberMax)
    lost = try fields.number("lost", 0...WireLimits.wholeNumberMax)
    concealed = try fields.number("concealed", 0...WireLimits.wholeNumberMax)
    late = try fields.number("late", 0...WireLimits.wholeNumberMax)
    dropped = try fields.number("dropped", 0...WireLimits.wholeNumberMax)
  }
}
