/// One request to another server.
public struct HTTPClientRequest: Sendable {
  /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD` or `OPTIONS`.
  public var method: String
  /// `http://` or `https://`; no credentials inside.
  public var url: String
  /// Further headers. `Host` and, with a body, `Content-Length` are added.
  public var headers: [(name: String, value: String)]
  /// Sent as it is; empty for none.
  public var body: [UInt8]
  /// Longest time until the whole response has arrived, name look-up aside.
  public var timeout: Duration
  /// Longest time until there is a connection to one address, the TLS handshake included, name look-up aside; `nil`: only `timeout` counts, and
  /// 10 s for an address while there are others to try.
  public var connectTimeout: Duration?
  /// Longest time from then to the head of the answer; `nil`: only `timeout` counts.
  public var answerTimeout: Duration?
  /// Largest response body.
  public var responseBytesMax: Int
  /// Called on the client's thread with each piece of the body as it arrives, for streamed answers with a status of 2xx. The
  /// response's own body stays empty then; that of a refusal is whole. Pieces count against `responseBytesMax`.
  public var onPiece: (@Sendable (UnsafeRawBufferPointer) -> Void)?
  /// Asked on any thread for each address that the host's name leads to; only those are connected to that it permits.
  /// `nil`: all are.
  public var permits: (@Sendable (_ host: String, _ port: UInt16, _ address: IPAddress) -> Bool)?

  /// A request with the defaults: 30 s, 16 MiB, whole body at the end.
  public init(
    method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    timeout: Duration = .seconds(30), responseBytesMax: Int = 16 << 20,
    onPiece: (@Sendable (UnsafeRawBufferPointer) -> Void)? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.responseBytesMax = responseBytesMax
    self.onPiece = onPiece
  }
}

/// A server's whole answer. Redirects are answers too: they are not followed.
public struct HTTPClientResponse: Sendable, Equatable {
  /// Status code.
  public var status: Int
  /// Values by lower-case name; only the names in `ResponseHeaders` arrive, among them content-type, content-length,
  /// location, retry-after, etag, cache-control and www-authenticate.
  public var headers: [String: String]
  /// The body, chunks joined; empty when `onPiece` took it.
  public var body: [UInt8] = []

  package init(status: Int, headers: [String: String], body: [UInt8] = []) {
    (self.status, self.headers, self.body) = (status, headers, body)
  }
}

/// Why a request got no answer.
public enum HTTPClientError: Error, Sendable, Equatable {
  /// The answer was not complete in time.
  case timedOut
  /// No connection within `connectTimeout`, the TLS handshake included.
  case notConnected(within: Duration)
  /// No head of an answer within `answerTimeout` after the request began to be sent.
  case noAnswer(within: Duration)
  /// Whoever asked wants no answer any more.
  case cancelled
  /// Nothing was sent, for there was no connection; the text is libwebsockets' own.
  case unreachable(String)
  /// The connection broke after the request began to be sent and before the response's head: nobody knows whether it was read.
  case lost(String)
  /// The response's body is longer than `responseBytesMax`.
  case tooLarge(limit: Int)
  /// Not an `http://` or `https://` URL this module can use.
  case invalidURL(String)
  /// The TLS handshake failed: an untrusted certificate, another host's, or no TLS at the other end.
  case tls(String)
  /// The connection ended within the body.
  case closedEarly
  /// No address of the host may be asked: `HTTPClientRequest.permits` said no to each.
  case forbidden(host: String)
  /// Too many requests are under way; the caller slows down.
  case busy(limit: Int)
  /// The client was stopped.
  case stopped
}
