import Glibc

/// A value other threads change and a test waits on. No fixed sleeps: every wait ends when its condition holds.
final class Probe<Value: Sendable>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var value: Value

  init(_ value: Value) {
    self.value = value
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  var current: Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return value
  }

  func change(_ body: (inout Value) -> Void) {
    pthread_mutex_lock(mutex)
    body(&value)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// - Returns: whether `holds` became true within `seconds`.
  @discardableResult
  func wait(_ seconds: Int = 30, until holds: (Value) -> Bool) -> Bool {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    end.tv_sec += seconds
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !holds(value) {
      if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return holds(value) }
    }
    return true
  }
}

/// For conditions nobody announces, such as a counter of the module: looks every millisecond.
func eventually(_ seconds: Double = 30, _ holds: () -> Bool) -> Bool {
  let steps = Int(seconds * 1_000)
  for _ in 0..<steps {
    if holds() { return true }
    usleep(1_000)
  }
  return holds()
}
