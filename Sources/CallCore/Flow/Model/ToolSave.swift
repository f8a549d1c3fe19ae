/// Where a value of a tool's answer is kept.
public struct ToolSave: Sendable, Equatable {
  /// The variable.
  public var variable: String
  /// Its path in the JSON answer, such as `order.items.0.name`.
  public var path: String

  /// See the properties.
  public init(_ variable: String, path: String) {
    self.variable = variable
    self.path = path
  }
}
