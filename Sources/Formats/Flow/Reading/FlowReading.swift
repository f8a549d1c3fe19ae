public import CallCore

/// What was found in the text of a flow, for those who edit it.
public struct FlowReading: Sendable {
  /// Where a state begins.
  public struct StateLine: Sendable, Hashable {
    /// Its name.
    public var state: String
    /// From 1.
    public var line: Int
  }

  /// The flow, or all that is wrong.
  public var result: Result<Flow, FileFaults>
  /// The states in the order of the text, also where something is wrong, as far as they could be found.
  public var stateLines: [StateLine]
}
