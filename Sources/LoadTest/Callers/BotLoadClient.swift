import CallCore
import Simulation
import WebSockets
import Wires

/// The connection and the clock of a `ReplayedBotCall`. Lives on a `LoadLoop`.
final class BotLoadClient: LoadCallClient {
  private unowned let loop: LoadLoopHandler
  private let call: ReplayedBotCall
  private var pace = FramePace()
  private var connection: WebSocketConnection?
  private var wasAccepted = false
  /// The call's zero on the loop's clock; `nil` before the first tick of an open connection.
  private var startedAt: UInt64?
  private(set) var isOver = false

  init(_ call: ReplayedBotCall, loop: LoadLoopHandler) { (self.call, self.loop) = (call, loop) }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    wasAccepted = true
    loop.countAccepted()
    call.begin(send)
  }

  func failed(_ failure: WebSocketClientFailure) { finish(CallEnd(failure)) }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    guard !isOver else { return }
    call.receive(bytes, isText: isText, at: time(now), send)
    hangUpIfFailed()
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    self.connection = nil
    guard !isOver else { return }
    finish(call.closed(code: code, reason: reason, isBegun: startedAt != nil))
  }

  // MARK: - Time

  func tick(at monotonic: UInt64, due tickDue: UInt64) {
    guard !isOver, connection != nil else { return }
    startedAt = startedAt ?? monotonic
    let now = time(monotonic)
    if now - .zero >= call.recorded.testCase.durationMax {
      return hangUp(.failed("longer than the case allows"))
    }
    pace.begin(at: time(tickDue))
    while !isOver, let due = pace.takeFrame(by: now, &loop.figures) {
      let hangsUp = call.step(at: due, &loop.figures, send, send: send)
      hangUpIfFailed()
      if hangsUp { hangUp(.completed) }
    }
  }

  private func send(_ frame: WireFrame) -> Bool {
    guard let connection else { return false }
    return frame.isText
      ? connection.sendText(header: frame.header, payload: frame.payload)
      : connection.sendBinary(header: frame.header, payload: frame.payload)
  }

  private func send(_ text: String) { connection?.send(text: text) }

  // MARK: - The end

  func abort(at monotonic: UInt64) { hangUp(.cutOff) }

  private func hangUpIfFailed() {
    if let failure = call.failure { hangUp(failure) }
  }

  /// Hangs up, which a bot need not answer.
  private func hangUp(_ end: CallEnd) {
    guard !isOver else { return }
    call.end(send)
    connection?.close(code: 1000, reason: "")
    finish(end)
  }

  private func finish(_ end: CallEnd) {
    guard !isOver else { return }
    isOver = true
    loop.countEnd(end, wasAccepted: wasAccepted)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- (startedAt ?? now)))
  }
}
