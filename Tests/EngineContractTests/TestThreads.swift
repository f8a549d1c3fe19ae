import Glibc
import Synchronization
import Threads

/// Real threads for tests of what is shared by worker threads.
enum TestThreads {
  private final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on `count` threads at once and gives what each made, by its number.
  static func run<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Value) throws -> [Value] {
    let results = Results<Value>(count)
    let threads = (0..<count).map { number in
      var thread = pthread_t()
      let job = Job {
        let result = Result { try body(number) }
        results.values.withLock { $0[number] = result }
      }
      pthread_create(
        &thread, nil,
        { context in
          if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body() }
          return nil
        }, Unmanaged.passRetained(job).toOpaque())
      return thread
    }
    for thread in threads { pthread_join(thread, nil) }
    return try results.values.withLock { try $0.compactMap { try $0?.get() } }
  }

  private final class Results<Value: Sendable>: Sendable {
    let values: Mutex<[Result<Value, any Error>?]>
    init(_ count: Int) { values = Mutex(Array(repeating: nil, count: count)) }
  }
}
