import WebSockets

/// What happens on the control loop beside HTTP: the look at the load. It takes no WebSockets in.
final class ControlLoop: LoopHandler {
  private let watch: LoadWatch

  init(watch: LoadWatch) { self.watch = watch }

  func tick(at now: UInt64, slot: Int) { watch.look(at: now) }
  func opened(_ connection: WebSocketConnection) {}
  func received(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64
  ) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
