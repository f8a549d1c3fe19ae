/// The owner of one outbound WebSocket. Called on the loop's thread only.
public protocol WebSocketClientHandler: WebSocketEvents {
  /// The connection never opened. Exactly one of this and `opened` is called.
  func failed(_ failure: WebSocketClientFailure)
}
