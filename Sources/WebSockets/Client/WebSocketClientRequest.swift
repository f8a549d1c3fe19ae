extension LoopContext {
  /// Connects from the loop's thread; from another one, post to the loop. `handler` hears of the outcome, possibly before this returns.
  ///
  /// Thousands fit on one loop. Name look-ups block it, so give media loops addresses in digits or use another loop.
  public func connect(_ request: WebSocketClientRequest, handler: any WebSocketClientHandler) {
    WebSocketClientSocket.connect(request, handler: handler, on: self)
  }
}

/// What to connect to, and how.
public struct WebSocketClientRequest: Sendable {
  /// `ws://` or `wss://`. TLS needs a loop with `offersTLSClients`.
  public var url: String
  /// Subprotocol to offer.
  public var subprotocol: String?
  /// `Origin` to send, as a page would.
  public var origin: String?
  /// Further headers.
  public var headers: [(name: String, value: String)] = []
  /// Longest time until the handshake is done.
  public var deadline: Duration = .seconds(10)

  /// A request with the defaults.
  public init(url: String, subprotocol: String? = nil) {
    self.url = url
    self.subprotocol = subprotocol
  }

  /// A request with a key for the server.
  /// - Parameter key: sent as a bearer token (RFC 6750); `nil`: none is.
  public init(url: String, subprotocol: String, key: String?) {
    self.init(url: url, subprotocol: subprotocol)
    authorize(with: key)
  }

  /// Sends a key along.
  /// - Parameter key: as a bearer token (RFC 6750); `nil`: none is.
  public mutating func authorize(with key: String?) {
    if let key { headers.append(("authorization", "Bearer \(key)")) }
  }
}

/// The owner of one outbound WebSocket. Called on the loop's thread only.
public protocol WebSocketClientHandler: WebSocketEvents {
  /// The connection never opened. Exactly one of this and `opened` is called.
  func failed(_ failure: WebSocketClientFailure)
}

/// Why a WebSocket could not be opened.
public enum WebSocketClientFailure: Error, Sendable, Equatable {
  /// Not a `ws://` or `wss://` URL, or `wss://` on a loop without TLS.
  case invalidURL(String)
  /// No connection, or it broke during the handshake; the text is libwebsockets' own.
  case unreachable(String)
  /// The handshake was not done by the deadline.
  case timedOut
  /// The server answered with another status than 101.
  ///
  /// - Parameters:
  ///   - retryAfterSeconds: of the `Retry-After` header, if it holds seconds.
  ///   - body: what of the response's body came along with its head; at most 64 KiB.
  case refused(status: Int, retryAfterSeconds: Int?, body: [UInt8])
}
