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
  /// Only this one of the repeats, from 1, as a replay wants it; `nil`: all.
  public var attempt: Int?
  /// Whether nothing more is begun after the first case that does not pass.
  public var stopsAtFirstFailure = false
  /// Whether the results keep the tracks, which take 100 KB a second.
  public var keepsTracks = false
  /// Where a live run goes; for the report.
  public var target: String?
  /// Further words of the command that repeats a call, such as `--flows` and a folder.
  public var replayOptions: [String] = []

  package init(cases: [TestCase], mode: RunMode, seed: UInt64) {
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
      let rows = VariationRows(testCase.vary)
      return (attempt.map { $0...$0 } ?? 1...max(repeats, 1)).map { attempt in
        let drawn = SeededStream.seed(from: seed, testCase.id, attempt)
        // Short enough to be typed.
        let seed = caseSeed ?? testCase.seed ?? drawn % 1_000_000_000
        let row = rows.row(ofAttempt: attempt) { property, count in
          // By the attempt, too: a case may have a seed of its own, which is the same in all of them.
          var stream = SeededStream(seed: SeededStream.seed(from: seed, "vary", attempt), property.rawValue)
          return stream.number(in: 0...(count - 1))
        }
        return Job(testCase: testCase.varied(by: row), attempt: attempt, seed: seed)
      }
    }
  }

  /// The command that repeats a call, as a shell takes it.
  public func replay(_ job: Job) -> String {
    let source = job.testCase.source.file
    var words = ["voiceforge", "simulate"]
    words += source.isEmpty ? [job.testCase.id] : [source, "--id", job.testCase.id]
    words += ["--case-seed", String(job.seed)]
    if job.testCase.vary != nil { words += ["--attempt", String(job.attempt)] }
    switch mode {
    case .live: words += target.map { ["--target", $0] } ?? ["--live"]
    case .text: words.append("--text")
    case .virtual: break
    }
    return (words + replayOptions).map(Self.quoted).joined(separator: " ")
  }

  /// A word as a POSIX shell takes it: in single quotes unless it is plain.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy { sign in
      sign.isASCII
        && (sign.properties.isAlphabetic || sign.properties.numericType != nil
          || "-_./:@+,=%".unicodeScalars.contains(sign))
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
