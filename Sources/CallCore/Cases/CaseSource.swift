/// Where something stands in a file.
public struct CaseSource: Sendable, Hashable {
  /// As it was given to the reader.
  public var file: String
  /// From 1; 0 when there is no file.
  public var line: Int

  /// See the properties.
  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}
