import CallCore
import Simulation
import WebSockets
import Wires

/// One simulated caller that a bot takes for one of a telephone provider's: what the platform of the provider does is done here, in real time.
/// Lives on the loop that `CallerLoop` runs.
final class TelephonyCallClient: CallConnection {
  private var paced: PacedCaller
  private let order: SimulatedOrder
  private let wire: CallWire
  private let side: TelephonyPlatformSide
  private let done: @Sendable (CallEvidence) -> Void
  private var queue: PlayoutQueue
  private var connection: WebSocketConnection?
  /// The call's zero on the loop's clock; `nil` before the first tick of an open connection.
  private var startedAt: UInt64?
  private var lastNow: UInt64 = 0
  private var failure: CallFailure?
  private(set) var isOver = false

  /// - Parameter caller: hears an agent that announces nothing.
  init(
    caller: SimulatedCaller, wire: CallWire, side: TelephonyPlatformSide, order: SimulatedOrder,
    done: @escaping @Sendable (CallEvidence) -> Void
  ) {
    paced = PacedCaller(caller, order)
    (self.wire, self.side, self.order, self.done) = (wire, side, order, done)
    queue = PlayoutQueue(side.format)
  }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    side.begin(send)
  }

  func failed(_ failure: WebSocketClientFailure) {
    self.failure = CallFailure(toBot: failure)
    finish()
  }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    lastNow = max(lastNow, now)
    guard !isOver else { return }
    side.receive(bytes, isText: isText, into: &queue, send) { paced.caller.agentCleared(at: time(now)) }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    self.connection = nil
    guard !isOver else { return }
    side.closedByBot()
    // 1000 and 1001 end a call as they should; 1005 is a close without a code, as many bots send it (RFC 6455, 7.4.1).
    guard [1000, 1001, 1005].contains(code) else {
      failure = failure ?? .closed(code: code, reason: reason, by: "bot")
      return finish()
    }
    startedAt = startedAt ?? lastNow
    paced.caller.receive(.ended(.completed, nil), at: time(lastNow))
    drain()
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
    do throws(EngineError) {
      try play(until: paced.nextFrame)
      switch try paced.step(at: now, transmit) {
      case .nothing: break
      case .press(let key): side.send(key, send)
      case .hangUp: hangUp()
      }
    } catch {
      giveUp(.callerEngine(error.description))
    }
  }

  /// Plays to its end, or to the case's, what was queued when the bot closed the stream. Nobody speaks any more, so it need not take as long as
  /// it sounds.
  private func drain() {
    var start = paced.nextFrame
    var end = time(lastNow)
    while queue.queuedBytes > 0, start - .zero < order.testCase.durationMax {
      do throws(EngineError) { try play(until: start) } catch { return giveUp(.callerEngine(error.description)) }
      start = start + PacedCaller.frame
      end = start
    }
    finish(at: end)
  }

  private func play(until end: Timestamp) throws(EngineError) {
    var fault: EngineError?
    queue.play(until: end, reached: { side.sendMark($0, send) }) { packet, start in
      do throws(EngineError) { try paced.caller.playFrame(packet, at: start) } catch { fault = error }
    }
    if let fault { throw fault }
  }

  private func transmit(_ packet: UnsafeRawBufferPointer, _ sequence: UInt32, _ stamp: UInt64) {
    guard let connection else { return }
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
    var evidence = paced.evidence(at: end ?? (startedAt == nil ? .zero : time(lastNow)))
    evidence.failure = failure
    evidence.wire = wire
    evidence.findings = side.findings
    done(evidence)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- (startedAt ?? now)))
  }
}
