/// One thing that is wrong with a flow file.
public struct FlowFault: Error, Sendable, Hashable, Codable {
  /// As it was given to the reader.
  public var file: String
  /// From 1.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// What sort of thing.
  public var kind: FlowFaultKind
  /// What is wrong and what to do.
  public var message: String

  /// See the properties.
  public init(file: String, line: Int, column: Int, kind: FlowFaultKind, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.kind = kind
    self.message = message
  }
}

extension FlowFault: CustomStringConvertible {
  /// In the form that editors jump to: `flows/menu.yaml:7:5: …`.
  public var description: String { "\(file):\(line):\(column): \(message)" }
}
