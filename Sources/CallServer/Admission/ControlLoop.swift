import CallCore
import WebSockets

/// What happens on the control loop beside HTTP: the look at the load, at who has waited too long for speech and, now and then, at the
/// stores and what was used. It takes no WebSockets in.
final class ControlLoop: LoopHandler {
  private let watch: LoadWatch
  private let scheduler: SpeechScheduler

  private let server: ServerContext

  init(watch: LoadWatch, scheduler: SpeechScheduler, server: ServerContext) {
    self.watch = watch
    self.scheduler = scheduler
    self.server = server
  }

  func tick(at now: UInt64, slot: Int) {
    watch.look(at: now)
    scheduler.sweep(at: now)
    server.storeWatch.lookWhenDue(in: server)
    server.usage.writeWhenDue(at: Timestamp(microseconds: Int64(now)), on: server.duties)
  }
  func opened(_ connection: WebSocketConnection) {}
  func received(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64
  ) {}
  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
