import CallCore

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
  public var results: [CaseResult] = []
  /// Cases that were not run, because the run was stopped.
  public var notRun: [String] = []
  /// Places of the same among all calls of the run, from 0; a ``ShardReport`` needs them.
  package var notRunPlaces: [Int] = []
  /// What its judge made of kept calls before the first call; `nil` where none were given.
  public var calibration: CalibrationResult?
  /// Microseconds since 1970 UTC at the start; 0 where reports must not differ.
  public var startedAtUnixMicroseconds: Int64 = 0
  /// How long it took by the clock on the wall, in microseconds; 0 where reports must not differ.
  public var wallMicroseconds: Int64 = 0

  /// A run without results.
  public init(seed: UInt64, mode: RunMode, target: String? = nil, repeats: Int = 1) {
    self.seed = seed
    self.mode = mode
    self.target = target
    self.repeats = repeats
  }

  /// How many results came to `verdict`.
  public func count(_ verdict: Verdict) -> Int { results.count { $0.verdict == verdict } }

  /// Calls of callers with a brief, those that were thrown away among them, and how many of these the model spoiled that played the
  /// caller; `nil` without such callers.
  public var improvisedCalls: (all: Int, spoiled: Int)? { summary.improvisedCalls.map { ($0.all, $0.spoiled) } }

  /// Most calls of a hundred that may be spoiled by the model that plays the callers; with more the run says nothing.
  public static let spoiledPercentMax = 20

  /// Whether the model that plays the callers is good enough for the rest to mean something.
  public var isUsable: Bool { summary.isUsable }

  /// Whether every case passed every time.
  public var isPassed: Bool { isUsable && notRun.isEmpty && results.allSatisfy { $0.verdict == .passed } }
}

/// Figures over all calls of a run. Calls whose verdict is *invalid* say nothing about the agent and are left out.
struct RunFigures {
  /// One for each answered turn.
  var latencies: [CallDuration] = []
  /// One for each interruption of the agent.
  var yields: [CallDuration] = []
  /// Over all turns whose understanding is known; `nil` without any.
  var wordErrors: WordErrorRate?
  /// Length of all calls, invalid ones too.
  var duration = CallDuration.zero
  /// The same latencies by what ended the caller's turn, where the agent tells it.
  var latenciesByEnding: [TurnEnding: [CallDuration]] = [:]
  /// How often the agent began inside a caller's turn, of so many turns that were spoken.
  var agentInterruptions = (count: 0, ofTurns: 0)
  /// How many of these were in a pause of the caller, as in `CallMetrics.falseEnds`.
  var falseEnds = 0

  init(_ run: RunSummary) {
    for call in run.calls {
      duration += call.duration
      guard call.verdict != .invalid else { continue }
      latencies += call.latencies
      yields += call.yields
      agentInterruptions.count += call.agentInterruptions
      agentInterruptions.ofTurns += call.spokenTurns
      falseEnds += call.falseEnds
      latenciesByEnding.merge(call.latenciesByEnding, uniquingKeysWith: +)
      guard let errors = call.wordErrors else { continue }
      wordErrors = wordErrors.map { $0 + errors } ?? errors
    }
  }
}

/// How often one case passed of the times it was run.
struct RepeatedCase: Equatable {
  /// The case.
  let id: String
  /// How often it was to be run: the k of pass@k.
  let asked: Int
  /// How often it was run; fewer when the run was stopped.
  var ran = 0
  var passed = 0

  /// pass@k: it passed at least once.
  var passedOnce: Bool { passed > 0 }
  /// pass^k: it passed every time that was asked for.
  var passedAlways: Bool { passed == asked }

  /// How many of the cases passed once, and how many always, in words; `nil` where each is run once only.
  static func shares(of run: RunSummary) -> (once: String, always: String)? {
    guard run.repeats > 1 else { return nil }
    let cases = all(of: run)
    func share(_ hasPassed: (RepeatedCase) -> Bool) -> String {
      ReportText.share(cases.count(where: hasPassed), of: cases.count, "case")
    }
    return (share(\.passedOnce), share(\.passedAlways))
  }

  /// The cases of a run in the order of its results; of those that were stopped, the ones that were run at least once.
  static func all(of run: RunSummary) -> [RepeatedCase] {
    var cases: [RepeatedCase] = []
    var places: [String: Int] = [:]
    for call in run.calls {
      let id = call.id
      let place = places[id] ?? cases.count
      if place == cases.count {
        places[id] = place
        cases.append(RepeatedCase(id: id, asked: run.repeats))
      }
      cases[place].ran += 1
      cases[place].passed += call.verdict == .passed ? 1 : 0
    }
    return cases
  }
}

/// Percentiles by nearest rank: always a length that was measured, never one between two.
enum Percentile {
  /// The shortest span that `share` per cent of `spans` do not exceed; `nil` of none.
  static func of(_ spans: [CallDuration], _ share: Int) -> CallDuration? {
    spans.isEmpty ? nil : spans.sorted()[max((spans.count * share + 99) / 100 - 1, 0)]
  }
}
