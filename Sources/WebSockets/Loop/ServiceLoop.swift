import Glibc
import Synchronization

/// One thread with its own libwebsockets context, tick and mailbox. Everything it calls runs on that thread.
///
/// libwebsockets serves one thread for each context (`LWS_MAX_SMP` is 1), so a server has one loop for each core that
/// carries calls, and one for HTTP and outbound connections, where slow things may happen.
public final class ServiceLoop: Sendable {
  /// How busy the loop is.
  public let load = LoopLoad()
  /// What the loop was made with.
  public let configuration: ServiceLoopConfiguration

  let mailbox: Mailbox
  private let makeHandler: @Sendable () -> any LoopHandler
  private let thread = Locked<LoopThread.State>(.fresh)

  /// Allocates nothing at libwebsockets yet; `start` does.
  ///
  /// - Parameter makeHandler: called once, on the loop's thread.
  public init(configuration: ServiceLoopConfiguration = .init(), makeHandler: @escaping @Sendable () -> any LoopHandler)
  {
    self.configuration = configuration
    self.makeHandler = makeHandler
    mailbox = Mailbox(capacity: configuration.mailboxCapacity)
  }

  /// Established WebSockets.
  public var connectionCount: Int { load.connectionCount }

  /// Starts the thread and returns when the loop runs.
  public func start() throws(WebSocketError) {
    let isFresh = thread.withLock { state in
      guard case .fresh = state else { return false }
      state = .stopped
      return true
    }
    guard isFresh else { throw .alreadyStarted }
    let started = StartGate()
    let running = try LoopThread.spawn(name: configuration.name) { self.run(started) }
    thread.withLock { $0 = .running(running) }
    if let failure = started.wait() {
      thread.withLock { $0 = .stopped }
      LoopThread.join(running)
      throw failure
    }
  }

  /// Runs `work` on the loop's thread, in the order of posting. Any thread may call this.
  ///
  /// - Returns: false when the mailbox is full or the loop has stopped; `work` is dropped then.
  public func post(_ work: @escaping @Sendable (LoopContext) -> Void) -> Bool { mailbox.post(work) }

  /// Closes every WebSocket with 1001, waits for the peers at most `closeTimeMax`, and joins the thread.
  /// Must not be called on the loop's own thread. Calling it again does nothing.
  public func stop() {
    let running: pthread_t? = thread.withLock { state in
      defer { state = .stopped }
      if case .running(let thread) = state { return thread }
      return nil
    }
    guard let running else { return }
    precondition(pthread_equal(running, pthread_self()) == 0, "a loop cannot wait for itself")
    _ = mailbox.post(beyondCapacity: true) { $0.beginStop() }
    LoopThread.join(running)
  }

  private func run(_ started: StartGate) {
    do {
      let context = try LoopContext(configuration: configuration, load: load, mailbox: mailbox)
      let handler = makeHandler()
      started.open(failure: nil)
      context.run(handler: handler)
    } catch {
      _ = mailbox.close()
      started.open(failure: error)
    }
  }
}
