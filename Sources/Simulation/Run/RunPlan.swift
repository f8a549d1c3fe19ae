public import CallCore

/// Which cases are to be run, and how.
public struct RunPlan: Sendable {
  /// In the order of the report.
  public var cases: [TestCase]
  /// How the calls are held.
  public var mode: RunMode
  /// Each case's seed is drawn from it, unless the case or `caseSeed` says otherwise.
  public var seed: UInt64
  /// For every case, as a replay wants it; `nil`: drawn.
  public var caseSeed: UInt64?
  /// How often each case is run, each time with another seed; 1 … 10,000.
  public var repeats = 1
  /// Whether nothing more is begun after the first case that does not pass.
  public var stopsAtFirstFailure = false
  /// Whether the results keep the tracks, which take 100 KB a second.
  public var keepsTracks = false
  /// Where a live run goes; for the report.
  public var target: String?

  /// See the properties.
  public init(cases: [TestCase], mode: RunMode, seed: UInt64) {
    self.cases = cases
    self.mode = mode
    self.seed = seed
  }

  /// One call of a run.
  public struct Job: Sendable {
    /// What to do.
    public var testCase: TestCase
    /// From 1.
    public var attempt: Int
    /// Of this call.
    public var seed: UInt64
  }

  /// Every call, in the order of the report.
  public var jobs: [Job] {
    cases.flatMap { testCase in
      (1...max(repeats, 1)).map { attempt in
        let drawn = SeededStream.seed(from: seed, testCase.id, attempt)
        // Short enough to be typed.
        let seed = caseSeed ?? testCase.seed ?? drawn % 1_000_000_000
        return Job(testCase: testCase, attempt: attempt, seed: seed)
      }
    }
  }

  /// The command that repeats a call.
  public func replay(_ job: Job) -> String {
    let source = job.testCase.source.file
    var command = "voiceforge simulate \(source.isEmpty ? job.testCase.id : source + " --id \(job.testCase.id)")"
    command += " --case-seed \(job.seed)"
    if let target { return command + " --target \(target)" }
    return mode == .text ? command + " --text" : command
  }
}
