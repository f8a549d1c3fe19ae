/// Opens WebSockets from any thread; from a loop's own thread, `LoopContext.connect` does the same directly.
public struct WebSocketClient: Sendable {
  private let loop: ServiceLoop

  /// - Parameter loop: carries the connections; thousands fit on one. Name look-ups block it, so give media loops
  ///   addresses in digits or use another loop.
  public init(loop: ServiceLoop) { self.loop = loop }

  /// Connects.
  ///
  /// - Parameter makeHandler: called once, on the loop's thread.
  /// - Returns: false when the loop's mailbox is full or the loop has stopped; nothing happens then.
  public func connect(
    _ request: WebSocketClientRequest, makeHandler: @escaping @Sendable (LoopContext) -> any WebSocketClientHandler
  ) -> Bool {
    loop.post { context in context.connect(request, handler: makeHandler(context)) }
  }
}

extension LoopContext {
  /// Connects from the loop's thread. `handler` hears of the outcome, possibly before this returns.
  public func connect(_ request: WebSocketClientRequest, handler: any WebSocketClientHandler) {
    WebSocketClientSocket.connect(request, handler: handler, on: self)
  }
}
