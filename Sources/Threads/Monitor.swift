import Glibc

/// A value behind a lock that threads can wait on: whoever changes it wakes those who wait for something in it.
///
/// A pthread lock rather than `Synchronization.Mutex`: the thread sanitizer understands it.
public final class Monitor<Value>: @unchecked Sendable {
  // Unchecked: `value` is touched only while `mutex` is held.
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// - Parameter value: the first value.
  public init(_ value: Value) {
    self.value = value
    mutex.initialize(to: pthread_mutex_t())
    changed.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)  // a wait must not end when somebody sets the clock
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` alone and wakes everybody who waits. It must be short, must not block and must not come back here.
  public func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
    }
    return try body(&value)
  }

  /// Looks without waking anybody.
  public func read<Result>(_ body: (Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(value)
  }

  /// Waits until `body` gives something.
  /// - Parameter body: run alone, at once and after every change; it may change the value where it gives something.
  public func wait<Result>(_ body: (inout Value) -> Result?) -> Result {
    while true {
      if let result = wait(until: nil, body) { return result }
    }
  }

  /// The same with a limit.
  /// - Returns: what `body` gave; `nil` at the deadline.
  public func wait<Result>(until deadline: Deadline?, _ body: (inout Value) -> Result?) -> Result? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&value) {
        pthread_cond_broadcast(changed)
        return result
      }
      guard var time = deadline?.time else {
        pthread_cond_wait(changed, mutex)
        continue
      }
      guard pthread_cond_timedwait(changed, mutex, &time) != ETIMEDOUT else { return body(&value) }
    }
  }
}

/// Holds threads back until it is opened, once and for all.
public final class Latch: Sendable {
  private let isOpen = Monitor(false)

  /// Closed at first.
  public init() {}

  /// Lets everybody through; again does nothing.
  public func open() { isOpen.withLock { $0 = true } }

  /// Returns at once when open.
  public func wait() { isOpen.wait { $0 ? () : nil } }

  /// - Returns: whether it is open, at the latest at the deadline.
  public func wait(until deadline: Deadline) -> Bool { isOpen.wait(until: deadline) { $0 ? true : nil } ?? false }

  /// - Returns: whether it is open, at the latest after `time`.
  public func wait(within time: Duration) -> Bool { wait(until: .after(time)) }
}

/// A value that one thread gives once and others wait for.
public final class Promise<Value: Sendable>: Sendable {
  private let given = Monitor<Value?>(nil)

  /// Without a value at first.
  public init() {}

  /// What was given so far; never waits.
  public var value: Value? { given.read { $0 } }

  /// Gives the value and lets everybody through who waits; only the first one counts.
  public func fulfill(_ value: Value) { given.withLock { $0 = $0 ?? value } }

  /// Waits for the value.
  public func wait() -> Value { given.wait { $0 } }

  /// - Returns: the value; `nil` when there is none by then.
  public func wait(within time: Duration) -> Value? { given.wait(until: .after(time)) { $0 } }
}
