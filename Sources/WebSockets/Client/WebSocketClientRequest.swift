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
    if let key { headers.append(("authorization", "Bearer \(key)")) }
  }
}
