/// A tool that an agent called.
public struct ToolCall: Sendable, Equatable {
  /// Which.
  public var name: String
  /// With what: JSON as the agent wrote it.
  public var arguments: String

  /// - Parameter arguments: JSON.
  public init(name: String, arguments: String) { (self.name, self.arguments) = (name, arguments) }
}
