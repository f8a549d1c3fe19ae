import CLibwebsockets
import Glibc

/// One accepted TCP connection: HTTP requests one after another, until it closes or becomes a WebSocket.
final class AcceptedSocket: DescriptorOwner, StoppableSocket {
  private enum Stage {
    case idle
    case receivingBody(RequestHead, body: [UInt8])
    case answering(exchange: UInt64, head: RequestHead)
    case writing(ResponseWriter)
    case streaming(StreamWriter)
    case discarding  // refused early; what the client still sends is read and dropped so that it reads the answer
    case webSocket(WebSocketConnection)
  }

  private let id = LoopContext.makeID()
  private var isSecure: Bool { loop.configuration.certificate != nil }
  private let descriptor: Int32
  private var stage = Stage.idle
  private var deadline: UInt64?
  /// Told when the client goes before it is answered.
  private var onGone: (@Sendable () -> Void)?
  /// What the handler gave along when it accepted the upgrade; becomes the connection's context.
  private var upgradeContext: AnyObject?

  private init(descriptor: Int32, loop: LoopContext) {
    self.descriptor = descriptor
    super.init(loop: loop)
  }

  /// Takes over `descriptor`, which `LoopLoad.socketCount` already counts.
  static func adopt(_ descriptor: Int32, by loop: LoopContext) {
    guard !loop.isStopping else {
      Glibc.close(descriptor)
      return loop.load.socketsChanged(by: -1)
    }
    let socket = AcceptedSocket(descriptor: descriptor, loop: loop)
    loop.add(socket, id: socket.id)
    let pointer = socket.retainedPointer()
    guard let wsi = vf_lws_adopt_socket(loop.vhost, descriptor, socket.isSecure ? 1 : 0, pointer) else {
      // libwebsockets closed the descriptor; when it got as far as a connection, it also said goodbye.
      if loop.sockets[socket.id] != nil {
        Unmanaged<DescriptorOwner>.fromOpaque(pointer).release()
        socket.destroyed()
      }
      return
    }
    socket.bind(to: wsi)
    socket.setDeadline(loop.configuration.requestTimeMax)
  }

  override func destroyed() {
    if case .webSocket(let connection) = stage { connection.finished() }
    if case .streaming(let writer) = stage { writer.source.clientGone() }
    stage = .idle
    onGone?()
    onGone = nil
    loop.removeSocket(id)
    loop.load.socketsChanged(by: -1)
    super.destroyed()
  }

  func loopStops() {
    switch stage {
    case .idle, .receivingBody, .discarding, .answering, .streaming:
      if let wsi { vf_lws_kill(wsi) }
    case .writing, .webSocket: break
    }
  }

  override func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    guard let wsi else { return 0 }
    switch reason {
    case LWS_CALLBACK_RECEIVE:
      guard case .webSocket(let connection) = stage else { return -1 }
      return connection.pieceReceived(UnsafeRawBufferPointer(start: input, count: count))
    case LWS_CALLBACK_SERVER_WRITEABLE:
      guard case .webSocket(let connection) = stage else { return -1 }
      return connection.writeable()
    case LWS_CALLBACK_HTTP: return headReceived(wsi)
    case LWS_CALLBACK_HTTP_BODY: return bodyReceived(UnsafeRawBufferPointer(start: input, count: count))
    case LWS_CALLBACK_HTTP_BODY_COMPLETION: return bodyCompleted(wsi)
    case LWS_CALLBACK_HTTP_WRITEABLE: return writeable(wsi)
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return upgradeRequested(wsi)
    case LWS_CALLBACK_ESTABLISHED: return established(wsi)
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      if case .webSocket(let connection) = stage {
        connection.peerCloses(UnsafeRawBufferPointer(start: input, count: count))
      }
      return 0
    case LWS_CALLBACK_CLOSED:
      if case .webSocket(let connection) = stage { connection.finished() }
      return 0
    case LWS_CALLBACK_TIMER: return timeIsUp(wsi)
    default: return 0
    }
  }
}

// MARK: - HTTP

extension AcceptedSocket {
  /// The handler's answer to `exchange`; late answers find another exchange or none and are dropped.
  func respond(_ response: HTTPResponse, to exchange: UInt64) {
    guard let wsi, case .answering(exchange, let head) = stage else { return }
    onGone = nil
    stage = .writing(
      ResponseWriter(response, method: head.request.method, closes: !head.keepsAlive || loop.isStopping))
    extendWriting(wsi)
    lws_rx_flow_control(wsi, 1)
    lws_callback_on_writable(wsi)
  }

  private func headReceived(_ wsi: OpaquePointer) -> Int32 {
    deadline = nil
    guard let head = RequestHead(wsi: wsi, extraHeaders: loop.configuration.extraRequestHeaders) else {
      return refuse(.problem(status: 400, detail: "the request head is not understood"), wsi, discards: false)
    }
    let hasLongBody = ["POST", "PUT", "PATCH"].contains(head.request.method)
    if head.isLengthMissing {
      let answer = HTTPResponse.problem(status: 411, detail: "send the body with Content-Length, not chunked")
      return refuse(answer, wsi, discards: hasLongBody)
    }
    if head.contentLength > 0,
      let refusal = loop.configuration.httpHandler?.refusal(of: head.request, bodyBytes: head.contentLength)
    {
      return refuse(refusal, wsi, discards: true)
    }
    if head.contentLength > loop.configuration.requestBodyBytesMax {
      let limit = loop.configuration.requestBodyBytesMax
      return refuse(.problem(status: 413, detail: "the body is longer than \(limit) bytes"), wsi, discards: true)
    }
    guard head.contentLength > 0 else {
      dispatch(head, wsi)
      return 0
    }
    var body: [UInt8] = []
    body.reserveCapacity(min(head.contentLength, 1 << 16))
    stage = .receivingBody(head, body: body)
    return 0
  }

  private func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    guard case .receivingBody(let head, var body) = stage else { return 0 }
    stage = .idle  // or `body` would be copied
    body.append(contentsOf: bytes)
    stage = .receivingBody(head, body: body)
    return 0
  }

  /// libwebsockets calls this again when the client sends on while the answer is pending.
  private func bodyCompleted(_ wsi: OpaquePointer) -> Int32 {
    guard case .receivingBody(var head, let body) = stage else { return 0 }
    stage = .idle
    head.request.body = body
    dispatch(head, wsi)
    return 0
  }

  private func dispatch(_ head: RequestHead, _ wsi: OpaquePointer) {
    let exchange = LoopContext.makeID()
    let request = head.request
    var answered = head
    answered.request.body = []  // the handler's alone
    stage = .answering(exchange: exchange, head: answered)
    // libwebsockets gives a request timeout_secs in all; how long an answer takes is the handler's affair.
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
    // Without this a pipelined request or half-closed client would keep poll() spinning until the answer comes.
    lws_rx_flow_control(wsi, 0)
    guard let handler = loop.configuration.httpHandler else {
      let answer = HTTPResponse(
        status: 426, headers: [("upgrade", "websocket"), ("content-type", "text/plain")],
        body: Array("This path takes WebSocket connections only.\n".utf8))
      return respond(answer, to: exchange)
    }
    handler.respond(to: request, reply: HTTPReply(mailbox: loop.mailbox, socket: id, exchange: exchange))
  }

  private func writeable(_ wsi: OpaquePointer) -> Int32 {
    if case .streaming(let writer) = stage { return writeable(wsi, streaming: writer) }
    guard case .writing(var writer) = stage else { return 0 }
    let progress = writer.write(to: wsi, through: loop.sendBuffer)
    switch progress {
    case .broken: return -1
    case .more:
      stage = .writing(writer)
      extendWriting(wsi)
      lws_callback_on_writable(wsi)
      return 0
    case .done: return answered(wsi, closes: writer.closes)
    }
  }

  private func answered(_ wsi: OpaquePointer, closes: Bool) -> Int32 {
    stage = .idle
    deadline = nil
    return closes || loop.isStopping || lws_http_transaction_completed(wsi) != 0 ? -1 : 0
  }

  /// Answers before the request is complete and closes.
  private func refuse(_ response: HTTPResponse, _ wsi: OpaquePointer, discards: Bool) -> Int32 {
    var writer = ResponseWriter(response, method: "GET", closes: true)
    if case .broken = writer.write(to: wsi, through: loop.sendBuffer) { return -1 }
    guard discards else { return -1 }
    stage = .discarding
    shutdown(descriptor, Int32(SHUT_WR))
    setDeadline(loop.configuration.closeTimeMax)
    return 0
  }
}

// MARK: - Answers that are made while they are sent

extension AcceptedSocket {
  /// The handler's answer to `exchange` begins.
  func stream(_ response: HTTPResponse, from source: any HTTPBodySource, in exchange: UInt64) {
    guard let wsi, case .answering(exchange, let head) = stage else { return source.clientGone() }
    onGone = nil
    stage = .streaming(
      StreamWriter(
        response, exchange: exchange, source: source, isChunked: head.takesChunks,
        closes: !head.keepsAlive || loop.isStopping))
    beginWriting(wsi)
  }

  /// The next piece; `nil` when its source cannot make it, and the client must not take what it has for the whole.
  func goOn(with piece: [UInt8]?, isLast: Bool, in exchange: UInt64) {
    guard let wsi, case .streaming(var writer) = stage, writer.exchange == exchange, writer.isWaiting else { return }
    guard let piece else { return vf_lws_kill(wsi) }
    stage = .idle  // or its bytes would be copied
    writer.goOn(with: piece, isLast: isLast)
    stage = .streaming(writer)
    beginWriting(wsi)
  }

  /// libwebsockets writes only where it may read.
  private func beginWriting(_ wsi: OpaquePointer) {
    extendWriting(wsi)
    lws_rx_flow_control(wsi, 1)
    lws_callback_on_writable(wsi)
  }

  private func writeable(_ wsi: OpaquePointer, streaming writer: StreamWriter) -> Int32 {
    var writer = writer
    guard !writer.isWaiting else { return 0 }
    stage = .idle
    let progress = writer.write(to: wsi, through: loop.sendBuffer)
    if case .hungry = progress { writer.waits() }
    stage = .streaming(writer)
    switch progress {
    case .broken: return -1
    case .more:
      extendWriting(wsi)
      lws_callback_on_writable(wsi)
    case .hungry:
      deadline = nil  // how long a piece takes is its source's affair
      lws_rx_flow_control(wsi, 0)
      writer.source.pieceWanted(HTTPPiece(mailbox: loop.mailbox, socket: id, exchange: writer.exchange))
    case .done: return answered(wsi, closes: writer.closes)
    }
    return 0
  }

  /// Looks from now on whether the client of `exchange` is still there.
  func watch(_ exchange: UInt64, _ onGone: @escaping @Sendable () -> Void) {
    guard let wsi, case .answering(exchange, _) = stage else { return }
    self.onGone = onGone
    lws_set_timer_usecs(wsi, Self.watchMicroseconds)
  }

  /// How often it is looked whether a client is still there that waits for its answer.
  private static let watchMicroseconds: Int64 = 100_000

  /// Input is not read while an answer is owed, so libwebsockets does not notice that the client closed.
  private func cutWhenGone(_ wsi: OpaquePointer) {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) {
      vf_lws_kill(wsi)
    } else {
      lws_set_timer_usecs(wsi, Self.watchMicroseconds)
    }
  }
}

// MARK: - WebSocket

extension AcceptedSocket {
  /// - Returns: 0 to accept. After a refusal was written, −1 flushes and closes.
  private func upgradeRequested(_ wsi: OpaquePointer) -> Int32 {
    deadline = nil
    guard let head = RequestHead(wsi: wsi, extraHeaders: loop.configuration.extraRequestHeaders) else {
      return refuse(.problem(status: 400, detail: "the request head is not understood"), wsi, discards: false)
    }
    if let refusal = refusal(of: head.request) { return refuse(refusal, wsi, discards: false) }
    return 0
  }

  private func refusal(of request: HTTPRequest) -> HTTPResponse? {
    guard request.headers["upgrade"]?.lowercased() == "websocket" else {
      return .problem(status: 400, detail: "only websocket can be upgraded to")
    }
    guard request.method == "GET", request.headers["sec-websocket-key"] != nil else {
      return .problem(status: 400, detail: "a WebSocket handshake is a GET with Sec-WebSocket-Key")
    }
    guard request.headers["sec-websocket-version"] == "13" else {
      var answer = HTTPResponse.problem(status: 426, detail: "WebSocket version 13 is spoken here")
      answer.headers.append(("sec-websocket-version", "13"))
      return answer
    }
    let offered = RequestHead.subprotocols(in: request.headers)
    guard offered.isEmpty || offered.contains(where: loop.configuration.subprotocols.contains) else {
      let known = loop.configuration.subprotocols.joined(separator: ", ")
      return .problem(status: 400, detail: "none of the offered subprotocols is spoken here: \(known)")
    }
    guard !loop.isStopping else { return .problem(status: 503, detail: "the server stops") }
    switch loop.handler.upgradeRequested(UpgradeRequest(request: request, subprotocols: offered)) {
    case .accept: return nil
    case .acceptWith(let context):
      upgradeContext = context
      return nil
    case .refuse(let response): return response
    }
  }

  private func established(_ wsi: OpaquePointer) -> Int32 {
    let name = lws_get_protocol(wsi).flatMap { $0.pointee.name.map { String(cString: $0) } }
    let connection = WebSocketConnection(
      wsi: wsi, loop: loop, events: loop.handler, subprotocol: name == "http" ? nil : name)
    connection.context = upgradeContext
    upgradeContext = nil
    stage = .webSocket(connection)
    // It looks at the bytes as they are on the wire, which TLS hides: a client there is not checked for masking.
    if !isSecure { loop.maskCheck?.watch(connection, wsi: wsi, descriptor: descriptor) }
    connection.established()
    return 0
  }
}

// MARK: - Time

extension AcceptedSocket {
  private func setDeadline(_ duration: Duration) {
    guard let wsi else { return }
    deadline = MonotonicClock.now() + duration.microseconds
    lws_set_timer_usecs(wsi, Int64(duration.microseconds))
  }

  /// The peer read something, or writing begins: it has `requestTimeMax` again.
  private func extendWriting(_ wsi: OpaquePointer) {
    deadline = MonotonicClock.now() + loop.configuration.requestTimeMax.microseconds
    lws_set_timer_usecs(wsi, Self.inputCheckMicroseconds)
  }

  /// How often a connection that is slow to read its answer is looked at for input.
  private static let inputCheckMicroseconds: Int64 = 20_000

  /// A timer may be left over from an earlier stage: what counts is the deadline.
  private func timeIsUp(_ wsi: OpaquePointer) -> Int32 {
    if case .webSocket(let connection) = stage {
      connection.deadlinePassed()
      return 0
    }
    if let deadline, MonotonicClock.now() >= deadline {
      vf_lws_kill(wsi)
      return 0
    }
    switch stage {
    case .writing where deadline != nil, .streaming where deadline != nil:
      // While an answer is written libwebsockets leaves input unread, and poll() spins on it. A client that sends on, or
      // half-closes, before it has read its answer is cut, as nginx and others do.
      if isInputWaiting { vf_lws_kill(wsi) } else { lws_set_timer_usecs(wsi, Self.inputCheckMicroseconds) }
    case .streaming: cutWhenGone(wsi)
    case .answering where onGone != nil: cutWhenGone(wsi)
    default: break
    }
    return 0
  }

  private var isInputWaiting: Bool {
    if isSecure { return false }  // what waits may be TLS' own; the client has until the deadline
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) >= 0
  }
}
