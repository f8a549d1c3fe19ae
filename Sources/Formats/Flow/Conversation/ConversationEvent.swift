import CallCore

/// One thing that happened in a text conversation.
public enum ConversationEvent: Sendable, Hashable {
  /// The caller's line.
  case caller(String)
  /// The agent said something.
  case agent(String)
  /// The flow entered a state; of another flow, where it transferred to one.
  case state(String, from: String, because: String, transferredTo: String?)
  /// A slot has a value.
  case slot(String, String)
  /// A tool was called, and what became of it.
  case tool(String, String)
  /// The flow ended for this reason with this outcome.
  case end(String, outcome: String)
}

extension ConversationEvent: CustomStringConvertible {
  /// One line for a terminal.
  public var description: String {
    switch self {
    case .caller(let text): "caller  \(text)"
    case .agent(let text): "agent   \(text)"
    case .state(let state, _, let because, _): "        → \(state) (\(because))"
    case .slot(let name, let value): "        \(name) = \(value)"
    case .tool(let request, let answer): "        \(request): \(answer)"
    case .end(let reason, let outcome): "ended   \(reason)" + (outcome.isEmpty ? "" : ": \(outcome)")
    }
  }
}

/// A text conversation as JSON.
public struct ConversationTranscript: Encodable, Sendable {
  /// The flow that was running at the end.
  public var flow: String
  /// The last state.
  public var state: String
  /// Why it ended, in the words of `CloseReason`.
  public var reason: String
  /// The flow's own word for what was reached; empty when the caller hung up.
  public var outcome: String
  /// What was collected, set and saved.
  public var slots: [String: String]
  /// Everything that happened, in order.
  public var events: [ConversationEvent]

  /// - Parameter conversation: one that has not ended counts as hung up.
  public init(_ conversation: TextConversation) {
    flow = conversation.machine.currentFlow
    state = conversation.machine.currentState
    reason = (conversation.ending?.reason ?? .callerHungUp).rawValue
    outcome = conversation.ending?.outcome ?? ""
    slots = conversation.machine.slots
    events = conversation.events
  }
}

extension ConversationEvent: Encodable {
  /// The members of the JSON.
  enum CodingKeys: String, CodingKey {
    case kind, text, state, from, because, transferredTo, slot, value, request, answer, reason, outcome
  }

  /// An object with `kind` and what belongs to it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(fields.kind, forKey: .kind)
    for (key, value) in fields.values { try container.encode(value, forKey: key) }
  }

  /// Its kind, and what belongs to it.
  var fields: (kind: String, values: [(CodingKeys, String)]) {
    switch self {
    case .caller(let text): ("caller", [(.text, text)])
    case .agent(let text): ("agent", [(.text, text)])
    case .state(let state, let from, let because, let other):
      ("state", [(.state, state), (.from, from), (.because, because)] + (other.map { [(.transferredTo, $0)] } ?? []))
    case .slot(let name, let value): ("slot", [(.slot, name), (.value, value)])
    case .tool(let request, let answer): ("tool", [(.request, request), (.answer, answer)])
    case .end(let reason, let outcome): ("end", [(.reason, reason), (.outcome, outcome)])
    }
  }
}
