package import CallCore

/// One call of a run without its evidence: what the figures of the run are made of.
package struct CallFigures: Sendable, Equatable {
  /// Of its case.
  package var id: String
  /// Which of the repeats, from 1.
  package var attempt = 1
  /// What it came to.
  package var verdict: Verdict
  /// What the attempt was given of what varies.
  package var varied: [VariedValue] = []
  /// How many rows the case's `vary` has; `nil` where it has none to be counted.
  package var variationRows: Int?
  /// One for each answered turn.
  package var latencies: [CallDuration] = []
  /// The same by what ended the caller's turn, where the agent tells it.
  package var latenciesByEnding: [TurnEnding: [CallDuration]] = [:]
  /// One for each interruption of the agent.
  package var yields: [CallDuration] = []
  /// Over all turns whose understanding is known; `nil` without any.
  package var wordErrors: WordErrorRate?
  /// Length of the call.
  package var duration = CallDuration.zero
  /// How often the agent began inside a caller's turn, and how many turns were spoken.
  package var agentInterruptions = 0
  /// See `agentInterruptions`.
  package var spokenTurns = 0
  /// How many of the interruptions were in a pause of the caller.
  package var falseEnds = 0
  /// Of a caller with a brief: calls that were held, and how many of them the model spoiled that plays the caller; otherwise `nil`.
  package var improvised: ImprovisedCalls?

  /// Calls of callers with a brief.
  package struct ImprovisedCalls: Sendable, Equatable {
    /// All, those among them that were thrown away.
    package var all: Int
    /// Those that the model spoiled.
    package var spoiled: Int
  }

  package init(id: String, verdict: Verdict) { (self.id, self.verdict) = (id, verdict) }

  init(_ result: CaseResult) {
    let test = result.testCase
    self.init(id: test.id, verdict: result.verdict)
    (attempt, varied, variationRows) = (result.attempt, test.varied, VariationRows(test.vary).count)
    let metrics = result.metrics
    (latencies, yields, wordErrors, duration) = (
      metrics.latencies, metrics.yields, metrics.wordErrors, metrics.duration
    )
    for turn in result.turns {
      guard let latency = turn.latency, let ending = turn.stages?.endedBy else { continue }
      latenciesByEnding[ending, default: []].append(latency)
    }
    (agentInterruptions, falseEnds) = (metrics.agentInterruptions, metrics.falseEnds)
    spokenTurns = zip(test.turns, result.turns).count { $0.action.isSpoken && $1.isReached }
    if test.caller.brief != nil {
      let isSpoiled = result.evidence.improvised?.misbehavior != nil
      improvised = ImprovisedCalls(
        all: 1 + result.discarded.count, spoiled: result.discarded.count + (isSpoiled ? 1 : 0))
    }
  }
}

/// A run without the evidence of its calls: what the top of each report says.
package struct RunSummary: Sendable {
  /// As in ``SimulationRun``.
  package var seed: UInt64
  package var mode: RunMode
  package var target: String?
  package var repeats: Int
  package var startedAtUnixMicroseconds: Int64
  package var wallMicroseconds: Int64
  /// Of the calls that were held, in the order of the report.
  package var calls: [CallFigures]
  /// Cases of the calls that were not held.
  package var notRun: [String]
  /// What its judge made of kept calls before the first call.
  package var calibration: CalibrationResult?

  /// How many calls came to `verdict`.
  package func count(_ verdict: Verdict) -> Int { calls.count { $0.verdict == verdict } }

  /// Over all calls of callers with a brief; `nil` without such callers.
  package var improvisedCalls: CallFigures.ImprovisedCalls? {
    let calls = calls.compactMap(\.improvised)
    guard !calls.isEmpty else { return nil }
    return CallFigures.ImprovisedCalls(
      all: calls.reduce(0) { $0 + $1.all }, spoiled: calls.reduce(0) { $0 + $1.spoiled })
  }

  /// Whether the model that plays the callers is good enough for the rest to mean something.
  package var isUsable: Bool {
    improvisedCalls.map { $0.spoiled * 100 <= SimulationRun.spoiledPercentMax * $0.all } ?? true
  }
}

extension SimulationRun {
  /// Without the evidence.
  package var summary: RunSummary {
    RunSummary(
      seed: seed, mode: mode, target: target, repeats: repeats, startedAtUnixMicroseconds: startedAtUnixMicroseconds,
      wallMicroseconds: wallMicroseconds, calls: results.map(CallFigures.init), notRun: notRun,
      calibration: calibration)
  }
}
