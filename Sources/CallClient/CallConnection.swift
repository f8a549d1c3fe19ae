public import WebSockets

/// A caller that lives on a `CallerLoop`.
public protocol CallConnection: WebSocketClientHandler {
  /// Whether the call is over.
  var isOver: Bool { get }
  /// Does what is due. Called every 20 ms.
  func tick(at monotonic: UInt64)
  /// Ends the call.
  func hangUp()
}
