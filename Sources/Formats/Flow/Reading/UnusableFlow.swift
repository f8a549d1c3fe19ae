/// A flow that is kept and that no call can run by: it was saved by an earlier version, which took what this one does
/// not.
public struct UnusableFlow: Sendable, Hashable {
  /// The flow.
  public var name: String
  /// What is wrong with its newest version.
  public var faults: FileFaults

  /// - Parameters: see the properties.
  public init(name: String, faults: FileFaults) {
    self.name = name
    self.faults = faults
  }
}
