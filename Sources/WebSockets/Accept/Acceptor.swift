import CLibwebsockets
import Glibc
import Synchronization
import Threads

/// The one listening socket. Its thread waits for each connection's request head and hands the connection to a loop:
/// calls to the media loop with the fewest sockets, everything else to the control loop.
///
/// Waiting here keeps slow and silent clients away from the loops that carry audio.
public final class Acceptor: Sendable {
  /// What has been seen so far.
  public let counts = AcceptorCounts()
  /// The port listened on, also when 0 was asked for.
  public let port: UInt16

  private let work: Locked<AcceptorWork?>
  private let thread = Locked<Thread?>(nil)
  private let wakeUp: Int32

  /// Listens at once, accepts from `start` on.
  ///
  /// - Parameters:
  ///   - control: takes HTTP and every WebSocket path that is not a call.
  ///   - media: take calls; when empty, calls go to `control`.
  ///   - admission: asked on the acceptor's thread before a call is handed over; must not block.
  public init(
    configuration: AcceptorConfiguration = .init(), control: ServiceLoop, media: [ServiceLoop],
    admission: @escaping @Sendable () -> AdmissionDecision = { .admit }
  ) throws(WebSocketError) {
    LibraryLog.prepareOnce()
    let listener = try ListeningSocket(configuration)
    port = listener.port
    wakeUp = vf_eventfd()
    guard wakeUp >= 0 else {
      let code = errno
      close(listener.descriptor)
      throw .system(call: "eventfd", errno: code)
    }
    let router = AcceptedRouter(control: control, media: media.isEmpty ? [control] : media, admission: admission)
    work = Locked(
      try AcceptorWork(
        configuration: configuration, listener: listener.descriptor, wakeUp: wakeUp, router: router, counts: counts))
  }

  deinit {
    stopAccepting()
    close(wakeUp)
  }

  /// Starts the thread.
  public func start() throws(WebSocketError) {
    guard
      let work = work.withLock({ work in
        defer { work = nil }
        return work.map { UnsafeWork($0) }
      })
    else { throw .alreadyStarted }
    let started = try WebSocketError.onThread("acceptor") { work.work.run() }
    thread.withLock { $0 = started }
  }

  /// Closes the listening socket and every connection still waiting. Connections handed over go on. Calling it again
  /// does nothing.
  public func stopAccepting() {
    work.withLock { $0 = nil }
    let running: Thread? = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    guard let running else { return }
    var one: UInt64 = 1
    _ = write(wakeUp, &one, MemoryLayout<UInt64>.size)
    running.join()
  }
}

/// Carries the work to its thread, which is then the only one to hold it.
private struct UnsafeWork: @unchecked Sendable {
  let work: AcceptorWork
  init(_ work: AcceptorWork) { self.work = work }
}
