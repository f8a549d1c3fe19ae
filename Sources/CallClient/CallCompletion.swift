import CallDriver
import Glibc
import Simulation

// Unchecked: the semaphore is made for several threads.
/// Waits on one thread for a call that is held on another.
final class CallCompletion: @unchecked Sendable {
  private let evidence = Guarded<CallEvidence?>(nil)
  private let isOver: UnsafeMutablePointer<sem_t>

  init() {
    isOver = .allocate(capacity: 1)
    isOver.initialize(to: sem_t())
    sem_init(isOver, 0, 0)
  }

  deinit {
    sem_destroy(isOver)
    isOver.deallocate()
  }

  /// The call is over; said once.
  @Sendable func finish(_ result: CallEvidence) {
    evidence.with { $0 = result }
    sem_post(isOver)
  }

  /// Blocks until `finish`.
  func wait() -> CallEvidence {
    while sem_wait(isOver) != 0, errno == EINTR {}
    guard let result = evidence.with({ $0 }) else { preconditionFailure("the call is over and brought nothing") }
    return result
  }
}
