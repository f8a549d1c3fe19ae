/// Tells from the packets' numbers what was lost on the way.
package struct PacketSequence: Sendable {
  /// What a packet's number says.
  package enum Arrival: Sendable, Equatable {
    /// The one that was due.
    case inOrder
    /// The packets before it are missing.
    case afterGap(Int)
    /// Its place has passed, or its number is far from all others.
    case late
  }

  /// More packets in a row are not lost: the sender began anew, or the number is damaged (RFC 3550 A.1, `MAX_DROPOUT`).
  package static let gapMax = 3000
  /// A packet that is further behind is of a sender that began anew (RFC 3550 A.1, `MAX_MISORDER`).
  package static let latenessMax = 100

  private var expected: UInt32?
  /// The number behind one that was far from all others: when it comes next, the sender did begin anew.
  private var afterJump: UInt32?

  /// Any number may come first.
  package init() {}

  /// Takes in a packet's number; numbers wrap around after 2³².
  package mutating func arrive(_ sequence: UInt32) -> Arrival {
    let gap = Int(Int32(bitPattern: sequence &- (expected ?? sequence)))
    if sequence == afterJump { return follow(sequence, after: 0) }
    guard (-Self.latenessMax...Self.gapMax).contains(gap) else {
      afterJump = sequence &+ 1
      return .late
    }
    return gap < 0 ? .late : follow(sequence, after: gap)
  }

  private mutating func follow(_ sequence: UInt32, after gap: Int) -> Arrival {
    afterJump = nil
    expected = sequence &+ 1
    return gap == 0 ? .inOrder : .afterGap(gap)
  }
}
