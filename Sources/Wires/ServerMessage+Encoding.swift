import CallCore
public import JSON

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
    case .turn: Kind.turn.rawValue
    case .error: Kind.error.rawValue
    case .ended: Kind.ended.rawValue
    case .unknown(let type): type
    }
  }
}
