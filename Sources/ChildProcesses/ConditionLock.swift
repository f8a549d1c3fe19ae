import Glibc

/// A value behind a lock, whose changes can be waited for.
///
/// A pthread lock rather than `Synchronization.Mutex`: the thread sanitizer understands it.
final class ConditionLock<Value>: @unchecked Sendable {
  // Unchecked: `value` is touched only while `mutex` is held.
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` alone and wakes one thread that waits for a change.
  func change<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_signal(condition)
      pthread_mutex_unlock(mutex)
    }
    return try body(&value)
  }

  /// Runs `body` alone, again after every change, until it gives something.
  func wait<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result?) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = try body(&value) { return result }
      pthread_cond_wait(condition, mutex)
    }
  }
}
