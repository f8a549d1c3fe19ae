/// The agent's utterance that is being prepared or played, and what comes after it.
struct Reply: Sendable {
  /// What the flow wants when everything was said.
  enum Next: Sendable, Equatable {
    case listen(ListenOptions)
    /// Wait for the tool that was called at `since`.
    case tool(RequestID, since: Timestamp)
    case end(FlowEnding)
  }

  let utterance: UtteranceID
  /// The turn that it answers; 0 for the opening.
  let turn: TurnID
  var spoken: SpokenText
  let isInterruptible: Bool
  let next: Next
  /// The tool's answer, when it came while the agent was speaking.
  var heldAnswer: ToolResponse?
  /// Whether the first packet was sent.
  var hasStarted = false
}
