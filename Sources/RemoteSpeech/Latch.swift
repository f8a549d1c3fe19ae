import Glibc

/// Holds threads back until it is opened, once and for all, or for a time.
final class Latch: @unchecked Sendable {
  // Unchecked: `isOpen` is touched only while `mutex` is held.
  private var isOpen = false
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)  // a wait must not end when somebody sets the clock
    pthread_cond_init(opened, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(opened)
    pthread_mutex_destroy(mutex)
    opened.deallocate()
    mutex.deallocate()
  }

  /// Again does nothing.
  func open() {
    pthread_mutex_lock(mutex)
    isOpen = true
    pthread_cond_broadcast(opened)
    pthread_mutex_unlock(mutex)
  }

  /// Returns at once when open.
  func wait() {
    pthread_mutex_lock(mutex)
    while !isOpen { pthread_cond_wait(opened, mutex) }
    pthread_mutex_unlock(mutex)
  }

  /// - Returns: whether it is open.
  func wait(within limit: Duration) -> Bool {
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = end.tv_nsec + limit.milliseconds % 1000 * 1_000_000
    end.tv_sec += limit.milliseconds / 1000 + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !isOpen {
      if pthread_cond_timedwait(opened, mutex, &end) == ETIMEDOUT { break }
    }
    return isOpen
  }
}
