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
  /// Called on the client's thread with each piece of the body as it arrives, for streamed answers. The response's own
  /// body stays empty then. Pieces count against `responseBytesMax`.
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
