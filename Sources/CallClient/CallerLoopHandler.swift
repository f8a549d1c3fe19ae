import WebSockets

/// Ticks the callers of one loop, each in its own millisecond of the frame.
final class CallerLoopHandler: LoopHandler {
  private var slots: [[any CallConnection]]

  init(slotCount: Int) { slots = Array(repeating: [], count: slotCount) }

  func add(_ caller: any CallConnection) {
    let slot = slots.indices.min { slots[$0].count < slots[$1].count } ?? 0
    slots[slot].append(caller)
  }

  func hangUp() {
    for caller in slots.joined() { caller.hangUp() }
  }

  func tick(at now: UInt64, slot: Int) {
    for caller in slots[slot] { caller.tick(at: now) }
    slots[slot].removeAll { $0.isOver }
  }

  /// Never called: every connection of this loop has a caller of its own.
  func opened(_ connection: WebSocketConnection) {}
  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
