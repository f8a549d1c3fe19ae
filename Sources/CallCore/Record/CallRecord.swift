/// What is kept of a call. The call machine writes it; the driver adds what only it knows (ids, wall-clock time, audio counts).
public struct CallRecord: Sendable, Equatable {
  /// Unique over the history; empty until the driver sets it.
  public var id = ""
  /// Name of the flow that the call began with.
  public var flow: String
  /// The agent's voice.
  public var voice: String
  /// Codec and rate, such as `opus/16000`; set by the driver.
  public var codec = ""
  /// Microseconds since 1970 UTC; set by the driver.
  public var startedAtUnixMicroseconds: Int64 = 0
  /// From the start of the call to its end.
  public var duration: CallDuration = .zero
  /// Why it ended; `nil` while it goes on.
  public var reason: CloseReason?
  /// What the flow made of the call, such as `booked` or a telephone number; empty when it said nothing.
  public var outcome = ""
  /// The flow's last state.
  public var finalState = ""
  /// What the caller gave, by slot.
  public var slots: [String: String] = [:]
  /// The caller's own notes from `start`.
  public var metadata: [String: String] = [:]
  /// Turns that the caller took.
  public var turns = 0
  /// Bounded by `TurnLimits.transcriptEntriesMax`; what is beyond it is counted in `transcriptDropped`.
  public var transcript: [TranscriptEntry] = []
  /// Entries that did not fit.
  public var transcriptDropped = 0
  /// Bounded by `TurnLimits.timelineEntriesMax`; what is beyond it is counted in `timelineDropped`.
  public var timeline: [TimelineEntry] = []
  /// Entries that did not fit.
  public var timelineDropped = 0
  /// One for each turn that the agent answered aloud.
  public var turnLatencies: [TurnLatency] = []
  /// Set by the driver.
  public var audio = AudioCounts()

  /// - Parameters:
  ///   - flow: name of the flow.
  ///   - voice: id of the agent's voice.
  public init(flow: String, voice: String) {
    self.flow = flow
    self.voice = voice
  }

  /// The middle turn latency, or `nil` without any. With an even count the lower of the two.
  public var turnLatencyP50: CallDuration? {
    let sorted = turnLatencies.map(\.total).sorted()
    return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
  }
}
