public import CallCore
public import JSON

/// A text frame from server to client.
public enum ServerMessage: Sendable, Equatable {
  /// The call is up.
  case ready(ReadyNotice)
  /// The caller began to speak (`started`), or ended a turn.
  case speech(started: Bool, at: Timestamp)
  /// What was said.
  case transcript(TranscriptNotice)
  /// The flow went to another state.
  case state(name: String, from: String, because: String)
  /// An utterance of the agent began, ended or was cut off.
  case agent(AgentNotice)
  /// The client drops what is queued of this utterance now.
  case clear(UtteranceID)
  /// A turn was answered.
  case turn(TurnLatency)
  /// Something is wrong; the call goes on unless it is fatal.
  case error(code: String, message: String, fatal: Bool)
  /// The call is over; the record is absent when there was none, as after `refused`.
  case ended(CloseReason, CallDocument?)
  /// Only when decoding: a message that a newer server sent. Clients pass over it.
  case unknown(type: String)

  /// - Parameter report: from the call; instants and spans lose what is below a millisecond.
  public init(_ report: CallReport) {
    switch report {
    case .speechStarted(let at): self = .speech(started: true, at: at)
    case .speechStopped(let at): self = .speech(started: false, at: at)
    case .transcript(let entry, let isFinal): self = .transcript(TranscriptNotice(entry, isFinal: isFinal))
    case .stateEntered(let name, let from, let because): self = .state(name: name, from: from, because: because)
    case .agentStarted(let entry): self = .agent(AgentNotice(.started, entry))
    case .agentFinished(let entry): self = .agent(AgentNotice(.finished, entry))
    case .agentInterrupted(let entry): self = .agent(AgentNotice(.interrupted, entry))
    case .clear(let utterance): self = .clear(utterance)
    case .turnAnswered(let latency): self = .turn(latency)
    case .trouble(let code, let message): self = .error(code: code, message: message, fatal: false)
    }
  }

  /// - Parameter fault: to be told to the client that caused it.
  public init(_ fault: WireFault) {
    self = .error(code: fault.code.rawValue, message: fault.message, fatal: fault.isFatal)
  }

  /// The values of `type`, in the order of `Wire.md`.
  enum Kind: String, CaseIterable { case ready, speech, transcript, state, agent, clear, turn, error, ended }
}
