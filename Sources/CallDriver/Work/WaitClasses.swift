/// Waits by class, since the start: enough for quantiles over any stretch of time, by subtraction.
public struct WaitClasses: Sendable, Equatable {
  /// Upper ends of the classes in milliseconds; the last class has no end. Fine up to 500 ms, which is what a turn latency of
  /// 1.2 s leaves for waiting after 500 ms of silence, a recognition and a sentence.
  public static let endsMs = [1, 5, 10, 25, 50, 100, 200, 300, 400, 500, 750, 1000, 2000, 5000]

  /// Waits in each class; one more than `endsMs`.
  public private(set) var counts = [Int](repeating: 0, count: endsMs.count + 1)
  /// All waits together, microseconds.
  public private(set) var sumMicroseconds: UInt64 = 0

  /// None so far.
  public init() {}

  /// Number of waits.
  public var total: Int { counts.reduce(0, +) }

  mutating func add(microseconds: UInt64) {
    let index = Self.endsMs.firstIndex { microseconds <= UInt64($0) * 1000 } ?? Self.endsMs.count
    counts[index] += 1
    sumMicroseconds += microseconds
  }

  /// Upper end of the highest class that grew since `earlier`, in milliseconds: no wait was longer, unless it was beyond the last
  /// class, for which twice its beginning is given. 0 when there was none.
  public func longestMs(since earlier: WaitClasses) -> Int {
    guard let index = counts.indices.last(where: { counts[$0] > earlier.counts[$0] }) else { return 0 }
    return index < Self.endsMs.count ? Self.endsMs[index] : Self.endsMs[Self.endsMs.count - 1] * 2
  }
}
