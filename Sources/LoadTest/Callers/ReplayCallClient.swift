import CallCore
import JSON
import Wires
import Simulation
import WebSockets

/// One caller who plays a `RecordedCaller` on one WebSocket. Lives on a `LoadLoop`; allocates nothing per packet.
final class ReplayCallClient: LoadCallClient {
  /// How long a server may take to answer `start`, and to end the call after a hang-up.
  private static let answerMax: UInt64 = 10_000_000

  private unowned let loop: LoadLoopHandler
  private let recorded: RecordedCaller
  private var caller: ReplayedCaller
  private let header = UnsafeMutableRawBufferPointer.allocate(byteCount: AudioPacketHeader.byteCount, alignment: 8)
  private var connection: WebSocketConnection?
  private var openedAt: UInt64?
  /// The call's zero on the loop's clock; `nil` before `ready`.
  private var startedAt: UInt64?
  private var hungUpAt: UInt64?
  private var pace = FramePace()
  private var sequence: UInt32 = 0
  private var gaps = 0
  private var end: CallEnd?
  private var hasEnded = false
  private(set) var isOver = false

  init(caller: ReplayedCaller, loop: LoadLoopHandler) {
    self.caller = caller
    recorded = caller.recorded
    self.loop = loop
  }

  deinit { header.deallocate() }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    send(.start(recorded.request))
  }

  func failed(_ failure: WebSocketClientFailure) { finish(CallEnd(failure)) }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    guard !isOver else { return }
    if isText { receiveMessage(bytes, at: now) } else { receivePacket(bytes, at: now) }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    self.connection = nil
    finish(end ?? .failed(reason.isEmpty ? "broken off with code \(code)" : "broken off: \(reason)"))
  }

  private func receiveMessage(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    let message: MessageScanner
    do throws(WireFault) {
      message = try MessageScanner(bytes, followsWords: recorded.followsWords)
    } catch {
      return giveUp(.failed("sent what is not on the wire: \(error.code.rawValue)"))
    }
    switch message {
    case .nothing: break
    case .ready:
      guard startedAt == nil else { return }
      startedAt = now
      loop.countAccepted()
    case .clear: caller.clear(at: time(now))
    case .says(let text): caller.agentSays(text)
    case .error(let code): end = .failed("error \(code)")
    case .ended(let reason):
      caller.callEnded(at: time(now))
      end = end ?? CallEnd(reason)
      hasEnded = true
      hungUpAt = hungUpAt ?? now
    }
  }

  private func receivePacket(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    guard startedAt != nil else { return giveUp(.failed("sent audio before ready")) }
    do throws(AudioPacketFault) {
      let header = try AudioPacketHeader(decoding: bytes)
      let instant = time(now)
      let due = Timestamp(microseconds: Int64(clamping: header.microseconds))
      loop.figures.framesReceived += 1
      if instant > due + FramePace.lateAfter { loop.figures.framesLate += 1 }
      loop.figures.count(caller.receivePacket(isLast: header.isLastOfUtterance, at: instant))
      loop.figures.gaps += caller.gaps - gaps
      gaps = caller.gaps
    } catch {
      giveUp(.failed("sent a bad packet"))
    }
  }

  // MARK: - Time

  func tick(at monotonic: UInt64, due tickDue: UInt64) {
    guard !isOver, connection != nil else { return }
    openedAt = openedAt ?? monotonic
    if let since = hungUpAt ?? (startedAt == nil ? openedAt : nil), monotonic &- since > Self.answerMax {
      if hasEnded, let end { return giveUp(end) }  // the call is over, and only the connection still stands
      return giveUp(.failed(startedAt == nil ? "no ready to start" : "no ended after the hang-up"))
    }
    guard startedAt != nil, end == nil, hungUpAt == nil else { return }
    let now = time(monotonic)
    if now - .zero >= recorded.testCase.durationMax {
      end = .failed("longer than the case allows")
      return hangUp(at: monotonic)
    }
    pace.begin(at: time(tickDue))
    while hungUpAt == nil, let due = pace.takeFrame(by: now, &loop.figures) {
      let (command, turn) = caller.step(at: due) { packet in send(packet, stamp: due) }
      loop.figures.count(turn)
      switch command {
      case .nothing: break
      case .press(let key): send(.dtmf(key.character))
      case .hangUp: hangUp(at: monotonic)
      }
    }
  }

  private func send(_ packet: UnsafeRawBufferPointer, stamp: Timestamp) {
    AudioPacketHeader(
      codec: recorded.codec, sequence: sequence, microseconds: UInt64(max(stamp.microseconds, 0))
    ).encode(into: header)
    sequence &+= 1
    loop.figures.framesSent += 1
    if connection?.sendBinary(header: UnsafeRawBufferPointer(header), payload: packet) != true {
      loop.figures.framesUnsent += 1
    }
  }

  private func send(_ message: ClientMessage) { connection?.send(text: message.jsonText) }

  // MARK: - The end

  func abort(at monotonic: UInt64) {
    guard !isOver, hungUpAt == nil else { return }
    end = end ?? .cutOff
    if startedAt == nil { giveUp(.cutOff) } else { hangUp(at: monotonic) }
  }

  private func hangUp(at monotonic: UInt64) {
    guard hungUpAt == nil else { return }
    hungUpAt = monotonic
    send(.hangup)
  }

  private func giveUp(_ end: CallEnd) {
    connection?.close(code: 1000, reason: "the caller is gone")
    finish(end)
  }

  private func finish(_ end: CallEnd) {
    guard !isOver else { return }
    isOver = true
    loop.countEnd(end, wasAccepted: startedAt != nil)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- (startedAt ?? now)))
  }
}
