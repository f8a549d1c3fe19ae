public import CallCore
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
  /// `nil` in text mode.
  public var tracks: CallTracks?
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

  /// A message of the agent's side.
  public struct Notice: Sendable, Equatable {
    /// When it arrived.
    public var at: Timestamp
    /// What it says.
    public var message: ServerMessage

    /// See the properties.
    public init(at: Timestamp, message: ServerMessage) {
      self.at = at
      self.message = message
    }
  }

  /// Evidence of a call that has not begun.
  public init(mode: RunMode) { self.mode = mode }
}
