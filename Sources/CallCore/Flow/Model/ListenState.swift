/// Asks, and goes where the caller's intent leads.
public struct ListenState: Sendable, Equatable {
  /// The question with its intents.
  public var question: FlowQuestion

  /// See the property.
  public init(_ question: FlowQuestion) { self.question = question }
}
