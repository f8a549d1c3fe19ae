/// Goes on by what is known: the first branch that holds.
public struct DecideState: Sendable, Equatable {
  /// Tried in order.
  public var branches: [FlowBranch]
  /// The state when none holds.
  public var otherwise: String

  /// See the properties.
  public init(_ branches: [FlowBranch], otherwise: String) {
    self.branches = branches
    self.otherwise = otherwise
  }
}
