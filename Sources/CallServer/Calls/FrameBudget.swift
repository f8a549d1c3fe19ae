/// How many frames of one kind a caller may still send: a bucket that fills evenly. Integers only, nothing allocated.
package struct FrameBudget: Sendable {
  /// Audio packets: a call has 50 a second. The bucket holds what a network kept back for over a minute.
  package static let packets = FrameBudget(perSecond: 200, atOnce: 4000)
  /// Messages: a client that tells what it played sends some 10 a second. The bucket holds a long number typed at once, many times over.
  package static let messages = FrameBudget(perSecond: 50, atOnce: 500)

  /// Frames that may come in a second, on and on.
  package let perSecond: Int
  /// Frames that may come at once.
  package let atOnce: Int
  /// What is left, in millionths of a frame.
  private var left: UInt64
  private var at: UInt64 = 0

  /// A full bucket.
  /// - Parameters: 1 … 1,000,000 each.
  package init(perSecond: Int, atOnce: Int) {
    self.perSecond = perSecond
    self.atOnce = atOnce
    left = UInt64(atOnce) * 1_000_000
  }

  /// Takes a frame in.
  /// - Parameter now: microseconds, never less than before.
  /// - Returns: false when there are too many.
  package mutating func take(at now: UInt64) -> Bool {
    let most = UInt64(atOnce) * 1_000_000
    // Longer than it takes to fill the bucket makes no difference, and cannot overflow.
    let passed = min(now > at ? now - at : 0, most / UInt64(perSecond) + 1)
    left = min(most, left + passed * UInt64(perSecond))
    at = max(at, now)
    guard left >= 1_000_000 else { return false }
    left -= 1_000_000
    return true
  }
}
