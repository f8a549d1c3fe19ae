public import CallCore
public import CallDriver

/// Calls to be kept.
public enum SampleCall {
  /// - Parameter recordingBytes: of both sides together, some bytes more or less; `nil` for a call without.
  public static func named(
    _ id: String, flow: String = "restaurant", outcome: String = "", reason: CloseReason = .completed,
    recordingBytes: Int? = nil
  ) -> StoredCall {
    var record = CallRecord(flow: flow, voice: "heart")
    record.id = id
    record.outcome = outcome
    record.reason = reason
    return StoredCall(record: record, recording: recordingBytes.map(recording))
  }

  /// A call with something in every field.
  public static func full(_ id: String) -> StoredCall {
    var call = named(id, flow: "clinic", outcome: "booked", reason: .callerHungUp, recordingBytes: 2000)
    call.record.codec = "opus/16000"
    call.record.startedAtUnixMicroseconds = 1_763_696_700_123_456
    call.record.duration = .microseconds(31_250_001)
    call.record.finalState = "goodbye"
    call.record.slots = ["size": "2", "name": "Müller 😀"]
    call.record.metadata = ["source": "page", "size": "two"]
    call.record.turns = 3
    var entry = TranscriptEntry(
      turn: TurnID(1), role: .agent, text: "For two. At what time?", at: Timestamp(microseconds: 4_020_001),
      source: .speech, utterance: UtteranceID(2), playedText: "For two.")
    entry.interrupted = true
    entry.heard = .milliseconds(760)
    call.record.transcript = [entry]
    call.record.transcriptDropped = 4
    call.record.timeline = [TimelineEntry(at: .zero, kind: .stateEntered, detail: "greeting")]
    call.record.timelineDropped = 5
    call.record.turnLatencies = [600, 900, 700].map(latency)
    call.record.audio.received = 1560
    call.record.audio.lost = 4
    return call
  }

  private static func latency(_ milliseconds: Int) -> TurnLatency {
    TurnLatency(
      turn: TurnID(1), endpoint: .milliseconds(milliseconds), recognition: .zero, flow: .zero, synthesis: .zero,
      playout: .zero)
  }

  private static func recording(_ bytes: Int) -> CallRecording {
    CallRecording(caller: track(bytes / 2), agent: track(bytes - bytes / 2))
  }

  private static func track(_ bytes: Int) -> RecordedTrack {
    let packets = UInt32(bytes / 100)
    return RecordedTrack(
      format: AudioFormat(codec: .opus, sampleRate: 16_000), bytes: [UInt8](repeating: 7, count: Int(packets) * 92),
      positions: (0..<packets).map { $0 * 320 }, ends: (0..<packets).map { ($0 + 1) * 92 })
  }
}
