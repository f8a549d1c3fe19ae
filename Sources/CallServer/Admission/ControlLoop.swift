import WebSockets

/// What happens on the control loop beside HTTP: the look at the load, and at who has waited too long for speech. It takes no WebSockets in.
final class ControlLoop: LoopHandler {
  private let watch: LoadWatch
  private let desk: SpeechDesk

  init(watch: LoadWatch, desk: SpeechDesk) {
    self.watch = watch
    self.desk = desk
  }

  func tick(at now: UInt64, slot: Int) {
    watch.look(at: now)
    desk.sweep(at: now)
  }
  func opened(_ connection: WebSocketConnection) {}
  func received(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64
  ) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
