public import CallCore

/// A finished call with something in every field, on whole milliseconds so that it survives the wire.
public enum SampleRecord {
  /// What the caller said in the first turn.
  public static let caller = TranscriptEntry(
    turn: TurnID(1), role: .caller, text: "A table for \"two\"", at: Timestamp(microseconds: 2_310_000),
    source: .speech,
    playedText: "A table for \"two\"")

  /// What the agent answered; it was interrupted.
  public static var agent: TranscriptEntry {
    var entry = TranscriptEntry(
      turn: TurnID(1), role: .agent, text: "For two. At what time?", at: Timestamp(microseconds: 4_020_000),
      source: .speech, utterance: UtteranceID(2), playedText: "For two.")
    entry.spoken = "For two. At what time o'clock?"
    entry.interrupted = true
    entry.heard = .milliseconds(760)
    return entry
  }

  /// How soon it answered.
  public static let latency = TurnLatency(
    turn: TurnID(1), endpoint: .milliseconds(500), recognition: .milliseconds(60), flow: .milliseconds(1),
    synthesis: .milliseconds(120), playout: .milliseconds(9))

  /// How soon it answered where a language model was asked.
  public static var modelLatency: TurnLatency {
    var latency = latency
    latency.turn = TurnID(2)
    latency.flow = .milliseconds(900)
    latency.endedBy = .meaning
    latency.model = ModelLatency(
      firstToken: .milliseconds(310), firstSentence: .milliseconds(140), tools: .milliseconds(420))
    return latency
  }

  /// What a language model called.
  public static let toolCall = ToolCallEntry(
    number: 1, turn: TurnID(2), at: Timestamp(microseconds: 6_040_000), name: "find-table",
    arguments: ["size": "2", "pin": "…"], state: .done, duration: .milliseconds(420), detail: "status 200")

  /// The whole call.
  public static var call: CallRecord {
    var record = CallRecord(flow: "restaurant", voice: "heart")
    record.id = "c-17"
    record.codec = "opus/16000"
    record.startedAtUnixMicroseconds = 1_763_696_700_123_000
    record.duration = .milliseconds(31_250)
    record.reason = .completed
    record.outcome = "booked"
    record.finalState = "goodbye"
    record.slots = ["size": "2", "name": "Müller"]
    record.metadata = ["source": "page"]
    record.turns = 1
    record.transcript = [caller, agent]
    record.timeline = [
      TimelineEntry(at: .zero, kind: .stateEntered, detail: "greeting"),
      TimelineEntry(at: Timestamp(microseconds: 4_780_000), kind: .bargeIn, detail: "utterance 2"),
    ]
    record.toolCalls = [toolCall]
    record.turnLatencies = [latency, modelLatency]
    record.audio.received = 1560
    record.audio.lost = 4
    record.audio.concealed = 3
    record.audio.late = 2
    record.audio.dropped = 1
    return record
  }
}
