/// The owner of what happens on one service loop. Made on the loop's thread and called only there, so it needs no locks.
public protocol LoopHandler: WebSocketEvents {
  /// The loop's clock: every `tickPeriod`, with slots 0 … `tickSlotCount` − 1 in turn. Calls give themselves a slot each,
  /// so that their work spreads over the frame. After a stall at most one round of slots is made up for.
  ///
  /// - Parameter now: microseconds of `MonotonicClock`, read for this tick.
  func tick(at now: UInt64, slot: Int)

  /// A peer asks for a WebSocket here. Decide at once: nothing else happens on the loop meanwhile.
  func upgradeRequested(_ request: UpgradeRequest) -> UpgradeDecision
}

extension LoopHandler {
  /// Loops that only connect outwards take no WebSockets in.
  public func upgradeRequested(_ request: UpgradeRequest) -> UpgradeDecision {
    .refuse(HTTPResponse(status: 404))
  }
}
