/// What became of the caller's packets on their way.
public struct NetworkCounts: Sendable, Equatable {
  /// Packets that the caller sent.
  public var sent = 0
  /// Packets that the network dropped.
  public var lost = 0
  /// Packets that arrived twice.
  public var duplicated = 0
  /// Packets that arrived after a later one.
  public var overtaken = 0

  /// All zero.
  public init() {}
}
