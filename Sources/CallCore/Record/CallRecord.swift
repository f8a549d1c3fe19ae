/// What is kept of a call. The call machine writes it; the driver adds what only it knows (ids, wall-clock time, audio counts).
public struct CallRecord: Sendable, Equatable {
  /// Unique over the history; empty until the driver sets it.
  public var id = ""
  /// Name of the flow that the call began with.
  public var flow: String
  /// Id of the agent's voice.
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
  /// The caller's own notes from `start`, and under `wire` what the call was spoken over where that is not our own wire.
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
  /// What a language model did with its tools. Bounded by `TurnLimits.toolCallsMax`; what is beyond it is counted in `toolCallsDropped`.
  public var toolCalls: [ToolCallEntry] = []
  /// Calls that did not fit.
  public var toolCallsDropped = 0
  /// One for each turn that the agent answered aloud.
  public var turnLatencies: [TurnLatency] = []
  /// Set by the driver.
  public var audio = AudioCounts()
  /// How much later the agent's own voice came back in the caller's audio, by the server's clock; `nil`: no echo was taken out. Set by the driver.
  public var echoDelay: CallDuration?

  /// Name of the server that held the call; `nil`: not told, as in records from before it was kept. Set by the server.
  public var node: String?

  package init(flow: String, voice: String) {
    self.flow = flow
    self.voice = voice
  }

  /// What the call was spoken over, by the name of its protocol.
  public var wire: String { metadata["wire"] ?? "voiceforge" }

  /// When the agent paused for speech over it that had no words in it or only a back-channel, and went on.
  public var interruptionsTakenBack: [Timestamp] {
    timeline.filter { $0.kind == .interruptionTakenBack }.map(\.at)
  }

  /// The middle turn latency, or `nil` without any. With an even count the lower of the two.
  public var turnLatencyP50: CallDuration? {
    let sorted = turnLatencies.map(\.total).sorted()
    return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
  }
}

/// One thing that the caller or the agent said.
public struct TranscriptEntry: Sendable, Equatable {
  /// Who spoke. The raw values stand on the wire.
  public enum Role: String, Sendable { case caller, agent }
  /// How it came in. The raw values stand on the wire.
  public enum Source: String, Sendable { case speech, keys, text }

  /// The caller's turn it belongs to; for the agent, the turn it answers.
  public var turn: TurnID
  /// Who spoke.
  public var role: Role
  /// Caller: what was understood. Agent: what it set out to say.
  public var text: String
  /// Agent only: what it says, where that is in other words than `text`: "ten dollars" for `$10`. `nil` where it is the text.
  public var spoken: String?
  /// When the speech began.
  public var at: Timestamp
  /// How it came in; `.speech` for the agent.
  public var source: Source
  /// The agent's utterance; `nil` for the caller.
  public var utterance: UtteranceID?
  /// Whether the caller cut the agent off.
  public var interrupted = false
  /// Agent only: the words that were audible; equals `text` when it was heard to its end. What was never heard is not here.
  public var playedText: String
  /// Agent only: how long it was audible.
  public var heard: CallDuration = .zero

  package init(
    turn: TurnID, role: Role, text: String, at: Timestamp, source: Source, utterance: UtteranceID? = nil,
    playedText: String
  ) {
    self.turn = turn
    self.role = role
    self.text = text
    self.at = at
    self.source = source
    self.utterance = utterance
    self.playedText = playedText
  }
}

/// Something that happened in a call, for the record's timeline.
public struct TimelineEntry: Sendable, Equatable {
  /// What kind of thing happened. The raw values stand in the REST answers.
  public enum Kind: String, Sendable {
    case speechStarted = "speech-started"
    case speechStopped = "speech-stopped"
    case turnEnded = "turn-ended"
    case stateEntered = "state-entered"
    case slotFilled = "slot-filled"
    case agentStarted = "agent-started"
    case agentFinished = "agent-finished"
    case bargeIn = "barge-in"
    case interruptionTakenBack = "interruption-taken-back"
    case keyPressed = "key-pressed"
    case noInput = "no-input"
    case noMatch = "no-match"
    case toolCalled = "tool-called"
    case toolAnswered = "tool-answered"
    case modelAsked = "model-asked"
    case modelAnswered = "model-answered"
    case modelStopped = "model-stopped"
    case modelFailed = "model-failed"
    case engineFailed = "engine-failed"
    case limitReached = "limit-reached"
    case ended
  }

  /// When.
  public var at: Timestamp
  /// What.
  public var kind: Kind
  /// The rest in a few words: a state's name, a slot and its value, an error.
  public var detail: String

  package init(at: Timestamp, kind: Kind, detail: String) {
    self.at = at
    self.kind = kind
    self.detail = detail
  }
}

/// How long the caller waited in one turn: from the end of the caller's last speech to the agent's first audible packet,
/// by stage. The stages follow one another without a gap, so their sum is the whole.
public struct TurnLatency: Sendable, Equatable {
  /// The caller's turn.
  public var turn: TurnID
  /// End of speech → the decision that the turn is over.
  public var endpoint: CallDuration
  /// That decision → the words are known. Zero when speculative recognition was ready before.
  public var recognition: CallDuration
  /// Words → the agent's reply is known, tools included.
  public var flow: CallDuration
  /// Reply → audio of its first sentence is ready. Zero when cached.
  public var synthesis: CallDuration
  /// Audio → its first packet is sent.
  public var playout: CallDuration
  /// What of `flow` went to a language model and its tools; `nil` where none was asked.
  public var model: ModelLatency?
  /// Why the caller's turn was over; `nil` in records from before it was kept.
  public var endedBy: TurnEnding?

  package init(
    turn: TurnID, endpoint: CallDuration, recognition: CallDuration, flow: CallDuration, synthesis: CallDuration,
    playout: CallDuration, model: ModelLatency? = nil, endedBy: TurnEnding? = nil
  ) {
    self.turn = turn
    self.endpoint = endpoint
    self.recognition = recognition
    self.flow = flow
    self.synthesis = synthesis
    self.playout = playout
    self.model = model
    self.endedBy = endedBy
  }

  /// The sum of the stages; clamped, as they may come out of a database.
  public var total: CallDuration {
    endpoint.clampedSum(recognition).clampedSum(flow).clampedSum(synthesis).clampedSum(playout)
  }
}

/// What became of the caller's audio packets.
public struct AudioCounts: Sendable, Equatable {
  /// Packets that arrived and were decoded.
  public var received = 0
  /// Packets that never came, by the gaps in the sequence.
  public var lost = 0
  /// Lost packets whose sound was filled in.
  public var concealed = 0
  /// Packets that came twice, or after they were given up: over 60 ms, or more than three packets, behind one that overtook them. Not used.
  public var late = 0
  /// Packets or frames that could not be used: not decodable, or beyond a limit.
  public var dropped = 0

  /// All zero.
  public init() {}
}
