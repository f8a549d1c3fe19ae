import CallCore
import Simulation
import WebSockets
import Wires

/// One simulated caller of somebody's bot: what the platform or the client at this end of the bot's wire does is done here, in real time.
/// Lives on the loop that `CallerLoop` runs.
final class BotCallClient: CallConnection {
  private var paced: PacedCaller
  private let order: SimulatedOrder
  private let side: any PlatformSide
  private let done: @Sendable (CallEvidence) -> Void
  private var queue: PlayoutQueue
  private var connection: WebSocketConnection?
  /// The call's zero on the loop's clock; `nil` before the first tick of an open connection.
  private var startedAt: UInt64?
  private var lastNow: UInt64 = 0
  private var failure: CallFailure?
  private var toolCalls: [CallEvidence.ToolUse] = []
  private(set) var isOver = false

  /// - Parameter caller: hears when the agent speaks.
  init(
    caller: SimulatedCaller, side: any PlatformSide, order: SimulatedOrder,
    done: @escaping @Sendable (CallEvidence) -> Void
  ) {
    paced = PacedCaller(caller, order)
    (self.side, self.order, self.done) = (side, order, done)
    queue = PlayoutQueue(side.format)
  }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    side.begin(send)
  }

  func failed(_ failure: WebSocketClientFailure) {
    self.failure = CallFailure(toBot: failure, over: side.wire)
    finish()
  }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    lastNow = max(lastNow, now)
    guard !isOver else { return }
    let instant = time(now)
    side.receive(bytes, isText: isText, at: instant, into: &queue, send) { learn($0, at: instant) }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    self.connection = nil
    guard !isOver else { return }
    switch side.closed(code: code, reason: reason) {
    case .brokenOff:
      failure = failure ?? .closed(code: code, reason: reason, by: "bot")
      finish()
    case .refused(let code, let message):
      failure = failure ?? .refused(code: code, message: message)
      finish()
    case .over(let end):
      startedAt = startedAt ?? lastNow
      paced.caller.receive(.ended(end, nil), at: time(lastNow))
      drain()
    }
  }

  private func learn(_ event: PlatformEvent, at now: Timestamp) {
    switch event {
    case .cleared: paced.caller.agentCleared(at: now)
    case .told(let message): paced.caller.receive(message, at: now)
    case .says(let text): paced.caller.agentSays(text)
    case .finished: paced.caller.agentFinished(at: now)
    case .calledTool(let call): toolCalls.append(.init(at: now, call: call))
    }
  }

  // MARK: - Time

  func tick(at monotonic: UInt64) {
    lastNow = max(lastNow, monotonic)
    guard !isOver, connection != nil else { return }
    if startedAt == nil {
      startedAt = PacedCaller.zero(ofCallAt: monotonic, tick: monotonic)
      order.answered?()
    }
    let now = time(monotonic)
    while paced.nextFrame <= now, !isOver { step(at: now) }
    guard !isOver else { return }
    paced.sendHeld(by: now, transmit)
    if let after = order.testCase.world.disconnectAfter, now - .zero >= after {
      giveUp(.brokenOff("as the case asks"))
    } else if now - .zero >= order.testCase.durationMax {
      failure = .tooLong("over \(order.testCase.durationMax.milliseconds / 1000) s")
      hangUp()
    }
  }

  /// Plays what the bot has to say from the end of the caller's next frame on, then sends that frame.
  private func step(at now: Timestamp) {
    side.advance(at: paced.nextFrame, into: &queue, send) { learn($0, at: paced.nextFrame) }
    do throws(EngineError) {
      try paced.caller.play(&queue, until: paced.nextFrame, reached: reached)
      switch try paced.step(at: now, transmit) {
      case .nothing: break
      case .press(let key): side.send(key, send)
      case .hangUp: hangUp()
      }
    } catch {
      giveUp(.callerEngine(error.description))
    }
  }

  /// Plays to its end, or to the case's, what was queued when the bot closed the stream.
  private func drain() {
    do throws(EngineError) {
      finish(
        at: try paced.caller.drain(
          &queue, from: paced.nextFrame, limit: order.testCase.durationMax, reached: reached))
    } catch {
      giveUp(.callerEngine(error.description))
    }
  }

  private func reached(_ mark: String, at now: Timestamp) { side.reached(mark, at: now, send) { learn($0, at: now) } }

  private func transmit(_ packet: UnsafeRawBufferPointer, _ sequence: UInt32, _ stamp: UInt64) {
    guard let connection, connection.isOpen else { return }
    side.send(packet, number: sequence) { frame in
      frame.isText
        ? connection.sendText(header: frame.header, payload: frame.payload)
        : connection.sendBinary(header: frame.header, payload: frame.payload)
    }
  }

  private func send(_ text: String) { connection?.send(text: text) }

  // MARK: - The end

  /// Hangs up, which a bot need not answer.
  func hangUp() {
    guard !isOver else { return }
    side.end(send)
    connection?.close(code: 1000, reason: "")
    if startedAt == nil { failure = failure ?? .brokenOff("before the call began") }
    paced.caller.receive(.ended(.callerHungUp, nil), at: time(lastNow))
    finish()
  }

  private func giveUp(_ failure: CallFailure) {
    self.failure = self.failure ?? failure
    connection?.close(code: 1000, reason: "the caller is gone")
    finish()
  }

  /// - Parameter end: of the call; `nil`: now.
  private func finish(at end: Timestamp? = nil) {
    guard !isOver else { return }
    isOver = true
    let end = end ?? (startedAt == nil ? .zero : time(lastNow))
    side.finish(at: end, of: queue) { learn($0, at: end) }
    var evidence = paced.evidence(at: end)
    evidence.failure = failure
    evidence.wire = side.wire
    evidence.findings = side.findings
    evidence.toolCalls = toolCalls
    done(evidence)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- (startedAt ?? now)))
  }
}
