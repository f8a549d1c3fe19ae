/// What became of the caller's packets on their way.
public struct NetworkCounts: Sendable, Equatable {
  /// Packets that the caller sent.
  public var sent = 0
  /// Packets that the network dropped.
  public var lost = 0
  /// Packets that arrived twice.
  public var duplicated = 0
  /// Packets whose first copy arrives after a later packet's. A second copy that comes late is none.
  public var overtaken = 0

  /// All zero.
  public init() {}
}
