public import CallCore

/// What came of a load test.
public struct LoadResult: Sendable {
  /// Why a run ended.
  public enum Ending: Sendable, Equatable {
    /// The plan was carried out.
    case finished
    /// Somebody stopped it.
    case stopped
    /// A threshold with `abort` was hopeless.
    case aborted(String)
    /// The target was gone.
    case targetGone
  }

  /// What it comes to, by the exit code.
  public enum Verdict: String, Sendable, CaseIterable {
    /// All thresholds were kept.
    case passed
    /// One was not.
    case failed
    /// The generator itself was late: the figures say nothing about the server.
    case invalid
    /// No call was ever taken, because nobody answered.
    case unreachable
  }

  /// More of its own frames sent late than this share makes a run invalid, in per cent.
  public static let ownLatePercentMax = 1.0
  /// Fewer of them are a count and no share, and tell nothing of a run.
  public static let ownLateCountMin = 10

  /// Of these definitions; stands in every report.
  public static let metricsVersion = 2

  /// Where the calls went.
  public var url: String
  /// The plan in words.
  public var plan: String
  /// The cases and their weights.
  public var mix: [(id: String, weight: Int)]
  /// Of the run.
  public var seed: UInt64
  /// When it began, in microseconds since 1970; 0 where that is not wanted.
  public var startedAtUnixMicroseconds: Int64
  /// How long calls were placed and held.
  public var duration: CallDuration
  /// Why it ended.
  public var ending: Ending
  /// Everything that was counted.
  public var totals: LoadTotals
  /// The thresholds and what came of them.
  public var findings: [ThresholdFinding]
  /// The generator's threads.
  public var loops: Int

  package init(
    url: String, plan: String, mix: [(id: String, weight: Int)], seed: UInt64, startedAtUnixMicroseconds: Int64,
    duration: CallDuration, ending: Ending, totals: LoadTotals, findings: [ThresholdFinding], loops: Int
  ) {
    (self.url, self.plan, self.mix, self.seed) = (url, plan, mix, seed)
    (self.startedAtUnixMicroseconds, self.duration, self.ending) = (startedAtUnixMicroseconds, duration, ending)
    (self.totals, self.findings, self.loops) = (totals, findings, loops)
  }

  /// Share of the generator's own frames that left over 20 ms late, in per cent.
  public var ownLatePercent: Double {
    let figures = totals.figures
    return figures.framesSent == 0 ? 0 : Double(figures.framesSentLate) * 100 / Double(figures.framesSent)
  }

  /// Whether the generator itself was late.
  private var wasHeldUp: Bool {
    totals.figures.framesSentLate >= Self.ownLateCountMin && ownLatePercent > Self.ownLatePercentMax
  }

  /// See `Verdict`.
  public var verdict: Verdict {
    let figures = totals.figures
    if ending == .targetGone, figures.accepted == 0 { return .unreachable }
    if wasHeldUp { return .invalid }
    switch ending {
    case .aborted, .targetGone: return .failed
    case .finished, .stopped: return findings.allSatisfy(\.holds) ? .passed : .failed
    }
  }
}
