/// One state of a flow.
public struct FlowState: Sendable, Equatable {
  /// Unique in its flow.
  public var name: String
  /// Variables that get a value as the state is entered, in order.
  public var sets: [FlowAssignment]
  /// What the state does.
  public var kind: FlowStateKind

  /// See the properties.
  public init(name: String, sets: [FlowAssignment] = [], kind: FlowStateKind) {
    self.name = name
    self.sets = sets
    self.kind = kind
  }
}
