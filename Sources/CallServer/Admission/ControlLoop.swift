import CallCore
import WebSockets

/// What happens on the control loop beside HTTP: the look at the load, at who has waited too long for speech and, now and then, at the
/// stores and what was used. It takes no WebSockets in.
final class ControlLoop: LoopHandler {
  private let watch: LoadWatch
  private let desk: SpeechScheduler

  private let exchange: ServerContext

  init(watch: LoadWatch, desk: SpeechScheduler, exchange: ServerContext) {
    self.watch = watch
    self.desk = desk
    self.exchange = exchange
  }

  func tick(at now: UInt64, slot: Int) {
    watch.look(at: now)
    desk.sweep(at: now)
    exchange.storeWatch.lookWhenDue(in: exchange)
    exchange.usage.writeWhenDue(at: Timestamp(microseconds: Int64(now)), on: exchange.duties)
  }
  func opened(_ connection: WebSocketConnection) {}
  func received(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64
  ) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
