/// How much of something may still be done: a bucket that fills evenly. A value that is told the time. Integers only, nothing allocated.
public struct TokenBucket: Sendable {
  /// A token is counted in so many parts that a microsecond fills in a whole number of them.
  private static let token: UInt64 = 60_000_000

  /// In a second. More makes sums too large.
  private static let rateMax = 1_000_000

  /// Tokens that it holds.
  public let atOnce: Int
  private let perMinute: UInt64
  private var left: UInt64
  private var at: UInt64 = 0

  /// A full bucket.
  /// - Parameters: 1 … 1,000,000; what lies outside counts as the nearest.
  public init(perSecond: Int, atOnce: Int) {
    self.init(perMinute: min(max(perSecond, 1), Self.rateMax) * 60, atOnce: atOnce)
  }

  /// A full bucket.
  /// - Parameters: 1 … 60,000,000; what lies outside counts as the nearest.
  public init(perMinute: Int, atOnce: Int) {
    self.atOnce = min(max(atOnce, 1), Self.rateMax * 60)
    self.perMinute = UInt64(min(max(perMinute, 1), Self.rateMax * 60))
    left = UInt64(self.atOnce) * Self.token
  }

  /// Tokens that come in a second, on and on.
  public var perSecond: Int { Int(perMinute / 60) }

  /// Takes a token.
  /// - Parameter now: microseconds of any clock; a time that goes back fills nothing.
  /// - Returns: false when there is none.
  public mutating func consume(at now: UInt64) -> Bool {
    left = filled(at: now)
    at = max(at, now)
    guard left >= Self.token else { return false }
    left -= Self.token
    return true
  }

  /// Gives back a token that was taken and came to nothing.
  public mutating func restore() { left = min(most, left + Self.token) }

  /// Microseconds until there is a token; 0 when there is.
  public func wait(at now: UInt64) -> UInt64 {
    (Self.token - min(filled(at: now), Self.token) + perMinute - 1) / perMinute
  }

  /// Whether nothing was taken for so long that it is as good as new.
  public func isFull(at now: UInt64) -> Bool { filled(at: now) == most }

  private var most: UInt64 { UInt64(atOnce) * Self.token }

  private func filled(at now: UInt64) -> UInt64 {
    // Longer than it takes to fill the bucket makes no difference, and cannot overflow.
    let passed = min(now > at ? now - at : 0, most / perMinute + 1)
    return min(most, left + passed * perMinute)
  }
}
