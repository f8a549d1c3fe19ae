/// Looks second by second whether a threshold with `abort` is hopeless.
public struct ThresholdWatch: Sendable {
  /// A share or a percentile that is broken for so many seconds on end counts as hopeless. Fewer may be a hiccup that the rest of the run
  /// makes up for.
  public static let brokenSecondsMax = 10

  private let thresholds: [Threshold]
  private var brokenSeconds: [Int]

  /// - Parameter thresholds: of the run; those without `abort` are left alone.
  public init(_ thresholds: [Threshold]) {
    self.thresholds = thresholds.filter(\.aborts)
    brokenSeconds = Array(repeating: 0, count: self.thresholds.count)
  }

  /// Called once a second.
  /// - Returns: the first threshold that is hopeless.
  public mutating func look(at standing: LoadTotals) -> ThresholdFinding? {
    for (index, threshold) in thresholds.enumerated() {
      let finding = ThresholdFinding(threshold, in: standing)
      // Nothing measured yet is no reason to give up.
      let isBroken = !finding.holds && finding.value != nil
      brokenSeconds[index] = isBroken ? brokenSeconds[index] + 1 : 0
      if finding.isLost || (isBroken && brokenSeconds[index] >= Self.brokenSecondsMax && finding.isUpperBound) {
        return finding
      }
    }
    return nil
  }
}

extension ThresholdFinding {
  /// Whether too much breaks it. Too little, such as `accepted>=100`, may still come.
  fileprivate var isUpperBound: Bool { threshold.relation == .below || threshold.relation == .atMost }
}
