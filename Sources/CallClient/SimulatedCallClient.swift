import CallCore
import CallDriver
import JSON
import Simulation
import WebSockets
import Wires

/// One simulated caller on one WebSocket, in real time. Lives on the loop that `CallerLoop` runs.
final class SimulatedCallClient: CallConnection {
  /// How long a server may take to answer `start`, and to send its record after a hang-up.
  private static let answerMax: UInt64 = 10_000_000
  private static let wireAdvice = "check that it is a VoiceForge server of this version"

  private var paced: PacedCaller
  private let request: StartRequest
  private let order: SimulatedOrder
  private let done: @Sendable (CallEvidence) -> Void
  private let header = UnsafeMutableRawBufferPointer.allocate(byteCount: AudioPacketHeader.byteCount, alignment: 8)
  private var connection: WebSocketConnection?
  private var openedAt: UInt64?
  private var tickedAt: UInt64?
  /// The call's zero on the loop's clock; `nil` before `ready`.
  private var startedAt: UInt64?
  private var hungUpAt: UInt64?
  private var lastNow: UInt64 = 0
  private var endedAt: Timestamp?
  private var record: CallRecord?
  private var failure: CallFailure?
  private(set) var isOver = false

  init(
    caller: SimulatedCaller, request: StartRequest, order: SimulatedOrder,
    done: @escaping @Sendable (CallEvidence) -> Void
  ) {
    paced = PacedCaller(caller, order)
    self.request = request
    self.order = order
    self.done = done
  }

  deinit { header.deallocate() }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    send(.start(request))
  }

  func failed(_ failure: WebSocketClientFailure) {
    self.failure = CallFailure(failure)
    finish()
  }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    lastNow = max(lastNow, now)
    guard !isOver else { return }
    if isText { receiveMessage(bytes, at: now) } else { receivePacket(bytes, at: now) }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    self.connection = nil
    if failure == nil { failure = .closed(code: code, reason: reason) }
    finish()
  }

  private func receiveMessage(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    let message: ServerMessage
    do throws(WireFault) { message = try ServerMessage(decoding: bytes) } catch {
      return giveUp(.rubbish("\(error.message); \(Self.wireAdvice)"))
    }
    switch message {
    case .ready:
      if startedAt == nil { order.answered?() }
      startedAt = startedAt ?? PacedCaller.zero(ofCallAt: now, tick: tickedAt ?? now)
    case .error(let code, let text, true): giveUp(.refused(code: code, message: text))
    default: break
    }
    if startedAt != nil { paced.caller.receive(message, at: time(now)) }
    if case .ended(let reason, let document) = message { end(reason, document?.record, at: now) }
  }

  /// The server has said all it has to say, whether it closes the connection or not.
  private func end(_ reason: CloseReason, _ record: CallRecord?, at now: UInt64) {
    self.record = record
    endedAt = time(now)
    if record == nil, failure == nil {
      failure = .rubbish("`ended` (\(reason.rawValue)) without a record; \(Self.wireAdvice)")
    }
    connection?.close(code: 1000, reason: "")
    finish()
  }

  private func receivePacket(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    guard startedAt != nil else { return giveUp(.rubbish("audio before `ready`; \(Self.wireAdvice)")) }
    do throws(AudioPacketFault) {
      let header = try AudioPacketHeader(decoding: bytes)
      do throws(EngineError) {
        try paced.caller.receivePacket(
          AudioPacketHeader.payload(of: bytes), isLast: header.isLastOfUtterance, at: time(now))
      } catch {
        giveUp(.rubbish("audio that cannot be decoded (\(error)); \(Self.wireAdvice)"))
      }
    } catch {
      giveUp(.rubbish("a bad packet (\(error)); \(Self.wireAdvice)"))
    }
  }

  // MARK: - Time

  func tick(at monotonic: UInt64) {
    lastNow = max(lastNow, monotonic)
    guard !isOver, connection != nil else { return }
    openedAt = openedAt ?? monotonic
    tickedAt = monotonic
    if let since = hungUpAt ?? (startedAt == nil ? openedAt : nil), monotonic - since > Self.answerMax {
      let what = startedAt == nil ? "no `ready` to `start`" : "no `ended` after the hang-up"
      return giveUp(.hung("\(what) within \(Self.answerMax / 1_000_000) s; look at the server's log"))
    }
    guard startedAt != nil, record == nil, endedAt == nil, failure == nil else { return }
    let now = time(monotonic)
    while paced.nextFrame <= now, hungUpAt == nil, failure == nil { step(at: now) }
    paced.sendHeld(by: now, transmit)
    if let after = order.testCase.world.disconnectAfter, now - .zero >= after {
      giveUp(.brokenOff("as the case asks"))
    } else if now - .zero >= order.testCase.durationMax, hungUpAt == nil {
      failure = .tooLong("over \(order.testCase.durationMax.milliseconds / 1000) s")
      hangUp()
    }
  }

  private func step(at now: Timestamp) {
    do throws(EngineError) {
      switch try paced.step(at: now, transmit) {
      case .nothing: break
      case .press(let key): send(.dtmf(key.character))
      case .hangUp: hangUp()
      }
    } catch {
      giveUp(.callerEngine(error.description))
    }
  }

  func hangUp() {
    guard hungUpAt == nil else { return }
    hungUpAt = lastNow
    send(.hangup)
  }

  private func transmit(_ packet: UnsafeRawBufferPointer, _ sequence: UInt32, _ stamp: UInt64) {
    AudioPacketHeader(codec: request.codec, sequence: sequence, microseconds: stamp).encode(into: header)
    _ = connection?.sendBinary(header: UnsafeRawBufferPointer(header), payload: packet)
  }

  private func send(_ message: ClientMessage) { connection?.send(text: message.jsonText) }

  // MARK: - The end

  private func giveUp(_ failure: CallFailure) {
    if self.failure == nil { self.failure = failure }
    connection?.close(code: 1000, reason: "the caller is gone")
    finish()
  }

  private func finish() {
    guard !isOver else { return }
    isOver = true
    var evidence = paced.evidence(at: endedAt ?? (startedAt == nil ? .zero : time(lastNow)))
    evidence.record = record
    evidence.failure = failure
    done(evidence)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- (startedAt ?? now)))
  }
}
