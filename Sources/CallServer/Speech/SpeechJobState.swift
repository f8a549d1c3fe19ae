import Threads
import WebSockets

/// What a job for speech works on, and whether anybody still waits for it.
final class SpeechJobState<Work>: Sendable {
  /// `nil` while a thread works on it, and when it was answered.
  private let work: Locked<Work?>
  private let gone = Locked(false)

  init(_ work: sending Work) { self.work = Locked(work) }

  /// Whether the client is gone.
  var isGone: Bool { gone.withLock { $0 } }

  /// The client is gone.
  func abandon() { gone.withLock { $0 = true } }

  /// Has the job told when the client of `reply` is gone.
  func watch(_ reply: HTTPReply) { reply.watch { [weak self] in self?.abandon() } }

  /// Takes the work, which nobody else has then.
  func claim() -> Work? {
    work.withLock { work in
      defer { work = nil }
      return work
    }
  }

  /// Changes the work, unless a thread has it.
  func change(_ body: (inout Work) -> Void) {
    work.withLock { work in
      if var changed = work {
        body(&changed)
        work = changed
      }
    }
  }

  /// Gives the work back, to be gone on with.
  func put(_ work: Work) { self.work.withLock { $0 = work } }
}
