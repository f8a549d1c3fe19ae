import CallDriver
import WebSockets
import Threads

/// Brings answers from worker threads to the media loop of the call.
final class LoopMailbox: SpeechResultSink {
  private let loop = Locked<ServiceLoop?>(nil)

  /// Must be called once, before the first call.
  func connect(to loop: ServiceLoop) { self.loop.withLock { $0 = loop } }

  func post(_ answer: SpeechResult) {
    // A full mailbox drops the answer; the call's own time-out covers it.
    _ = loop.withLock { $0 }?.post { context in (context.handler as? MediaLoop)?.accept(answer) }
  }
}
