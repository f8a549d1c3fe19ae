/// Many cases, run together.
public struct SimulationRun: Sendable {
  /// The run's seed; each case draws its own from it, the case's id and the attempt.
  public var seed: UInt64
  /// How the calls were held.
  public var mode: RunMode
  /// Where the calls went; `nil` for the built-in agent.
  public var target: String?
  /// How often each case was run.
  public var repeats: Int
  /// In the order of the cases, then of the attempts, however many ran at once.
  public var results: [CaseResult]
  /// Cases that were not run, because the run was stopped.
  public var notRun: [String]
  /// Microseconds since 1970 UTC at the start; 0 where reports must not differ.
  public var startedAtUnixMicroseconds: Int64
  /// How long it took by the clock on the wall, in microseconds; 0 where reports must not differ.
  public var wallMicroseconds: Int64

  /// A run without results.
  public init(seed: UInt64, mode: RunMode, target: String? = nil, repeats: Int = 1) {
    self.seed = seed
    self.mode = mode
    self.target = target
    self.repeats = repeats
    results = []
    notRun = []
    startedAtUnixMicroseconds = 0
    wallMicroseconds = 0
  }

  /// How many results came to `verdict`.
  public func count(_ verdict: Verdict) -> Int { results.count { $0.verdict == verdict } }

  /// Whether every case passed every time.
  public var isPassed: Bool { notRun.isEmpty && results.allSatisfy { $0.verdict == .passed } }
}
