import Glibc
import WebSockets

/// Counts a test reads while the loops run.
final class PacedCounts: Sendable {
  let sent = Tally()
  let received = Tally()
  let skipped = Tally()
  /// Frames by how much longer than 20 ms after the one before they came: up to 1, 5, 20 ms, more.
  let punctual = Tally()
  let late5 = Tally()
  let late20 = Tally()
  let tooLate = Tally()

  func came(late: Int64) {
    switch late {
    case ...1_000: punctual.add()
    case ...5_000: late5.add()
    case ...20_000: late20.add()
    default: tooLate.add()
    }
  }
}

/// Both ends of many calls: sends a packet of 16 + 60 bytes to each of its connections every 20 ms.
final class PacedPeer: LoopHandler, WebSocketClientHandler {
  /// When a connection's last packet came.
  private final class Previous {
    var at: UInt64 = 0
  }

  private let counts: PacedCounts
  private var slots: [[WebSocketConnection]] = Array(repeating: [], count: 20)
  private var next = 0
  private let header = [UInt8](repeating: 1, count: 16)
  private let payload = [UInt8](repeating: 2, count: 60)

  init(_ counts: PacedCounts) { self.counts = counts }

  func tick(at now: UInt64, slot: Int) {
    for connection in slots[slot] {
      let isSent = header.withUnsafeBytes { header in
        payload.withUnsafeBytes { connection.sendBinary(header: header, payload: $0) }
      }
      (isSent ? counts.sent : counts.skipped).add()
    }
  }

  func upgradeRequested(_ request: UpgradeRequest) -> UpgradeDecision { .accept }

  func opened(_ connection: WebSocketConnection) {

    connection.context = Previous()
    slots[next % 20].append(connection)
    next += 1
  }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    guard let previous = connection.context as? Previous else { return }
    counts.received.add()
    if previous.at > 0 { counts.came(late: Int64(now - previous.at) - 20_000) }
    previous.at = now
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    for slot in slots.indices { slots[slot].removeAll { $0 === connection } }
  }

  func failed(_ failure: WebSocketClientFailure) {}
}
