/// A flow as it was written at some time. Nothing changes in it: a change makes a version of its own.
public struct FlowVersion: Sendable, Equatable {
  /// Of the flow.
  public var name: String
  /// 1 and up; a removed flow that is added again begins anew.
  public var version: Int
  /// The file, YAML.
  public var text: String
  /// When it was saved, in microseconds since 1970 UTC.
  public var savedAtUnixMicroseconds: Int64

  /// - Parameters: see the properties.
  public init(name: String, version: Int, text: String, savedAtUnixMicroseconds: Int64) {
    self.name = name
    self.version = version
    self.text = text
    self.savedAtUnixMicroseconds = savedAtUnixMicroseconds
  }
}
