import CLibwebsockets

/// One outbound WebSocket, from connecting to its end.
final class WebSocketClientSocket: DescriptorOwner, StoppableSocket {
  private enum Stage {
    case connecting
    case open(WebSocketConnection)
    case over
  }

  private let id = LoopContext.makeID()
  private let request: WebSocketClientRequest
  private let handler: any WebSocketClientHandler
  private var stage = Stage.connecting
  private var subprotocol: String?
  private var timedOut = false
  private var refusal: (status: Int, retryAfter: Int?)?
  private var refusalBody: [UInt8] = []

  /// Bytes kept of a refusal's body.
  private static let refusalBodyBytesMax = 1 << 16

  private init(_ request: WebSocketClientRequest, handler: any WebSocketClientHandler, loop: LoopContext) {
    self.request = request
    self.handler = handler
    super.init(loop: loop)
  }

  static func connect(_ request: WebSocketClientRequest, handler: any WebSocketClientHandler, on loop: LoopContext) {
    guard let url = ServerURL(request.url), url.isWebSocket, !url.isSecure || loop.configuration.offersTLSClients else {
      return handler.failed(.invalidURL(request.url))
    }
    guard !loop.isStopping else { return handler.failed(.unreachable("the loop stops")) }
    let socket = WebSocketClientSocket(request, handler: handler, loop: loop)
    let info = ConnectInfo(url: url, subprotocol: request.subprotocol, origin: request.origin)
    if let wsi = info.connect(socket, id: socket.id) {
      lws_set_timer_usecs(wsi, Int64(request.deadline.microseconds))
    }
  }

  override func destroyed() {
    switch stage {
    case .connecting: fail("closed before the handshake was done")
    case .open(let connection): connection.finished()
    case .over: break
    }
    stage = .over
    loop.removeSocket(id)
    loop.load.socketsChanged(by: -1)
    super.destroyed()
  }

  func loopStops() {
    if case .connecting = stage, let wsi { vf_lws_kill(wsi) }
  }

  override func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    guard let wsi else { return 0 }
    switch reason {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
      return HeaderAppender.append(request.headers, wsi: wsi, cursor: input, room: count) ? 0 : -1
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP: return answered(wsi)
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
      let piece = UnsafeRawBufferPointer(start: input, count: count)
      refusalBody.append(contentsOf: piece.prefix(Self.refusalBodyBytesMax - refusalBody.count))
      return 0
    case LWS_CALLBACK_CLIENT_ESTABLISHED: established(wsi)
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      fail(input.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: count), as: UTF8.self) } ?? "")
    case LWS_CALLBACK_TIMER: timerFired(wsi)
    default: return handleOpen(reason, input, count)
    }
    return 0
  }

  private func handleOpen(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    guard case .open(let connection) = stage else { return 0 }
    switch reason {
    case LWS_CALLBACK_CLIENT_RECEIVE:
      return connection.pieceReceived(UnsafeRawBufferPointer(start: input, count: count))
    case LWS_CALLBACK_CLIENT_WRITEABLE: return connection.writeable()
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      connection.peerCloses(UnsafeRawBufferPointer(start: input, count: count))
    case LWS_CALLBACK_CLIENT_CLOSED: connection.finished()
    default: break
    }
    return 0
  }
}

extension WebSocketClientSocket {
  /// The response's head is there. Unless it is 101, what came of the body is kept and libwebsockets told to close.
  private func answered(_ wsi: OpaquePointer) -> Int32 {
    let status = Int(lws_http_client_http_response(wsi))
    guard status != 101 else {
      // The headers are gone when the connection counts as established.
      if lws_hdr_total_length(wsi, WSI_TOKEN_PROTOCOL) > 0 { subprotocol = request.subprotocol }
      return 0
    }
    refusal = (status, HeaderTable.value(of: WSI_TOKEN_HTTP_RETRY_AFTER, in: wsi).flatMap { Int($0) })
    var buffer: UnsafeMutablePointer<CChar>?
    var count: Int32 = 0
    _ = lws_http_client_read(wsi, &buffer, &count)
    return -1
  }

  private func established(_ wsi: OpaquePointer) {
    let connection = WebSocketConnection(
      wsi: wsi, loop: loop, events: handler, subprotocol: subprotocol, end: .client)
    stage = .open(connection)
    connection.established()
  }

  /// One timer serves the handshake's deadline and later the close's.
  private func timerFired(_ wsi: OpaquePointer) {
    switch stage {
    case .connecting:
      timedOut = true
      vf_lws_kill(wsi)
    case .open(let connection): connection.deadlinePassed()
    case .over: break
    }
  }

  private func fail(_ why: String) {
    guard case .connecting = stage else { return }
    stage = .over
    if let refusal {
      handler.failed(.refused(status: refusal.status, retryAfterSeconds: refusal.retryAfter, body: refusalBody))
    } else {
      handler.failed(timedOut ? .timedOut : .unreachable(why))
    }
  }
}
