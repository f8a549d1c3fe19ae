public import Glibc

/// A value behind a lock, for what several threads share off the media path.
///
/// A pthread lock rather than `Synchronization.Mutex`: the thread sanitizer understands it.
public final class Locked<Value>: @unchecked Sendable {
  // Unchecked: `value` is touched only while `mutex` is held.
  @usableFromInline var value: Value
  @usableFromInline let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// - Parameter value: the first value.
  public init(_ value: Value) {
    self.value = value
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` alone. It must be short, must not block and must not come back here.
  @inlinable
  public func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
