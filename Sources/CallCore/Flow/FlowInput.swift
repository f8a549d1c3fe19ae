/// What the call tells its agent flow.
public enum FlowInput: Sendable, Equatable {
  /// The call began; sent once.
  case begin
  /// The caller's words of one turn, spoken or typed; not empty.
  case said(String)
  /// The caller's keys of one turn, such as `4711`, without the terminator; not empty.
  case pressed(String)
  /// The caller said nothing for as long as `ListenOptions.noInputAfter`.
  case nothingSaid
  /// The caller spoke, but nothing was understood.
  case notUnderstood
  /// The answer to the tool that the flow called last.
  case toolAnswered(ToolResponse)
}
