/// Tells from the packets' numbers what was lost on the way.
package struct PacketSequence: Sendable {
  /// What a packet's number says.
  package enum Arrival: Sendable, Equatable {
    /// The one that was due.
    case inOrder
    /// The packets before it are missing.
    case afterGap(Int)
    /// Its place has passed.
    case late
  }

  private var expected: UInt32?

  /// Any number may come first.
  package init() {}

  /// Takes in a packet's number; numbers wrap around after 2³².
  package mutating func arrive(_ sequence: UInt32) -> Arrival {
    let gap = Int32(bitPattern: sequence &- (expected ?? sequence))
    guard gap >= 0 else { return .late }
    expected = sequence &+ 1
    return gap == 0 ? .inOrder : .afterGap(Int(gap))
  }
}
