import CallCore

/// Turn latencies by class, as Prometheus wants them.
struct LatencyHistogram: Sendable {
  /// Upper ends of the classes in milliseconds: fine around the goal (620 ms) and the time when a turn counts as late (2,750 ms).
  static let classEndsMs = [200, 400, 500, 550, 600, 650, 700, 800, 1000, 1250, 1500, 2000, 2750, 4000, 8000]

  /// Turns at or below each class end; the last is all of them.
  private(set) var cumulative = [Int](repeating: 0, count: classEndsMs.count + 1)
  private(set) var sumMs = 0

  mutating func add(_ latency: CallDuration) {
    sumMs += latency.milliseconds
    for (index, end) in Self.classEndsMs.enumerated() where latency.milliseconds <= end { cumulative[index] += 1 }
    cumulative[Self.classEndsMs.count] += 1
  }
}
