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
  /// The generator's threads; of several generators, all of them together.
  public var loops: Int
  /// How much later than it was to start the plan started.
  public var lateness = CallDuration.zero
  /// The generators of a load that several placed together, in the order of their parts; empty where one placed it alone.
  public var generators: [GeneratorResult] = []

  package init(
    url: String, plan: String, mix: [(id: String, weight: Int)], seed: UInt64, startedAtUnixMicroseconds: Int64,
    duration: CallDuration, ending: Ending, totals: LoadTotals, findings: [ThresholdFinding], loops: Int
  ) {
    (self.url, self.plan, self.mix, self.seed) = (url, plan, mix, seed)
    (self.startedAtUnixMicroseconds, self.duration, self.ending) = (startedAtUnixMicroseconds, duration, ending)
    (self.totals, self.findings, self.loops) = (totals, findings, loops)
  }

  /// Share of the generator's own frames that left over 20 ms late, in per cent.
  public var ownLatePercent: Double { totals.figures.ownLatePercent }

  /// What makes the figures worth nothing, of whichever generator; empty where they count.
  public var problems: [String] {
    guard generators.isEmpty else { return generators.compactMap(\.problemText) }
    guard totals.figures.wasHeldUp else { return [] }
    return ["\(LoadText.decimals(ownLatePercent, 1)) % of the generator's own frames left over 20 ms late"]
  }

  /// See `Verdict`.
  public var verdict: Verdict {
    if ending == .targetGone, totals.figures.accepted == 0 { return .unreachable }
    if !problems.isEmpty { return .invalid }
    switch ending {
    case .aborted, .targetGone: return .failed
    case .finished, .stopped: return findings.allSatisfy(\.holds) ? .passed : .failed
    }
  }
}
