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
    let gate = StartGate()
    let running = try spawn(gate)
    if let failure = gate.wait() {
      thread.withLock { $0 = .stopped }
      LoopThread.join(running)
      throw failure
    }
  }

  /// Starts the thread only. Work posted meanwhile waits; it is dropped when the loop cannot start.
  func startWithoutWaiting() throws(WebSocketError) {
    _ = try spawn(StartGate())
  }

  /// Runs `work` on the loop's thread, in the order of posting. Any thread may call this.
  ///
  /// - Returns: false when the mailbox is full or the loop has stopped; `work` is dropped then.
  public func post(_ work: @escaping @Sendable (LoopContext) -> Void) -> Bool { mailbox.post(work) }

  /// Closes every WebSocket with 1001, waits for the peers at most `closeTimeMax`, and joins the thread.
  /// On the loop's own thread it only begins that. Calling it again does nothing.
  public func stop() {
    let running: pthread_t? = thread.withLock { state in
      defer { state = .stopped }
      if case .running(let thread) = state { return thread }
      return nil
    }
    guard let running else { return }
    _ = mailbox.post(beyondCapacity: true) { $0.beginStop() }
    if pthread_equal(running, pthread_self()) == 0 {
      LoopThread.join(running)
    } else {
      pthread_detach(running)
    }
  }

  private func spawn(_ gate: StartGate) throws(WebSocketError) -> pthread_t {
    let isFresh = thread.withLock { state in
      guard case .fresh = state else { return false }
      state = .stopped
      return true
    }
    guard isFresh else { throw .alreadyStarted }
    let running = try LoopThread.spawn(name: configuration.name) { self.run(gate) }
    thread.withLock { $0 = .running(running) }
    return running
  }

  private func run(_ started: StartGate) {
    do {
      let context = try LoopContext(configuration: configuration, load: load, mailbox: mailbox)
      let handler = makeHandler()
      load.heartbeat.began()
      defer { load.heartbeat.ended() }
      started.open(failure: nil)
      context.run(handler: handler)
    } catch {
      _ = mailbox.close()
      started.open(failure: error)
    }
  }
}
