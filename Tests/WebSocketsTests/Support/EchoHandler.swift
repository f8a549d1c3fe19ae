import TestSupport
import WebSockets

/// What an echo server has seen, readable by tests.
struct EchoLog: Sendable {
  var opened = 0
  var closed: [(code: Int, reason: String)] = []
  var closedTwice = 0
  var loops: [String: Int] = [:]
  var upgrades: [UpgradeRequest] = []
  var ticks = 0
}

/// Sends everything back. Text commands: `close CODE`, `flood N` sends N long texts.
final class EchoHandler: LoopHandler {
  private let log: Probe<EchoLog>
  private let name: String
  private let decide: @Sendable (UpgradeRequest) -> UpgradeDecision
  private var alive: Set<UInt64> = []

  init(
    log: Probe<EchoLog>, name: String,
    decide: @escaping @Sendable (UpgradeRequest) -> UpgradeDecision = { _ in .accept }
  ) {
    self.log = log
    self.name = name
    self.decide = decide
  }

  func tick(at now: UInt64, slot: Int) { log.change { $0.ticks += 1 } }

  func upgradeRequested(_ request: UpgradeRequest) -> UpgradeDecision {
    log.change { $0.upgrades.append(request) }
    return decide(request)
  }

  func opened(_ connection: WebSocketConnection) {
    alive.insert(connection.id)
    log.change {
      $0.opened += 1
      $0.loops[name, default: 0] += 1
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    guard isText else {
      _ = connection.sendBinary(bytes)
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let words = text.split(separator: " ")
    if words.count == 2, words[0] == "close", let code = Int(words[1]) {
      connection.close(code: code, reason: "asked for")
    } else if words.count == 2, words[0] == "flood", let count = Int(words[1]) {
      for _ in 0..<count { connection.send(text: String(repeating: "x", count: 10_000)) }
    } else {
      connection.send(text: text)
    }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    let isFirst = alive.remove(connection.id) != nil
    log.change {
      if !isFirst { $0.closedTwice += 1 }
      $0.closed.append((code, reason))
    }
  }
}
