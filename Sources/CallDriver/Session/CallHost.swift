public import CallCore

/// The other end of a call: whoever carries its packets and messages. Lives on the call's loop.
public protocol CallHost: AnyObject {
  /// Sends one packet of the agent's audio.
  /// - Returns: false when the connection cannot take it now; it is then offered again.
  func send(_ packet: AgentPacket) -> Bool

  /// Tells the client.
  func send(_ report: CallReport)

  /// The call is over; nothing follows.
  func ended(_ call: StoredCall)
}

/// The number of a call within this process, never used twice.
public struct CallNumber: Sendable, Hashable {
  /// 1 and up.
  public let value: UInt64

  /// - Parameter value: 1 and up.
  public init(_ value: UInt64) { self.value = value }
}

/// What a call is set up with.
public struct CallSettings: Sendable {
  /// Unique over the history.
  public var id: String
  /// Name of the flow.
  public var flowName: String
  /// The agent's voice.
  public var voice: Voice.ID
  /// Codec and rate, both ways.
  public var format: AudioFormat
  /// What the caller speaks: the flow's, as a BCP 47 tag.
  public var language = SpeechLanguage.usual
  /// The caller's own notes.
  public var metadata: [String: String] = [:]
  /// Microseconds since 1970 UTC at the start.
  public var startedAtUnixMicroseconds: Int64 = 0
  /// The trace that the call belongs to, and is told to tools and models; `nil`: none.
  public var spans: SpanContext?
  /// What bounds the call.
  public var limits = TurnLimits()
  /// Whether speech must be about as loud as the caller usually is to interrupt the agent; otherwise any speech does.
  public var comparesLevels = true
  /// How much sooner than due the agent's packets are sent, at most 200 ms; `nil`: 40 ms.
  public var agentLead: CallDuration?
  /// Whether keys that the caller's telephone sends as sound are found in it. A key that comes as a message, too, counts once.
  public var hearsKeyTones = false
  /// Whether the beep of an answering machine is found in the caller's sound: for flows that await one.
  public var hearsBeeps = false
  /// Whether the agent's words are not spoken: nothing is synthesised, and they count as said at once.
  public var isAgentSilent = false
  /// Most bytes of each side's recording: 2 MB is 11 minutes of 24 kbit/s speech. Later packets are left out. Address space for
  /// all of it is reserved at the start; memory is taken as packets come.
  public var recordingBytesMax = 2_000_000

  package init(id: String, flowName: String, voice: Voice.ID, format: AudioFormat) {
    self.id = id
    self.flowName = flowName
    self.voice = voice
    self.format = format
  }
}
