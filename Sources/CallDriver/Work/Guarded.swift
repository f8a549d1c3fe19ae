import Glibc

/// A value behind a lock, for what several threads share off the media path.
///
/// A pthread lock rather than `Synchronization.Mutex`: the thread sanitizer understands it.
public final class Guarded<Value>: @unchecked Sendable {
  // Unchecked: `value` is touched only while `mutex` is held.
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// - Parameter value: the first value.
  public init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` alone; it must be short and must not come back here.
  public func with<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
