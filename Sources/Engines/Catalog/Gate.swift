import Glibc

/// Holds threads back until it is opened, once and for all.
final class Gate: Sendable {
  /// A POSIX semaphore at a fixed address; its functions may be called from any thread.
  private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func open() { sem_post(semaphore) }

  /// Returns at once when open. Each thread that passes lets the next one through.
  func wait() {
    while sem_wait(semaphore) != 0 {}  // only EINTR, a signal
    sem_post(semaphore)
  }
}
