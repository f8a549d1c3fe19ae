public import CallCore

/// What came of one case with one seed.
public struct CaseResult: Sendable {
  /// The case.
  public var testCase: TestCase
  /// Which of the repeats, from 1.
  public var attempt: Int
  /// The seed that the caller's luck was drawn from.
  public var seed: UInt64
  /// How the call was held.
  public var mode: RunMode
  /// What it came to, `mustFail` taken into account.
  public var verdict: Verdict
  /// Why it did not pass, the first reason first; empty when it passed.
  public var reasons: [CheckResult]
  /// Turn by turn.
  public var turns: [TurnResult]
  /// Checks of the whole call.
  public var checks: [CheckResult]
  /// Figures.
  public var metrics: CallMetrics
  /// What it was drawn from; the tracks are dropped where they are not wanted for a report.
  public var evidence: CallEvidence
  /// The command that repeats it.
  public var replay: String

  /// All values as described at the properties.
  public init(
    testCase: TestCase, attempt: Int, seed: UInt64, mode: RunMode, verdict: Verdict, reasons: [CheckResult],
    turns: [TurnResult], checks: [CheckResult], metrics: CallMetrics, evidence: CallEvidence, replay: String
  ) {
    self.testCase = testCase
    self.attempt = attempt
    self.seed = seed
    self.mode = mode
    self.verdict = verdict
    self.reasons = reasons
    self.turns = turns
    self.checks = checks
    self.metrics = metrics
    self.evidence = evidence
    self.replay = replay
  }

  /// Every check, those of the turns first.
  public var allChecks: [CheckResult] { turns.flatMap(\.checks) + checks }
}
