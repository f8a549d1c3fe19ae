/// One thing that is wrong with a flow file or a file of test cases.
public struct FileFault: Error, Sendable, Hashable, Codable {
  /// As it was given to the reader.
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// What sort of thing.
  public var kind: FileFaultKind
  /// What is wrong and what to do.
  public var message: String

  /// See the properties.
  public init(file: String, line: Int, column: Int, kind: FileFaultKind, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.kind = kind
    self.message = message
  }
}

extension FileFault: CustomStringConvertible {
  /// In the form that editors jump to: `flows/menu.yaml:7:5: …`.
  public var description: String { "\(file):\(line):\(column): \(message)" }
}
