/// The handler of a loop that only carries clients or HTTP: takes no WebSockets in and does nothing on ticks.
public final class QuietLoopHandler: LoopHandler {
  /// A handler without state.
  public init() {}

  /// Nothing to do.
  public func tick(at now: UInt64, slot: Int) {}
  /// Never called: this loop takes none in.
  public func opened(_ connection: WebSocketConnection) {}
  /// Never called.
  public func received(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64
  ) {}
  /// Never called.
  public func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
