/// What an agent flow asks of the call, in the order in which it is to happen.
public enum FlowOutput: Sendable, Equatable {
  /// The flow went to another state, or to the first one (`from` is empty then). `because` is a few words for people:
  /// an intent, a slot, a branch.
  case entered(state: String, from: String, because: String)
  /// A slot has a value now.
  case filled(slot: String, value: String)
  /// Say this, with every variable already replaced. `interruptible` is false where the caller must hear it out.
  case say(String, interruptible: Bool)
  /// When everything said so far was played, wait for the caller.
  case listen(ListenOptions)
  /// Call a tool; the flow goes on with `.toolAnswered`. What was said before may play meanwhile.
  case callTool(ToolRequest)
  /// When everything said so far was played, hang up.
  case end(FlowEnding)
}
