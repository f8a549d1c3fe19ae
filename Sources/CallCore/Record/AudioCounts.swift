/// What became of the caller's audio packets.
public struct AudioCounts: Sendable, Equatable {
  /// Packets that arrived and were decoded.
  public var received = 0
  /// Packets that never came, by the gaps in the sequence.
  public var lost = 0
  /// Lost packets whose sound was filled in.
  public var concealed = 0
  /// Packets that came after their successors, or twice; not used.
  public var late = 0
  /// Packets or frames that could not be used: not decodable, or beyond a limit.
  public var dropped = 0

  /// All zero.
  public init() {}
}
