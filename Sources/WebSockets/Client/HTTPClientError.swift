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
  /// No connection, or it broke before the response's head; the text is libwebsockets' own.
  case unreachable(String)
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
