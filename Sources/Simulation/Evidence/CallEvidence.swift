public import CallCore
import CallDriver
public import Wires

/// Everything that is known of a simulated call once it is over. The verdict is drawn from this and nothing else, whether the call
/// was live, virtual or text only.
public struct CallEvidence: Sendable {
  /// How the call was held.
  public var mode: RunMode
  /// What the caller did, in order. A turn that was not reached is not here.
  public var acts: [CallerAct] = []
  /// What the agent's side told the caller, in order, and when it arrived.
  public var notices: [Notice] = []
  /// Where the caller's own speech is audible, by loudness of the recorded track; by the plan in text mode.
  public var callerSpeech: [SpeechSpan] = []
  /// Where the agent is audible as received; by the model of its pace in text mode.
  public var agentSpeech: [SpeechSpan] = []
  /// When the first packet of each of the agent's utterances was played, audible or not, in order; empty in text mode.
  public var firstPackets: [Timestamp] = []
  /// `nil` in text mode, and once the sound was kept elsewhere.
  public var tracks: CallTracks?
  /// What reports draw of the sound when `tracks` are no longer here.
  public var outline: SoundOutline?
  /// The agent side's own record; `nil` when the call broke off before it came.
  public var record: CallRecord?
  /// What the line did to the caller's packets; zero in text mode.
  public var network = NetworkCounts()
  /// From the start of the call to its end, on the caller's clock.
  public var duration = CallDuration.zero
  /// Why the call could not be held to its end; `nil` when it could.
  public var failure: CallFailure?
  /// Frames of the caller that left over 20 ms late, and all frames. Zero when time is virtual.
  public var lateFrames = 0
  /// See `lateFrames`.
  public var sentFrames = 0
  /// How the agent was reached. What it says over a wire without text was recognised from its track.
  public var wire = CallWire.voiceforge
  /// What the agent's side did that its wire does not allow.
  public var findings: [ConformanceFinding] = []
  /// Tools that the agent called, in order, where the wire tells.
  public var toolCalls: [ToolUse] = []
  /// What was told and what was heard of each of the agent's utterances, where the wire tells its words and they were compared.
  public var comparedWords: [ComparedWords] = []
  /// What a caller with a brief did; `nil` where the turns were written.
  public var improvised: ImprovisedCall?
  /// Who found its words; asked once more when the call is over.
  package var improviser: Improviser?
  /// When the agent had dropped what was not played of it, where that is all it says.
  package var agentCuts: [Timestamp] = []

  /// A message of the agent's side.
  public struct Notice: Sendable, Equatable {
    /// When it arrived.
    public var at: Timestamp
    /// What it says.
    public var message: ServerMessage

    package init(at: Timestamp, message: ServerMessage) { (self.at, self.message) = (at, message) }
  }

  /// A tool that the agent called.
  public struct ToolUse: Sendable, Equatable {
    /// When the call of it arrived.
    public var at: Timestamp
    /// Which, with what.
    public var call: ToolCall

    package init(at: Timestamp, call: ToolCall) { (self.at, self.call) = (at, call) }
  }

  /// Finds out how far a caller with a brief came in the end; blocks as long as its model takes.
  package mutating func concludeImprovising() {
    guard let improviser else { return }
    improviser.conclude()
    improvised = improviser.improvised
    failure = failure ?? improviser.improvised.failure
    self.improviser = nil
  }

  /// What is similar in meaning; set while a verdict is drawn.
  private(set) var meaning: (any MeaningComparer)?

  func compared(by meaning: (any MeaningComparer)?) -> CallEvidence {
    var evidence = self
    evidence.meaning = meaning
    return evidence
  }

  /// Evidence of a call that has not begun.
  public init(mode: RunMode) { self.mode = mode }
}

/// How a simulated call is held.
public enum RunMode: String, Sendable, CaseIterable {
  /// Without sound: the call machine and the flow on a virtual clock; the recogniser is a model that hears every word.
  case text
  /// With the real codecs, detector, recogniser and synthesiser on a virtual clock.
  case virtual
  /// Over a WebSocket, in real time.
  case live
}

/// Both sides of a call as samples: 16 kHz mono, all on one clock that begins with the call. Tracks may differ in length; what is
/// missing at the end is silence.
public struct CallTracks: Sendable, Equatable {
  /// The caller's own voice, before noise and echo are added.
  public var voice: [Int16]
  /// What the caller's microphone gave to the codec: voice, noise, echo and telephone band.
  public var microphone: [Int16]
  /// The agent as the caller heard it; what was cleared before it was played is not here.
  public var agent: [Int16]

  /// Samples per second of every track.
  public static let sampleRate = 16_000

  package init(voice: [Int16] = [], microphone: [Int16] = [], agent: [Int16] = []) {
    (self.voice, self.microphone, self.agent) = (voice, microphone, agent)
  }

  /// How long so many samples last.
  package static func length(_ samples: Int) -> CallDuration {
    .microseconds(Int64(samples) * 1_000_000 / Int64(sampleRate))
  }

  /// Which sample is played at an instant.
  static func position(of instant: Timestamp) -> Int {
    Int(instant.microseconds * Int64(sampleRate) / 1_000_000)
  }
}
