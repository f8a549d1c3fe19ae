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
  /// An utterance of the agent began, paused, went on, ended or was cut off.
  case agent(AgentNotice)
  /// The client drops what is queued of this utterance now.
  case clear(UtteranceID)
  /// A language model used a tool, or the result of one is there.
  case tool(ToolCallEntry)
  /// A turn was answered.
  case turn(TurnLatency)
  /// Something is wrong; the call goes on unless it is fatal.
  case error(code: String, message: String, fatal: Bool)
  /// The call is over; the record is absent when there was none, as after `refused`.
  case ended(CloseReason, CallDocument?)
  /// Only when decoding: a message that a newer server sent. Clients pass over it.
  case unknown(type: String)

  /// - Parameter report: from the call; instants and spans lose what is below a millisecond.
  /// - Returns: `nil` for what only clients of other wires ask for.
  public init?(_ report: CallReport) {
    switch report {
    case .speechStarted(let at): self = .speech(started: true, at: at)
    case .speechStopped(let at): self = .speech(started: false, at: at)
    case .transcript(let entry, let isFinal): self = .transcript(TranscriptNotice(entry, isFinal: isFinal))
    case .stateEntered(let name, let from, let because): self = .state(name: name, from: from, because: because)
    case .agentStarted(let entry), .agentContinued(let entry): self = .agent(AgentNotice(.started, entry))
    case .agentFinished(let entry): self = .agent(AgentNotice(.finished, entry))
    case .agentInterrupted(let entry): self = .agent(AgentNotice(.interrupted, entry))
    case .agentPaused(let entry): self = .agent(AgentNotice(.paused, entry))
    case .agentResumed(let entry): self = .agent(AgentNotice(.resumed, entry))
    case .clear(let utterance): self = .clear(utterance)
    case .nobodySpoke, .toolsWanted: return nil
    case .toolUsed(let entry): self = .tool(entry)
    case .turnAnswered(let latency): self = .turn(latency)
    case .trouble(let code, let message): self = .error(code: code, message: message, fatal: false)
    }
  }

  /// - Parameter fault: to be told to the client that caused it.
  public init(_ fault: WireFault) {
    self = .error(code: fault.code.rawValue, message: fault.message, fatal: fault.isFatal)
  }

  /// The values of `type`, in the order of `Wire.md`.
  enum Kind: String, CaseIterable { case ready, speech, transcript, state, agent, clear, tool, turn, error, ended }
}

extension ServerMessage {
  /// Longest text frame that a client takes: the record of a full call, 1,000 transcript entries among it, has about 1 MB.
  public static let frameBytesMax = 8 * 1024 * 1024

  /// Reads a text frame of the server.
  /// - Parameter frame: UTF-8 as received; checked here; at most `frameBytesMax`.
  /// - Throws: what is wrong with a known type; an unknown type is `.unknown`.
  public init(decoding frame: UnsafeRawBufferPointer) throws(WireFault) {
    let fields = try JSONFields(frame: frame, bytesMax: Self.frameBytesMax, nestingMax: WireLimits.nestingMax)
    guard let kind = Kind(rawValue: fields.place) else {
      self = .unknown(type: fields.place)
      return
    }
    switch kind {
    case .ready: self = .ready(try ReadyNotice(fields))
    case .speech:
      self = .speech(
        started: try fields.choice("state", of: SpeechState.allCases) == .started, at: try fields.instant("at"))
    case .transcript: self = .transcript(try TranscriptNotice(fields))
    case .state:
      self = .state(name: try fields.text("name"), from: try fields.text("from"), because: try fields.text("because"))
    case .agent: self = .agent(try AgentNotice(fields))
    case .clear: self = .clear(try fields.utterance("utterance"))
    case .tool: self = .tool(try ToolCallEntry(fields))
    case .turn: self = .turn(try TurnLatency(fields))
    case .error:
      self = .error(
        code: try fields.text("code"), message: try fields.text("message"), fatal: try fields.flag("fatal"))
    case .ended: self = try Self.ended(fields)
    }
  }

  /// The same for a frame in an array.
  public init(decoding frame: [UInt8]) throws(WireFault) {
    self = try frame.span.bytes.withUnsafeBytes { bytes throws(WireFault) in try ServerMessage(decoding: bytes) }
  }

  private enum SpeechState: String, CaseIterable { case started, stopped }

  private static func ended(_ fields: JSONFields) throws(WireFault) -> ServerMessage {
    let reason = try fields.choice("reason", of: CloseReason.allCases)
    guard fields["record"] != nil else { return .ended(reason, nil) }
    return .ended(reason, try CallDocument(try fields.object("record")))
  }
}

extension ServerMessage: JSONDocument {
  /// Writes the frame's members, `type` first.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("type", typeName)
    switch self {
    case .ready(let notice): notice.writeMembers(to: &writer)
    case .speech(let started, let at):
      writer.field("state", started ? "started" : "stopped")
      writer.field("at", at.milliseconds)
    case .transcript(let notice): notice.writeMembers(to: &writer)
    case .state(let name, let from, let because):
      writer.field("name", name)
      writer.field("from", from)
      writer.field("because", because)
    case .agent(let notice): notice.writeMembers(to: &writer)
    case .clear(let utterance): writer.field("utterance", utterance.number)
    case .tool(let entry): entry.writeMembers(to: &writer)
    case .turn(let latency): latency.writeMembers(to: &writer)
    case .error(let code, let message, let fatal):
      writer.field("code", code)
      writer.field("message", message)
      writer.field("fatal", fatal)
    case .ended(let reason, let document):
      writer.field("reason", reason.rawValue)
      if let document { writer.object("record", document.writeMembers) }
    case .unknown: break
    }
  }

  private var typeName: String {
    switch self {
    case .ready: Kind.ready.rawValue
    case .speech: Kind.speech.rawValue
    case .transcript: Kind.transcript.rawValue
    case .state: Kind.state.rawValue
    case .agent: Kind.agent.rawValue
    case .clear: Kind.clear.rawValue
    case .tool: Kind.tool.rawValue
    case .turn: Kind.turn.rawValue
    case .error: Kind.error.rawValue
    case .ended: Kind.ended.rawValue
    case .unknown(let type): type
    }
  }
}
