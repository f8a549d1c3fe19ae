/// What happens to WebSockets, told on their loop's thread.
public protocol WebSocketEvents: AnyObject {
  /// The handshake is done; the connection may send.
  func opened(_ connection: WebSocketConnection)

  /// One whole message, fragments joined.
  ///
  /// - Parameters:
  ///   - bytes: valid during the call only; at most `messageBytesMax`; UTF-8 was checked when `isText`.
  ///   - now: microseconds of `MonotonicClock` at which the last byte was read.
  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64)

  /// The connection is over: exactly once for each `opened`.
  ///
  /// - Parameter code: the close code of RFC 6455 section 7.4; 1006 when the peer vanished, 1005 when it named none.
  func closed(_ connection: WebSocketConnection, code: Int, reason: String)
}
