import CLibwebsockets

/// Fills libwebsockets' connection description, whose strings must live as long as the call.
struct ConnectInfo {
  let url: ServerURL
  /// `GET` and so on for HTTP; nil makes a WebSocket.
  var method: String?
  var subprotocol: String?
  var origin: String?
  /// Where the host was found; `nil`: libwebsockets looks it up.
  var address: IPAddress?

  /// - Parameter opaque: the owner's retained pointer.
  /// - Returns: nil when it failed at once.
  func connect(on loop: LoopContext, opaque: UnsafeMutableRawPointer) -> OpaquePointer? {
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
