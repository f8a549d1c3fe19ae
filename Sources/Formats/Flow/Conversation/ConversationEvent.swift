/// One thing that happened in a text conversation.
public enum ConversationEvent: Sendable, Hashable {
  /// The caller's line.
  case caller(String)
  /// The agent said something.
  case agent(String)
  /// The flow entered a state.
  case state(String, from: String, because: String)
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
    case .state(let state, _, let because): "        → \(state) (\(because))"
    case .slot(let name, let value): "        \(name) = \(value)"
    case .tool(let request, let answer): "        \(request): \(answer)"
    case .end(let reason, let outcome): "ended   \(reason)" + (outcome.isEmpty ? "" : ": \(outcome)")
    }
  }
}
