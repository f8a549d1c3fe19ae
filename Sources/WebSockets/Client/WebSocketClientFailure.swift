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
