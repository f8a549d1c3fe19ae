/// How late ticks were over the last few looks at a loop's `LoopLoad.latenessCounts`. A value without a clock.
public struct LatenessWindow: Sendable {
  private let lookCount: Int
  /// Counts at the last looks, oldest first; one more than `lookCount` when full.
  private var looks: [[Int]] = []

  /// - Parameter lookCount: stretches between two looks that count, 1 and up.
  public init(lookCount: Int) { self.lookCount = lookCount }

  /// Takes a look.
  /// - Parameter counts: of a loop, never less than before.
  public mutating func add(_ counts: [Int]) {
    if looks.count > lookCount { looks.removeFirst() }
    looks.append(counts)
  }

  /// Ticks within the window.
  public var tickCount: Int { classes.reduce(0, +) }

  /// - Parameter share: 0 … 1, such as 0.99.
  /// - Returns: microseconds that this share of the ticks were late at most, interpolated within a class; beyond the last class its
  ///   beginning. 0 when there were no ticks.
  public func lateness(ofShare share: Double) -> UInt64 {
    let classes = classes
    var left = Double(classes.reduce(0, +)) * share
    guard left > 0 else { return 0 }
    var start: UInt64 = 0
    for (count, end) in zip(classes, LoopLoad.latenessClassEnds) {
      if left <= Double(count) { return start + UInt64(Double(end - start) * left / Double(count)) }
      left -= Double(count)
      start = end
    }
    return start
  }

  private var classes: [Int] {
    guard let first = looks.first, let last = looks.last else { return [] }
    return zip(last, first).map { $0 - $1 }
  }
}
