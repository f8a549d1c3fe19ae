/// Gives a variable a value.
public struct FlowAssignment: Sendable, Equatable {
  /// The variable.
  public var name: String
  /// Its value, with variables replaced.
  public var value: FlowText

  /// See the properties.
  public init(name: String, value: FlowText) {
    self.name = name
    self.value = value
  }
}
