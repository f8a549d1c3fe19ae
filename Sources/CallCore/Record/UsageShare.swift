/// What one running server has counted for one key on one day: what a store of usage keeps.
public struct UsageShare: Sendable, Hashable {
  /// Names the server while it ran.
  public var node: String
  /// What it counted.
  public var entry: UsageEntry

  /// See the properties.
  public init(node: String, entry: UsageEntry) {
    self.node = node
    self.entry = entry
  }
}
