import CallCore

/// A turn, with the places that later checks report at.
struct PlacedTurn {
  var turn: TestTurn
  var place: FilePlace
  var expectations: [PlacedExpectation]

  /// Whether the caller is heard to say words that the agent has to understand.
  var isSpoken: Bool {
    switch turn.deed {
    case .say: true
    case .play(_, let text): text != nil
    case .press, .staySilent, .backchannel, .hangUp: false
    }
  }

  /// Whether the agent has to stop for it.
  var interrupts: Bool {
    guard turn.cue.isOverAgent else { return false }
    switch turn.deed {
    case .say, .play, .press: return true
    case .staySilent, .backchannel, .hangUp: return false
    }
  }
}
