/// A way from one state to another.
public struct FlowTransition: Sendable, Hashable, Codable {
  /// A state.
  public var from: String
  /// A state, or `flow:NAME` for another flow.
  public var to: String
  /// What leads there, in a few words.
  public var label: String

  /// See the properties.
  public init(from: String, to: String, label: String) {
    self.from = from
    self.to = to
    self.label = label
  }
}
