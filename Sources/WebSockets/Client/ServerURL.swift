import CLibwebsockets

/// The parts of a `ws:`, `wss:`, `http:` or `https:` URL that a connection needs.
struct ServerURL: Sendable, Equatable {
  /// Name or digits, an IPv6 address without its brackets.
  let host: String
  let port: UInt16
  let isSecure: Bool
  let isWebSocket: Bool
  /// Path and query as written; begins with `/`.
  let target: String

  /// - Returns: nil when the scheme is another one, the host is missing, the port is no number or a character is none
  ///   that a URL may hold, such as a space or line break.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let scheme = text.firstRange(of: "://") else {
      return nil
    }
    switch text[..<scheme.lowerBound].lowercased() {
    case "ws": (isSecure, isWebSocket) = (false, true)
    case "wss": (isSecure, isWebSocket) = (true, true)
    case "http": (isSecure, isWebSocket) = (false, false)
    case "https": (isSecure, isWebSocket) = (true, false)
    default: return nil
    }
    let rest = text[scheme.upperBound...].prefix { $0 != "#" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let tail = rest[authority.endIndex...]
    target = tail.first == "/" ? String(tail) : "/" + tail
    guard let (host, port) = Self.hostAndPort(authority, defaultPort: isSecure ? 443 : 80) else { return nil }
    (self.host, self.port) = (host, port)
  }

  /// `Host` header: with the port unless it is the scheme's own.
  var hostHeader: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  private static func hostAndPort(_ authority: Substring, defaultPort: UInt16) -> (String, UInt16)? {
    guard !authority.contains("@") else { return nil }  // credentials belong into a header
    var host = authority
    var portText: Substring?
    if authority.first == "[" {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let after = authority[authority.index(after: end)...]
      guard after.isEmpty || after.first == ":" else { return nil }
      portText = after.isEmpty ? nil : after.dropFirst()
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      portText = authority[authority.index(after: colon)...]
    }
    guard !host.isEmpty else { return nil }
    guard let portText else { return (String(host), defaultPort) }
    guard let port = UInt16(portText), port > 0 else { return nil }
    return (String(host), port)
  }
}

/// Fills libwebsockets' connection description, whose strings must live as long as the call.
struct ConnectInfo {
  let url: ServerURL
  /// `GET` and so on for HTTP; nil makes a WebSocket.
  var method: String?
  var subprotocol: String?
  var origin: String?
  /// Where the host was found; `nil`: libwebsockets looks it up.
  var address: IPAddress?

  /// Connects, and counts the socket among those of its loop.
  /// - Returns: nil when it failed at once; `socket` has heard of it then.
  func connect(_ socket: DescriptorOwner, id: UInt64) -> OpaquePointer? {
    let loop = socket.loop
    loop.add(socket, id: id)
    loop.load.socketsChanged(by: 1)
    let pointer = socket.retainedPointer()
    guard let wsi = connect(on: loop, opaque: pointer) else {
      // libwebsockets says goodbye only to connections that got far enough.
      if loop.sockets[id] != nil {
        Unmanaged<DescriptorOwner>.fromOpaque(pointer).release()
        socket.destroyed()
      }
      return nil
    }
    socket.bind(to: wsi)
    return wsi
  }

  /// - Parameter opaque: the owner's retained pointer.
  private func connect(on loop: LoopContext, opaque: UnsafeMutableRawPointer) -> OpaquePointer? {
    var info = lws_client_connect_info()
    info.context = loop.libraryContext
    info.vhost = loop.vhost
    info.port = Int32(url.port)
    info.opaque_user_data = opaque
    info.ietf_version_or_minus_one = -1
    info.ssl_connection = Int32(LCCSCF_HTTP_NO_FOLLOW_REDIRECT.rawValue)
    if url.isSecure { info.ssl_connection |= Int32(LCCSCF_USE_SSL.rawValue) }
    return (address?.text ?? url.host).withCString { host in
      url.target.withCString { target in
        url.hostHeader.withCString { hostHeader in
          (info.address, info.path, info.host) = (host, target, hostHeader)
          return withOptionals { method, subprotocol, origin in
            (info.method, info.protocol, info.origin) = (method, subprotocol, origin)
            return "http".withCString { local in
              "http/1.1".withCString { alpn in
                info.local_protocol_name = local
                info.alpn = alpn  // one large HTTP/2 POST hung once (facts/libwebsockets.md)
                return lws_client_connect_via_info(&info)
              }
            }
          }
        }
      }
    }
  }

  private typealias Text = UnsafePointer<CChar>?

  private func withOptionals<Result>(_ body: (Text, Text, Text) -> Result) -> Result {
    Self.with(method) { method in
      Self.with(subprotocol) { subprotocol in
        Self.with(origin) { origin in body(method, subprotocol, origin) }
      }
    }
  }

  private static func with<Result>(_ text: String?, _ body: (Text) -> Result) -> Result {
    text.map { $0.withCString(body) } ?? body(nil)
  }
}
