/// Everything that is wrong with a flow file, or with several.
public struct FlowFaults: Error, Sendable, Hashable {
  /// Not empty; by file, then by line.
  public var faults: [FlowFault]

  /// - Parameter faults: not empty.
  public init(_ faults: [FlowFault]) {
    self.faults = faults.sorted {
      ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
    }
  }
}

extension FlowFaults: CustomStringConvertible {
  /// One line each.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
