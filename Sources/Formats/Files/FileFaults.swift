/// Everything that is wrong with a flow file or a file of test cases, or with several.
public struct FileFaults: Error, Sendable, Hashable {
  /// Not empty; by file, then by line.
  public var faults: [FileFault]

  /// - Parameter faults: not empty.
  public init(_ faults: [FileFault]) {
    self.faults = faults.sorted {
      ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
    }
  }
}

extension FileFaults: CustomStringConvertible {
  /// One line each.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
