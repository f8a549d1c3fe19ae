public import CallCore
import JSON

/// `ready`: the call is up, and this was agreed.
public struct ReadyNotice: Sendable, Equatable {
  /// The call's id in the history.
  public var callID: String
  /// How both sides write audio.
  public var codec: AudioCodec
  /// Samples per second.
  public var sampleRate: Int
  /// Name of the flow.
  public var flow: String
  /// Id of the agent's voice.
  public var voice: String
  /// When the call began, in microseconds since 1970 UTC; not on our own wire.
  public var startedAtUnixMicroseconds: Int64 = 0

  package init(callID: String, codec: AudioCodec, sampleRate: Int, flow: String, voice: String) {
    self.callID = callID
    self.codec = codec
    self.sampleRate = sampleRate
    self.flow = flow
    self.voice = voice
  }

  init(_ fields: JSONFields) throws(WireFault) {
    callID = try fields.text("callId")
    codec = try fields.choice("codec", of: AudioCodec.allCases)
    sampleRate = try fields.number("sampleRate", 1...Int(Int32.max))
    flow = try fields.text("flow")
    voice = try fields.text("voice")
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("callId", callID)
    writer.field("codec", codec.rawValue)
    writer.field("sampleRate", sampleRate)
    writer.field("flow", flow)
    writer.field("voice", voice)
  }
}

/// `transcript`: what was said in a turn.
public struct TranscriptNotice: Sendable, Equatable {
  /// The caller's turn it belongs to.
  public var turn: TurnID
  /// Who spoke.
  public var role: TranscriptEntry.Role
  /// The words.
  public var text: String
  /// False while the turn may still go on.
  public var isFinal: Bool
  /// When the speech began; whole milliseconds.
  public var at: Timestamp
  /// How it came in.
  public var source: TranscriptEntry.Source

  /// - Parameter entry: the instant loses what is below a millisecond.
  public init(_ entry: TranscriptEntry, isFinal: Bool) {
    turn = entry.turn
    role = entry.role
    text = entry.text
    self.isFinal = isFinal
    at = Timestamp(microseconds: Int64(entry.at.milliseconds) * 1000)
    source = entry.source
  }

  init(_ fields: JSONFields) throws(WireFault) {
    turn = try fields.turn("turn")
    role = try fields.choice("role", of: [.caller, .agent])
    text = try fields.text("text")
    isFinal = try fields.flag("final")
    at = try fields.instant("at")
    source = try fields.choice("source", of: [.speech, .keys, .text])
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("turn", turn.number)
    writer.field("role", role.rawValue)
    writer.field("text", text)
    writer.field("final", isFinal)
    writer.field("at", at.milliseconds)
    writer.field("source", source.rawValue)
  }
}

/// `agent`: an utterance of the agent began, ended or was cut off.
public struct AgentNotice: Sendable, Equatable {
  /// What happened to it. The raw values stand on the wire.
  public enum State: String, Sendable, CaseIterable {
    case started, finished, interrupted
    /// Silent for speech over it, until it is known whether that is an interruption.
    case paused
    /// It goes on where it paused.
    case resumed

    /// Whether nothing more of the utterance is heard.
    public var isEnd: Bool { self == .finished || self == .interrupted }
  }

  /// What happened.
  public var state: State
  /// The utterance.
  public var utterance: UtteranceID
  /// The caller's turn that it answers.
  public var turn: TurnID
  /// What the agent set out to say.
  public var text: String
  /// What it says, where that is in other words than `text`.
  public var spoken: String?
  /// How long it was audible so far; whole milliseconds.
  public var heard: CallDuration
  /// The words that were audible so far.
  public var playedText: String

  /// - Parameter entry: of the agent, with its utterance; the span is rounded to milliseconds.
  public init(_ state: State, _ entry: TranscriptEntry) {
    guard let utterance = entry.utterance else { preconditionFailure("what the agent says has an utterance") }
    self.state = state
    self.utterance = utterance
    turn = entry.turn
    text = entry.text
    spoken = entry.spoken
    heard = .milliseconds(entry.heard.milliseconds)
    playedText = entry.playedText
  }

  init(_ fields: JSONFields) throws(WireFault) {
    utterance = try fields.utterance("utterance")
    turn = try fields.turn("turn")
    text = try fields.text("text")
    spoken = try fields.optionalText("spoken")
    state = try fields.choice("state", of: State.allCases)
    heard = try fields.span("heardMs")
    playedText = try fields.text("heardText")
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("utterance", utterance.number)
    writer.field("turn", turn.number)
    writer.field("text", text)
    if let spoken { writer.field("spoken", spoken) }
    writer.field("state", state.rawValue)
    writer.field("heardMs", heard.milliseconds)
    writer.field("heardText", playedText)
  }
}
