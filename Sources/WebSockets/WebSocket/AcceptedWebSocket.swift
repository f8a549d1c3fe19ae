import CLibwebsockets
import Glibc

/// The server's end of one WebSocket, which libwebsockets serves from the handshake on.
final class AcceptedWebSocket: DescriptorOwner {
  private let id = LoopContext.makeID()
  private let descriptor: Int32
  private let peer: String
  /// What the handler gave along when it accepted the upgrade; becomes the connection's context.
  private var upgradeContext: AnyObject?
  private var connection: WebSocketConnection?
  private let checksMasking: Bool
  private let place: ConnectionSlot
  /// Brings what came under TLS.
  private weak var relay: TLSRelay?

  private init(
    _ upgrade: AcceptedUpgrade, descriptor: Int32, checksMasking: Bool, place: ConnectionSlot, relay: TLSRelay?,
    loop: LoopContext
  ) {
    self.descriptor = descriptor
    self.relay = relay
    self.checksMasking = checksMasking
    self.place = place
    peer = upgrade.request.peer
    upgradeContext = upgrade.context
    super.init(loop: loop)
  }

  /// Takes over `descriptor`, whose handshake was read and found right. libwebsockets gets it in a short form of our own, so that
  /// nothing a stranger wrote reaches its parser.
  ///
  /// - Parameters:
  ///   - rest: what came behind the head: the first frames.
  ///   - place: the connection's, kept until it is over.
  ///   - relay: brings what came under TLS; `nil` for a connection in clear.
  static func adopt(
    _ descriptor: Int32, _ upgrade: AcceptedUpgrade, rest: [UInt8], place: ConnectionSlot, relay: TLSRelay? = nil,
    by loop: LoopContext
  ) {
    // With frames already here, the next bytes of the socket may be the middle of one.
    let socket = AcceptedWebSocket(
      upgrade, descriptor: descriptor, checksMasking: rest.isEmpty, place: place, relay: relay, loop: loop)
    loop.add(socket, id: socket.id)
    loop.adopting = socket
    let bytes = Array(upgrade.handshake.utf8) + rest
    let wsi = bytes.withUnsafeBytes { bytes in
      lws_adopt_socket_vhost_readbuf(loop.vhost, descriptor, bytes.baseAddress, bytes.count)
    }
    if loop.adopting != nil {  // libwebsockets gave up before it called back
      loop.adopting = nil
      if wsi == nil { socket.destroyed() }
    }
    if let wsi, socket.wsi == nil { socket.bind(to: wsi) }
  }

  override func destroyed() {
    connection?.finished()
    connection = nil
    loop.removeSocket(id)
    loop.load.socketsChanged(by: -1)
    super.destroyed()
  }

  override func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    switch reason {
    case LWS_CALLBACK_RECEIVE: connection?.pieceReceived(UnsafeRawBufferPointer(start: input, count: count)) ?? -1
    case LWS_CALLBACK_SERVER_WRITEABLE: connection?.writeable() ?? -1
    case LWS_CALLBACK_HTTP: -1  // only handshakes come here
    case LWS_CALLBACK_ESTABLISHED: established()
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE, LWS_CALLBACK_CLOSED, LWS_CALLBACK_TIMER: dispatch(reason, input, count)
    default: 0
    }
  }

  private func dispatch(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    switch reason {
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      connection?.peerCloses(UnsafeRawBufferPointer(start: input, count: count))
    case LWS_CALLBACK_CLOSED: connection?.finished()
    default: connection?.deadlinePassed()
    }
    return 0
  }

  private func established() -> Int32 {
    guard let wsi else { return -1 }
    let name = lws_get_protocol(wsi).flatMap { $0.pointee.name.map { String(cString: $0) } }
    let connection = WebSocketConnection(
      wsi: wsi, loop: loop, events: loop.handler, subprotocol: name == "http" ? nil : name, peer: peer,
      bytes: place.bytes)
    connection.context = upgradeContext
    upgradeContext = nil
    self.connection = connection
    if checksMasking { loop.maskCheck?.watch(connection, wsi: wsi, descriptor: descriptor) }
    connection.established()
    connection.watchControlFrames { [descriptor, weak relay] in
      let read = relay.map { $0.broughtBytes - Int(vf_waiting_bytes(descriptor)) } ?? Int(vf_tcp_read_bytes(descriptor))
      return read < 0 ? nil : read
    }
    return 0
  }
}

/// A handshake that a handler accepted.
struct AcceptedUpgrade {
  let request: HTTPRequest
  /// The one of the offered subprotocols that is spoken here.
  let subprotocol: String?
  let context: AnyObject?

  /// The same handshake in as few words as it takes.
  var handshake: String {
    let chosen = subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? ""
    return """
      GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
      Sec-WebSocket-Key: \(request.headers["sec-websocket-key"] ?? "")\r\n\(chosen)\r\n
      """
  }
}
