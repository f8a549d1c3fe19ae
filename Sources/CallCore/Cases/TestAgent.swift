/// Who is called.
public struct TestAgent: Sendable, Equatable {
  /// A way in which the built-in agent can be made bad on purpose, to show that a check catches it. Only our own agent can; a
  /// live target is what it is.
  public enum Fault: String, Sendable, CaseIterable {
    /// Hears nothing of what the caller says.
    case deaf
    /// Never says anything.
    case silent
    /// Repeats the caller's words instead of answering.
    case echoing
    /// Talks on when it is interrupted.
    case unyielding
    /// Begins to speak in every pause of the caller.
    case interrupting
    /// Answers with the expected keywords and nothing else.
    case parroting
  }

  /// Name of the flow.
  public var flow: String
  /// The agent's voice; `nil` for the flow's own.
  public var voice: Voice.ID?
  /// What is wrong with it; `nil` for a good one.
  public var fault: Fault?

  /// See the properties.
  public init(flow: String, voice: Voice.ID? = nil, fault: Fault? = nil) {
    self.flow = flow
    self.voice = voice
    self.fault = fault
  }
}
