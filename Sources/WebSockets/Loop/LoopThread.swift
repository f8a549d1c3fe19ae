import CLibwebsockets
import Glibc

/// Threads with a name.
enum LoopThread {
  enum State {
    case fresh
    case running(pthread_t)
    case stopped
  }

  private final class Body {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }

    /// Takes over the retained pointer made by `spawn`.
    static func begin(_ pointer: UnsafeMutableRawPointer) {
      let body = Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue()
      vf_name_thread(String(body.name.prefix(15)))
      body.run()
    }
  }

  static func spawn(name: String, _ run: @escaping @Sendable () -> Void) throws(WebSocketError) -> pthread_t {
    var thread = pthread_t()
    let body = Unmanaged.passRetained(Body(name: name, run: run))
    let code = pthread_create(&thread, nil, threadBody, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw .system(call: "pthread_create", errno: code)
    }
    return thread
  }

  /// The same for a thread that nobody waits for.
  static func spawnDetached(name: String, _ run: @escaping @Sendable () -> Void) throws(WebSocketError) {
    pthread_detach(try spawn(name: name, run))
  }

  static func join(_ thread: pthread_t) { pthread_join(thread, nil) }

  fileprivate static func begin(_ pointer: UnsafeMutableRawPointer) { Body.begin(pointer) }
}

private func threadBody(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let pointer { LoopThread.begin(pointer) }
  return nil
}
