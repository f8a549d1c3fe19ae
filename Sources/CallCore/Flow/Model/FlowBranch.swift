/// One way on from a decision.
public struct FlowBranch: Sendable, Equatable {
  /// The variable that is looked at.
  public var variable: String
  /// What must hold of it.
  public var test: FlowTest
  /// The state when it does.
  public var next: String

  /// See the properties.
  public init(_ variable: String, _ test: FlowTest, next: String) {
    self.variable = variable
    self.test = test
    self.next = next
  }
}
