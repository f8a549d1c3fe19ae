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
  private static let frame = CallDuration.milliseconds(20)

  private struct Late {
    var at: Timestamp
    var sequence: UInt32
    var stamp: UInt64
    var bytes: [UInt8]
  }

  private let caller: SimulatedCaller
  private let order: SimulatedOrder
  private let done: @Sendable (CallEvidence) -> Void
  private let header = UnsafeMutableRawBufferPointer.allocate(byteCount: AudioPacketHeader.byteCount, alignment: 8)
  private var network: LossyNetwork
  private var connection: WebSocketConnection?
  private var openedAt: UInt64?
  /// The call's zero on the loop's clock; `nil` before `ready`.
  private var startedAt: UInt64?
  private var hungUpAt: UInt64?
  private var lastNow: UInt64 = 0
  private var nextFrame = Timestamp.zero + frame
  private var sequence: UInt32 = 0
  /// Packets that the simulated network holds back, the first one due first.
  private var held: [Late] = []
  private var lateFrames = 0
  private var endedAt: Timestamp?
  private var record: CallRecord?
  private var failure: CallFailure?
  private(set) var isOver = false

  init(caller: SimulatedCaller, order: SimulatedOrder, done: @escaping @Sendable (CallEvidence) -> Void) {
    self.caller = caller
    self.order = order
    self.done = done
    network = LossyNetwork(conditions: order.testCase.world.network, seed: order.seed)
  }

  deinit { header.deallocate() }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    send(.start(order.request))
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
      startedAt = startedAt ?? now
    case .error(let code, let text, true): giveUp(.refused(code: code, message: text))
    default: break
    }
    if startedAt != nil { caller.receive(message, at: time(now)) }
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
        try caller.receivePacket(AudioPacketHeader.payload(of: bytes), isLast: header.isLastOfUtterance, at: time(now))
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
    if let since = hungUpAt ?? (startedAt == nil ? openedAt : nil), monotonic - since > Self.answerMax {
      let what = startedAt == nil ? "no `ready` to `start`" : "no `ended` after the hang-up"
      return giveUp(.hung("\(what) within \(Self.answerMax / 1_000_000) s; look at the server's log"))
    }
    guard startedAt != nil, record == nil, endedAt == nil, failure == nil else { return }
    let now = time(monotonic)
    while nextFrame <= now, hungUpAt == nil, failure == nil { step(at: now) }
    sendHeld(by: now)
    if let after = order.testCase.world.disconnectAfter, now - .zero >= after {
      giveUp(.brokenOff("as the case asks"))
    } else if now - .zero >= order.testCase.durationMax, hungUpAt == nil {
      failure = .tooLong("over \(order.testCase.durationMax.milliseconds / 1000) s")
      hangUp()
    }
  }

  private func step(at now: Timestamp) {
    if now - nextFrame > Self.frame { lateFrames += 1 }
    do throws(EngineError) {
      let command = try caller.step(at: nextFrame) { packet in post(packet, at: now) }
      switch command {
      case .nothing: break
      case .press(let key): send(.dtmf(key.character))
      case .hangUp: hangUp()
      }
    } catch {
      giveUp(.callerEngine(error.description))
    }
    nextFrame = nextFrame + Self.frame
  }

  func hangUp() {
    guard hungUpAt == nil else { return }
    hungUpAt = lastNow
    send(.hangup)
  }

  // MARK: - The network

  private func post(_ packet: UnsafeRawBufferPointer, at now: Timestamp) {
    let stamp = UInt64(max(nextFrame.microseconds, 0))
    for arrival in network.send(at: nextFrame) {
      // A loop that is late finds packets due that it has not sent yet: the order is the network's all the same.
      if arrival <= now, held.first.map({ $0.at > arrival }) ?? true {
        transmit(packet, sequence: sequence, stamp: stamp)
      } else {
        let late = Late(at: arrival, sequence: sequence, stamp: stamp, bytes: Array(packet))
        held.insert(late, at: held.firstIndex { $0.at > arrival } ?? held.count)
      }
    }
    sequence &+= 1
  }

  private func sendHeld(by now: Timestamp) {
    while let late = held.first, late.at <= now {
      held.removeFirst()
      late.bytes.withUnsafeBytes { transmit($0, sequence: late.sequence, stamp: late.stamp) }
    }
  }

  private func transmit(_ packet: UnsafeRawBufferPointer, sequence: UInt32, stamp: UInt64) {
    AudioPacketHeader(codec: order.request.codec, sequence: sequence, microseconds: stamp).encode(into: header)
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
    var evidence = caller.evidence(mode: .live, at: endedAt ?? (startedAt == nil ? .zero : time(lastNow)))
    evidence.record = record
    evidence.failure = failure
    evidence.network = network.counts
    evidence.lateFrames = lateFrames
    done(evidence)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- (startedAt ?? now)))
  }
}

/// What a simulated caller asks the server for, and how it behaves on the line.
struct SimulatedOrder: Sendable {
  var request: StartRequest
  var seed: UInt64
  var testCase: TestCase
  /// Called on the loop's thread when the server has taken the call.
  var answered: (@Sendable () -> Void)?
}
