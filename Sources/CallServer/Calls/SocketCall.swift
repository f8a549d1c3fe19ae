import Bounds
import CallCore
import CallDriver
import Formats
import JSON
import Threads
import WebSockets
import Wires

/// One WebSocket and the call on it: turns frames into the call's events and the call's reports into frames. Lives on its loop.
final class SocketCall: CallHost {
  /// Faults of a peer that are answered; the next one ends the call.
  static let faultsMax = 20

  let number: CallNumber
  let slot: Int
  let connection: WebSocketConnection
  unowned let loop: MediaLoop
  private let openedAt = MonotonicClock.now()
  private let header = UnsafeMutableRawBufferPointer.allocate(byteCount: AudioPacketHeader.byteCount, alignment: 8)
  private var session: CallSession?
  private var codec = AudioCodec.opus
  /// The call's zero on the loop's clock.
  private var startedAt: UInt64 = 0
  private var faults = 0
  private var packetBudget = TokenBucket.packets
  private var messageBudget = TokenBucket.messages
  private var isOver = false
  private let usage: UsageMeter

  init(number: CallNumber, connection: WebSocketConnection, loop: MediaLoop, slot: Int, usage: UsageMeter) {
    self.usage = usage
    self.number = number
    self.connection = connection
    self.loop = loop
    self.slot = slot
  }

  deinit { header.deallocate() }

  // MARK: - From the loop

  func tick(at now: UInt64) {
    if let session {
      session.tick(at: time(now))
    } else if !isOver, now &- openedAt > UInt64(loop.server.settings.startWithin.microseconds) {
      let seconds = loop.server.settings.startWithin.milliseconds / 1000
      refuse(WireFault(.outOfPlace, "no start came within \(seconds) s"))
    }
  }

  func receiveMessage(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    guard !isOver else { return }
    guard messageBudget.consume(at: now) else { return rejectFlood("messages", of: messageBudget, at: now) }
    let message: ClientMessage
    do throws(WireFault) {
      message = try ClientMessage(decoding: bytes)
    } catch {
      if session == nil { refuse(error) } else { reportFault(error, at: now) }
      return
    }
    switch (message, session) {
    case (.start(let request), nil): start(request, at: now)
    case (.start, .some): reportFault(WireFault(.outOfPlace, "start: the call has begun already"), at: now)
    case (_, nil): refuse(WireFault(.outOfPlace, "the first message must be start"))
    case (.dtmf(let digit), let session?): Key(digit).map { session.handle(.keyPressed($0), at: time(now)) }
    case (.text(let text), let session?): session.handle(.typed(text), at: time(now))
    case (.played(let utterance, let heard), let session?): session.handle(.played(utterance, heard), at: time(now))
    case (.hangup, let session?): session.handle(.hungUp, at: time(now))
    }
  }

  func receivePacket(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    guard !isOver else { return }
    guard packetBudget.consume(at: now) else { return rejectFlood("packets", of: packetBudget, at: now) }
    guard let session else { return refuse(WireFault(.outOfPlace, "audio came before start")) }
    do throws(AudioPacketFault) {
      let header = try AudioPacketHeader(decoding: bytes)
      guard header.codec == codec else {
        let message = "a \(header.codec.rawValue) packet in a call that agreed on \(codec.rawValue)"
        return reportFault(WireFault(.badFrame, message), at: now)
      }
      session.receive(
        AudioPacketHeader.payload(of: bytes), sequence: header.sequence, stamp: header.microseconds, at: time(now))
    } catch {
      reportFault(error.wireFault, at: now)
    }
  }

  func deliver(_ content: SpeechResult.Content) { session?.deliver(content, at: time(MonotonicClock.now())) }

  /// The peer closed with a code of its own, or vanished.
  func connectionClosed(code: Int) {
    let event: CallEvent = code == 1000 || code == 1001 || code == 1005 ? .hungUp : .vanished
    session?.handle(event, at: time(MonotonicClock.now()))
    isOver = true
  }

  func serverStops() {
    if let session {
      session.handle(.serverStopping, at: time(MonotonicClock.now()))
    } else {
      connection.close(code: CloseReason.serverShutdown.closeCode, reason: CloseReason.serverShutdown.rawValue)
    }
  }

  // MARK: - From the call

  func send(_ packet: UnsafeRawBufferPointer, number: UInt32, at due: Timestamp, isLast: Bool) -> Bool {
    let fields = AudioPacketHeader(
      codec: codec, isLastOfUtterance: isLast, sequence: number, microseconds: UInt64(max(due.microseconds, 0)))
    fields.encode(into: header)
    return connection.sendBinary(header: UnsafeRawBufferPointer(header), payload: packet)
  }

  func send(_ report: CallReport) { send(ServerMessage(report)) }

  func ended(_ call: StoredCall) {
    isOver = true
    let reason = call.record.reason ?? .completed
    send(.ended(reason, CallDocument(call.record, recordingBytes: call.recording?.byteCount)))
    connection.close(code: reason.closeCode, reason: reason.rawValue)
    if let session {
      loop.server.figures.count(packets: session.sentPackets)
      usage.add(session.usage)
    }
    loop.server.archive(call)
  }

  // MARK: - Beginning

  private func start(_ request: StartRequest, at now: UInt64) {
    do throws(WireFault) {
      let setup = try CallSetup(request, server: loop.server)
      guard let work = loop.work else { throw WireFault(.refused, "the speech engines are still loading") }
      let session = try setup.makeSession(number: number, work: work, host: self)
      self.session = session
      codec = request.codec
      startedAt = now
      loop.server.figures.add(\.callsStarted)
      let notice = ReadyNotice(
        callID: session.settings.id, codec: request.codec, sampleRate: request.sampleRate, flow: request.flow,
        voice: session.settings.voice)
      send(.ready(notice))
      session.handle(.began, at: .zero)
    } catch {
      refuse(error)
    }
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- startedAt))
  }

  private func send(_ message: ServerMessage) { connection.send(text: message.jsonText) }

  /// The call cannot begin.
  private func refuse(_ fault: WireFault) {
    guard !isOver else { return }
    isOver = true
    loop.server.countRefusal(.request, key: usage.key)
    send(.error(code: fault.code.rawValue, message: fault.message, fatal: true))
    send(.ended(.refused, nil))
    connection.close(code: CloseReason.refused.closeCode, reason: CloseReason.refused.rawValue)
  }

  /// The loop's time belongs to the other calls, too: more than any caller can need ends the call.
  private func rejectFlood(_ what: String, of budget: TokenBucket, at now: UInt64) {
    reportFault(
      WireFault(
        .tooMany, "too many \(what): at most \(budget.perSecond) a second are taken, and \(budget.atOnce) at once"),
      at: now)
  }

  /// Something is wrong with what the peer sent; the call goes on unless it is too much.
  private func reportFault(_ fault: WireFault, at now: UInt64) {
    faults += 1
    let isTooMuch = fault.isFatal || faults > Self.faultsMax
    loop.server.figures.add(\.peerFaults)
    send(.error(code: fault.code.rawValue, message: fault.message, fatal: isTooMuch))
    if isTooMuch { session?.handle(.protocolBroken, at: time(now)) }
  }
}

extension CloseReason {
  /// The WebSocket's close code (RFC 6455 section 7.4.1).
  var closeCode: Int {
    switch self {
    case .protocolError, .refused: 1008
    case .engineFailed: 1011
    case .serverShutdown: 1001
    case .completed, .callerHungUp, .callerVanished, .noInput, .noMatch, .transferred, .timeLimit: 1000
    }
  }
}

extension TokenBucket {
  /// Audio packets: a call has 50 a second. The bucket holds what a network kept back for over a minute.
  fileprivate static let packets = TokenBucket(perSecond: 200, atOnce: 4000)
  /// Messages: a client that tells what it played sends some 10 a second. The bucket holds a long number typed at once, many times over.
  fileprivate static let messages = TokenBucket(perSecond: 50, atOnce: 500)
}
