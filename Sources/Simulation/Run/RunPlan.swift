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
  /// Which of the run's calls are held here; `nil`: all.
  public var shard: RunShard?
  /// Places of the run's calls that are held here, as a chunk of a queue has them; `nil`: all of the shard.
  package var places: Range<Int>?
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
    /// Among all calls of the run, from 0.
    public var place = 0
  }

  /// Every call that is held here, in the order of the report.
  public var jobs: [Job] {
    guard shard != nil || places != nil else { return allJobs }
    return allJobs.filter { job in shard?.holds(job.place) ?? true && places?.contains(job.place) ?? true }
  }

  /// Every call of the run, whichever machine holds it. A call's seed does not depend on which others are held.
  package var allJobs: [Job] {
    var jobs = cases.flatMap { testCase in
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
    for place in jobs.indices { jobs[place].place = place }
    return jobs
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

/// One of several parts of a run, each of which may be held by another machine: of N shards, shard K holds every Nth call, from the
/// Kth on.
public struct RunShard: Sendable, Hashable, CustomStringConvertible {
  /// From 1.
  public let number: Int
  /// How many there are.
  public let count: Int
  /// Most shards of a run.
  public static let countMax = 10_000

  /// - Returns: `nil` unless 1 ≤ `number` ≤ `count` ≤ `countMax`.
  public init?(_ number: Int, of count: Int) {
    guard (1...Self.countMax).contains(count), (1...count).contains(number) else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// Reads `2/5`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.init(number, of: count)
  }

  /// As it is read.
  public var description: String { "\(number)/\(count)" }

  /// Whether it holds the call at this place of the run, from 0.
  func holds(_ place: Int) -> Bool { place % count == number - 1 }
}
