import CThreads
import Glibc

/// A thread of the system.
public struct Thread: Sendable {
  /// The system has no thread left.
  public struct Failure: Error, CustomStringConvertible {
    /// The system's number of the error.
    public let code: Int32

    /// For people.
    public var description: String { "the system refused a thread: error \(code)" }
  }

  private final class Body {
    let name: String
    let run: @Sendable () -> Void

    init(_ name: String, _ run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  private let id: pthread_t

  /// Starts a thread, which somebody must `join` or `detach`.
  ///
  /// - Parameters:
  ///   - name: what debuggers and `top` show; of more than 15 bytes the first ones count.
  ///   - run: what it does; the thread is over when this returns.
  public static func start(_ name: String, _ run: @escaping @Sendable () -> Void) throws(Failure) -> Thread {
    var id = pthread_t()
    let body = Unmanaged.passRetained(Body(name, run))
    let code = pthread_create(
      &id, nil,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        thread_set_name(String(decoding: body.name.utf8.prefix(15), as: UTF8.self))
        body.run()
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw Failure(code: code)
    }
    return Thread(id: id)
  }

  /// Starts a thread that nobody waits for.
  public static func startDetached(_ name: String, _ run: @escaping @Sendable () -> Void) throws(Failure) {
    try start(name, run).detach()
  }

  /// Whether the caller runs on it.
  public var isCurrent: Bool { pthread_equal(id, pthread_self()) != 0 }

  /// Waits until it is over. To be called once, and not after `detach`.
  public func join() { pthread_join(id, nil) }

  /// Nobody is going to wait for it.
  public func detach() { pthread_detach(id) }
}
