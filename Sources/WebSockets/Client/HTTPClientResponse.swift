/// A server's whole answer. Redirects are answers too: they are not followed.
public struct HTTPClientResponse: Sendable, Equatable {
  /// Status code.
  public var status: Int
  /// Values by lower-case name; only the names in `ResponseHeaders` arrive, among them content-type, content-length,
  /// location, retry-after, etag, cache-control and www-authenticate.
  public var headers: [String: String]
  /// The body, chunks joined; empty when `onPiece` took it.
  public var body: [UInt8]

  /// An answer as tests make it.
  public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
