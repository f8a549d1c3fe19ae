/// A peer's wish to open a WebSocket.
public struct UpgradeRequest: Sendable {
  /// The HTTP request as it came: path, query, headers, peer.
  public let request: HTTPRequest
  /// Subprotocols the peer offers, in its order of preference.
  public let subprotocols: [String]

  /// A wish as a handler sees it; tests make their own.
  public init(request: HTTPRequest, subprotocols: [String] = []) {
    self.request = request
    self.subprotocols = subprotocols
  }

  /// Path without query, percent-decoded.
  public var path: String { request.path }
  /// Query items in order.
  public var query: [HTTPRequest.QueryItem] { request.query }
  /// Headers by lower-case name.
  public var headers: [String: String] { request.headers }
  /// Peer's address in digits.
  public var peer: String { request.peer }
  /// `Origin` as sent; browsers always send it, programs seldom.
  public var origin: String? { request.origin }

  /// False when a page of another origin asks: its `Origin` names another host and port than `Host` does.
  /// A request without `Origin` is no page's, and true.
  public var isSameOrigin: Bool { request.isSameOrigin }
}
