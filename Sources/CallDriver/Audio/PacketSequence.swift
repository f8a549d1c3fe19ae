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

  /// A jump beyond this, forwards or backwards, is a sender that counts anew and not a loss: 60 s of packets (RFC 3550,
  /// appendix A.1, has the same count). A stray number costs two such jumps and no sound.
  package static let jumpMax: UInt32 = 3000

  private var expected: UInt32?

  /// Any number may come first.
  package init() {}

  /// Takes in a packet's number; numbers wrap around after 2³².
  package mutating func arrive(_ sequence: UInt32) -> Arrival {
    let gap = Int32(bitPattern: sequence &- (expected ?? sequence))
    let isAnew = gap.magnitude > Self.jumpMax
    guard gap >= 0 || isAnew else { return .late }
    expected = sequence &+ 1
    return gap == 0 || isAnew ? .inOrder : .afterGap(Int(gap))
  }
}
