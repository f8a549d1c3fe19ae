/// What decides on the agent's words: a value that takes what the caller did and says what is to happen. `FlowMachine` is one;
/// tests write their own.
public protocol AgentFlow: Sendable {
  /// The state it is in, for people.
  var currentState: String { get }
  /// What the caller gave so far.
  var slots: [String: String] { get }

  /// Appends what follows from `input`, ending with exactly one `.listen`, `.callTool` or `.end`.
  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput])
}
