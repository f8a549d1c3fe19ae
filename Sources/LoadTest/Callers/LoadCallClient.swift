import CallCore
import WebSockets

/// One load call on one WebSocket. Lives on a `LoadLoop`; allocates nothing per frame.
protocol LoadCallClient: WebSocketClientHandler {
  var isOver: Bool { get }
  /// Does what is due. Called every 20 ms.
  /// - Parameter tickDue: when this tick should have come.
  func tick(at monotonic: UInt64, due tickDue: UInt64)
  /// The plan is over: hangs up.
  func abort(at monotonic: UInt64)
}

extension LoadFigures {
  /// Counts what became of a turn, where that is known.
  mutating func count(_ turn: ReplayedCaller.TurnEnd?) {
    guard let turn else { return }
    turns += 1
    switch turn {
    case .answered(let wait): turnLatency.add(wait)
    case .missed(let wait):
      turnsMissed += 1
      turnLatency.add(wait)
    case .overrun: turnsOverrun += 1
    }
  }
}
