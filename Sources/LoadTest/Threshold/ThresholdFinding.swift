import CallCore

/// What came of a threshold.
public struct ThresholdFinding: Sendable, Equatable {
  /// Which.
  public var threshold: Threshold
  /// What was measured, in the threshold's own unit; `nil` when nothing was.
  public var value: Double?
  /// Whether the threshold is kept. What was not measured is not kept: nothing is known of it.
  public var holds: Bool

  /// What a threshold comes to.
  public init(_ threshold: Threshold, in totals: LoadTotals) {
    self.threshold = threshold
    value = threshold.value(in: totals)
    holds = value.map { threshold.relation.holds($0, threshold.limit) } ?? false
  }

  /// What was measured, such as `932 ms`, `0.4 %` or `nothing measured`.
  public var found: String {
    guard let value else { return "nothing measured" }
    if threshold.isShare { return "\(LoadText.decimals(value, 2)) %" }
    switch threshold.figure.sort {
    case .wait: return "\(LoadText.decimals(value, value < 100 ? 1 : 0)) ms"
    case .memory: return "\(LoadText.decimals(value, 1)) MB"
    case .count, .number: return LoadText.decimals(value, threshold.figure == .serverCPU ? 2 : 0)
    }
  }

  /// Whether the threshold can no longer be kept, whatever comes: a count that only grows has passed its limit.
  public var isLost: Bool {
    guard !holds, !threshold.isShare, threshold.figure.sort == .count else { return false }
    switch threshold.relation {
    case .atMost, .below: return true
    case .equal: return (value ?? 0) > threshold.limit
    case .atLeast, .above: return false
    }
  }
}

extension Threshold {
  fileprivate func value(in totals: LoadTotals) -> Double? {
    switch figure {
    case .turnLatency: wait(totals.figures.turnLatency)
    case .canaryLatency: wait(totals.canaries.latency)
    case .serverCPU: measure == "max" ? totals.serverCoresMax : totals.serverCores
    case .serverRSS:
      measure == "growth"
        ? totals.serverGrowthPermille.map { Double($0) / 10 } : totals.serverBytesMax.map { Double($0) / 1_000_000 }
    default: count(in: totals)
    }
  }

  private func wait(_ record: LatencyRecord) -> Double? {
    let span =
      switch measure {
      case "mean": record.mean
      case "max": record.longest
      default: record.percentile(Double(measure.dropFirst()) ?? 50)
      }
    return span.map { Double($0.microseconds) / 1000 }
  }

  private func count(in totals: LoadTotals) -> Double? {
    let figures = totals.figures
    let (part, whole): (Int, Int) =
      switch figure {
      case .framesLate: (figures.framesLate, figures.framesReceived)
      case .gaps: (figures.gaps, figures.framesReceived)
      case .offered: (figures.offered, figures.offered)
      case .accepted: (figures.accepted, figures.offered)
      case .refused: (figures.refused, figures.offered)
      case .failed: (figures.failed, figures.offered)
      case .completed: (figures.completed, figures.offered)
      case .turnsMissed: (figures.turnsMissed, figures.turns)
      case .canariesFailed: (totals.canaries.failed, totals.canaries.count)
      case .active: (totals.activeMax, totals.activeMax)
      case .turnLatency, .canaryLatency, .serverCPU, .serverRSS: (0, 0)
      }
    guard isShare else { return Double(part) }
    return whole == 0 ? nil : Double(part) * 100 / Double(whole)
  }
}

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
  public mutating func check(_ totals: LoadTotals) -> ThresholdFinding? {
    for (index, threshold) in thresholds.enumerated() {
      let finding = ThresholdFinding(threshold, in: totals)
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
