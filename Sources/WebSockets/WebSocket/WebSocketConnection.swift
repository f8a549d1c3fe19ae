import CLibwebsockets
import Threads

/// One WebSocket, server or client side. Lives and dies on its loop's thread; use it nowhere else.
///
/// From elsewhere keep its `id` and post to the loop: `loop.post { $0.connection(id)?.send(text: …) }`.
public final class WebSocketConnection {
  /// Unique in this process.
  public let id: UInt64
  /// The owner's state for this connection.
  public var context: AnyObject?
  /// The subprotocol agreed on, if any.
  public let subprotocol: String?
  /// The other side's address in digits.
  public let peer: String

  private let loop: LoopContext
  private let events: any WebSocketEvents
  /// Client where the connection began here.
  private let end: WebSocketEnd
  private var wsi: OpaquePointer?
  private var texts: TextQueue
  private var assembler: MessageAssembler
  private var closing: (code: Int, reason: String)?
  /// libwebsockets calls back as writeable while it waits for the answer; a second −1 would cut the connection.
  private var isCloseFrameSent = false
  /// Whether `closed` was told.
  private var isCloseTold = false
  private var peerClose: (code: Int, reason: String)?
  /// Bytes that messages brought, each with the longest header that it may have.
  private var messageBytes = 0
  private var controlFrames = ControlFrameMeter()
  /// Bytes that libwebsockets has read of this connection, where they are counted; gives `nil` when they are not known now.
  private var readBytes: (() -> Int?)?
  private var confirmedAt: UInt64 = 0
  private let confirmPeriod: UInt64
  private let checksTextByPiece: Bool

  init(
    wsi: OpaquePointer, loop: LoopContext, events: any WebSocketEvents, subprotocol: String?, peer: String? = nil,
    bytes: PeerBytes? = nil, end: WebSocketEnd = .server
  ) {
    self.end = end
    id = LoopContext.makeID()
    self.wsi = wsi
    self.loop = loop
    self.events = events
    self.subprotocol = subprotocol
    self.peer = peer ?? peerAddress(of: wsi)
    texts = TextQueue(
      bytesMax: loop.configuration.queuedTextBytesMax, countMax: loop.configuration.queuedTextCountMax)
    assembler = MessageAssembler(
      bytesMax: loop.configuration.messageBytesMax, budget: loop.configuration.bodyBudget, peer: bytes)
    checksTextByPiece = loop.configuration.checksTextByPiece
    confirmPeriod = loop.configuration.pingAfter.microseconds / 2
  }

  /// False once closing began or the peer vanished.
  public var isOpen: Bool { wsi != nil && closing == nil }

  /// Takes messages of up to `bytesMax` bytes from now on, and skips longer ones, which `skippedMessage` tells, instead of closing.
  /// - Parameter kept: memory that stays with the connection between messages that come in pieces.
  public func takeMessages(upTo bytesMax: Int, keeping kept: Int) {
    assembler.bytesMax = bytesMax
    assembler.keptBytesMax = kept
    assembler.skipsLongMessages = true
  }

  /// Sends `text` at once when the peer keeps up, else queues it.
  ///
  /// When the queue is full (`queuedTextBytesMax`, `queuedTextCountMax`) the connection is closed with 1013
  /// "too slow" and counted in `LoopLoad.slowPeersClosedCount`. Does nothing on a connection that is closing.
  public func send(text: String) {
    guard let wsi, closing == nil else { return }
    if texts.isEmpty, lws_partial_buffered(wsi) == 0 {
      if !loop.sendBuffer.write(text, from: end, to: wsi) { cut() }
    } else if texts.append(text) {
      lws_callback_on_writable(wsi)
    } else {
      texts.removeAll()
      loop.load.slowPeerClosed()
      close(code: CloseCode.tryAgainLater, reason: "too slow")
    }
  }

  /// Sends `header` followed by `payload` as one binary message, straight to the socket and without heap allocation.
  ///
  /// - Parameters: together at most `binarySendBytesMax` bytes.
  /// - Returns: false when it was skipped: the peer has not read what was sent before, text is waiting, or the
  ///   connection is closing. Audio that cannot go now is late anyway; the caller counts it.
  public func sendBinary(header: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer) -> Bool {
    guard let wsi, closing == nil, texts.isEmpty, lws_partial_buffered(wsi) == 0 else { return false }
    if loop.sendBuffer.write(header, payload, as: .binary, from: end, to: wsi) { return true }
    cut()
    return false
  }

  /// The same as one text message; the two pieces together are UTF-8.
  public func sendText(header: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer) -> Bool {
    guard let wsi, closing == nil, texts.isEmpty, lws_partial_buffered(wsi) == 0 else { return false }
    if loop.sendBuffer.write(header, payload, as: .text, from: end, to: wsi) { return true }
    cut()
    return false
  }

  /// Sends `payload` as one binary message; see `sendBinary(header:payload:)`.
  public func sendBinary(_ payload: UnsafeRawBufferPointer) -> Bool {
    sendBinary(header: UnsafeRawBufferPointer(start: nil, count: 0), payload: payload)
  }

  /// Closes after queued text went out. `closed` follows with this code, at the latest after `closeTimeMax`.
  ///
  /// - Parameter reason: at most 123 bytes of UTF-8; the rest is cut.
  public func close(code: Int, reason: String) {
    guard let wsi, closing == nil else { return }
    closing = (code, reason)
    lws_set_timer_usecs(wsi, Int64(loop.configuration.closeTimeMax.microseconds))
    lws_callback_on_writable(wsi)
  }

  /// Breaks the connection without a close frame, as after a failed write.
  private func cut() {
    guard let wsi else { return }
    vf_lws_kill(wsi)
  }
}

// MARK: - What libwebsockets reports

extension WebSocketConnection {
  func established() {
    loop.add(self)
    events.opened(self)
  }

  /// Closes with 1008 a peer that sends too much that is no message, from now on.
  func watchControlFrames(_ readBytes: @escaping () -> Int?) {
    self.readBytes = readBytes
    lookAtControlFrames()
  }

  private func lookAtControlFrames() {
    // The timer of a connection that closes is that of its close.
    guard let wsi, let readBytes, closing == nil else { return }
    if let received = readBytes(), controlFrames.isFlood(received: received, messages: messageBytes) {
      close(code: CloseCode.policyViolation, reason: "too many control frames or empty fragments")
    } else {
      lws_set_timer_usecs(wsi, Int64(loop.configuration.controlFramePeriod.microseconds))
    }
  }

  private static let headerBytesMax = 14

  /// - Returns: −1 when libwebsockets must close.
  func pieceReceived(_ piece: UnsafeRawBufferPointer) -> Int32 {
    guard let wsi, closing == nil else { return 0 }
    messageBytes &+= piece.count
    let outcome = assembler.add(
      piece, isFirst: lws_is_first_fragment(wsi) != 0, isLast: lws_is_final_fragment(wsi) != 0,
      remaining: Int(clamping: lws_remaining_packet_payload(wsi)))
    switch outcome {
    case .incomplete: return 0
    case .skipped:
      messageBytes &+= Self.headerBytesMax
      assembler.removeAll()
      events.skippedMessage(on: self)
      return 0
    case .tooBig: return refuse(code: CloseCode.messageTooBig, reason: "message too big")
    case .overBudget: return refuse(code: CloseCode.tryAgainLater, reason: "too many unfinished messages")
    case .tooManyEmpty: return refuse(code: CloseCode.policyViolation, reason: "too many empty fragments")
    case .complete(let message):
      messageBytes &+= Self.headerBytesMax
      let isText = lws_frame_is_binary(wsi) == 0
      if isText, !checksTextByPiece, !isUTF8(message) { return refuse(code: CloseCode.invalidText, reason: "no UTF-8") }
      let now = MonotonicClock.now()
      confirmAlive(at: now)
      events.received(message, isText: isText, on: self, at: now)
      assembler.trim()
      return 0
    }
  }

  private func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
    text.withMemoryRebound(to: UInt8.self) { bytes in
      do {
        _ = try UTF8Span(validating: bytes.span)
        return true
      } catch { return false }
    }
  }

  /// The first bytes of the peer wait unread; see `MaskCheck`.
  func firstBytesArrived(checkedBy check: MaskCheck) {
    guard let wsi else { return }
    let isMasked = check.isFirstFrameMasked(lws_get_socket_fd(wsi))
    lws_rx_flow_control(wsi, 1)
    if !isMasked { close(code: CloseCode.protocolError, reason: "client frames must be masked") }
  }

  func writeable() -> Int32 {
    guard let wsi else { return 0 }
    if let text = texts.takeFirst() {
      if !texts.isEmpty || closing != nil { lws_callback_on_writable(wsi) }
      return writeQueued(text, to: wsi)
    }
    guard let closing, !isCloseFrameSent else { return 0 }
    return closeNow(code: closing.code, reason: closing.reason)
  }

  func peerCloses(_ payload: UnsafeRawBufferPointer) {
    guard peerClose == nil else { return }
    peerClose = closeReason(in: payload) ?? (CloseCode.none, "")
  }

  /// The close deadline passed without an answer, or it is time to look at what came.
  func deadlinePassed() {
    if closing == nil { lookAtControlFrames() } else { cut() }
  }

  /// The socket is gone. Called for each of libwebsockets' two farewells; the first counts.
  func finished() {
    guard let wsi else { return }
    let own = lws_get_close_length(wsi)
    let sent =
      own > 0 ? closeReason(in: UnsafeRawBufferPointer(start: lws_get_close_payload(wsi), count: Int(own))) : nil
    self.wsi = nil
    texts.removeAll()
    assembler.removeAll()
    loop.remove(self)
    let verdict = closing ?? peerClose ?? sent ?? (CloseCode.vanished, "")
    tellClosed(code: verdict.code, reason: verdict.reason)
  }

  private func tellClosed(code: Int, reason: String) {
    guard !isCloseTold else { return }
    isCloseTold = true
    events.closed(self, code: code, reason: reason)
    context = nil
  }

  /// Closes because of what came. A client says so as soon as it may write: libwebsockets' client forgets to empty its buffer when it is told to
  /// close by a piece, and writes what still comes of the message behind the end of it (4.1.6, `lws_ws_client_rx_sm`). To whoever has the connection
  /// it is over now, whether or not the peer ever answers.
  private func refuse(code: Int, reason: String) -> Int32 {
    guard end == .client else { return closeNow(code: code, reason: reason) }
    assembler.removeAll()
    close(code: code, reason: reason)
    tellClosed(code: code, reason: reason)
    return 0
  }

  private func closeNow(code: Int, reason: String) -> Int32 {
    guard let wsi else { return -1 }
    closing = (code, reason)
    assembler.removeAll()
    isCloseFrameSent = true
    lws_set_timer_usecs(wsi, Int64(loop.configuration.closeTimeMax.microseconds))
    var bytes = Array(reason.utf8.prefix(123))
    while !bytes.isEmpty, String(validating: bytes, as: UTF8.self) == nil { bytes.removeLast() }
    bytes.withUnsafeMutableBufferPointer {
      lws_close_reason(wsi, lws_close_status(UInt32(code)), $0.baseAddress, $0.count)
    }
    return -1
  }

  private func writeQueued(_ text: [UInt8], to wsi: OpaquePointer) -> Int32 {
    var text = text
    return text.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return -1 }
      let written = lws_write(wsi, base + vf_lws_pre(), buffer.count - vf_lws_pre(), LWS_WRITE_TEXT)
      return written < 0 ? -1 : 0
    }
  }

  /// Received data proves the peer alive, which libwebsockets itself concludes from pongs only. Each proof sorts a timer
  /// into a list, so it is given twice in a ping period and not for every frame.
  private func confirmAlive(at now: UInt64) {
    guard let wsi, now &- confirmedAt > confirmPeriod else { return }
    confirmedAt = now
    lws_validity_confirmed(wsi)
  }

  private func closeReason(in payload: UnsafeRawBufferPointer) -> (code: Int, reason: String)? {
    guard payload.count >= 2 else { return nil }
    return (Int(payload[0]) << 8 | Int(payload[1]), String(decoding: payload[2...], as: UTF8.self))
  }
}

/// Close codes of RFC 6455 section 7.4.1 and the IANA registry that this module uses.
public enum CloseCode {
  /// The work is done.
  public static let normal = 1000
  /// The server stops or the page is left.
  public static let goingAway = 1001
  /// The peer broke the protocol.
  public static let protocolError = 1002
  /// The peer's close frame named no code; never sent.
  public static let none = 1005
  /// The connection broke without a close frame; never sent.
  public static let vanished = 1006
  /// Text that is not UTF-8.
  public static let invalidText = 1007
  /// The peer does what nobody needs, without end.
  public static let policyViolation = 1008
  /// A message over the limit.
  public static let messageTooBig = 1009
  /// The peer does not read fast enough, or the server has no room: try again later.
  public static let tryAgainLater = 1013
}
