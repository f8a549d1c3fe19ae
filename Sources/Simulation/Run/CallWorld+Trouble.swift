import CallCore

extension CallWorld {
  /// Whether an engine does not do its work in this turn.
  func hasTrouble(_ engine: EngineTrouble.Engine, inTurn turn: Int) -> Bool {
    engineTroubles.contains { $0.engine == engine && $0.fromTurn <= max(turn, 1) }
  }

  /// Makes an engine's answer late, or a failure, as the case asks.
  func trouble(
    _ engine: EngineTrouble.Engine, inTurn turn: Int, due: inout Timestamp, fail: (EngineError) -> Void
  ) {
    for trouble in engineTroubles where trouble.engine == engine && trouble.fromTurn <= max(turn, 1) {
      if let delay = trouble.delay { due = due + delay } else { fail(.library(function: "as the case asks", code: -1)) }
    }
  }
}
