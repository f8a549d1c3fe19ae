import CallCore

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

  init(_ run: SimulationRun) {
    for result in run.results {
      duration += result.metrics.duration
      guard result.verdict != .invalid else { continue }
      latencies += result.metrics.latencies
      yields += result.metrics.yields
      guard let errors = result.metrics.wordErrors else { continue }
      wordErrors = wordErrors.map { $0 + errors } ?? errors
    }
  }
}
