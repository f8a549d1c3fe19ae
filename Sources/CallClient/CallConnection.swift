import WebSockets

/// A caller that lives on a `CallerLoop`.
protocol CallConnection: WebSocketClientHandler {
  var isOver: Bool { get }
  /// Does what is due. Called every 20 ms.
  func tick(at monotonic: UInt64)
  func hangUp()
}
