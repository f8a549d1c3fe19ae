import Glibc
import Synchronization
import Threads

/// One thread with its own libwebsockets context, tick and mailbox. Everything it calls runs on that thread.
///
/// libwebsockets serves one thread for each context (`LWS_MAX_SMP` is 1), so a server has one loop for each core that
/// carries calls, and one for HTTP and outbound connections, where slow things may happen.
public final class ServiceLoop: Sendable {
  /// How busy the loop is.
  public let load = LoopLoad()
  /// What the loop was made with.
  public let configuration: ServiceLoopConfiguration

  private enum State {
    case fresh
    case running(Thread)
    case stopped
  }

  /// Gives, once, why the loop failed to start, or nothing.
  private typealias Start = Promise<WebSocketError?>

  let mailbox: Mailbox
  private let makeHandler: @Sendable () -> any LoopHandler
  private let thread = Locked(State.fresh)

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
    let begun = Start()
    let running = try spawn(begun)
    if let failure = begun.wait() {
      thread.withLock { $0 = .stopped }
      running.join()
      throw failure
    }
  }

  /// Starts the thread only. Work posted meanwhile waits; it is dropped when the loop cannot start.
  func startWithoutWaiting() throws(WebSocketError) {
    _ = try spawn(Start())
  }

  /// Runs `work` on the loop's thread, in the order of posting. Any thread may call this.
  ///
  /// - Returns: false when the mailbox is full or the loop has stopped; `work` is dropped then.
  public func post(_ work: @escaping @Sendable (LoopContext) -> Void) -> Bool { mailbox.post(work) }

  /// Closes every WebSocket with 1001, waits for the peers at most `closeTimeMax`, and joins the thread.
  /// On the loop's own thread it only begins that. Calling it again does nothing.
  public func stop() {
    let running: Thread? = thread.withLock { state in
      defer { state = .stopped }
      if case .running(let thread) = state { return thread }
      return nil
    }
    guard let running else { return }
    _ = mailbox.post(beyondCapacity: true) { $0.beginStop() }
    if running.isCurrent { running.detach() } else { running.join() }
  }

  private func spawn(_ begun: Start) throws(WebSocketError) -> Thread {
    let isFresh = thread.withLock { state in
      guard case .fresh = state else { return false }
      state = .stopped
      return true
    }
    guard isFresh else { throw .alreadyStarted }
    let running = try WebSocketError.onThread(configuration.name) { self.run(begun) }
    thread.withLock { $0 = .running(running) }
    return running
  }

  private func run(_ begun: Start) {
    do {
      let context = try LoopContext(configuration: configuration, load: load, mailbox: mailbox)
      let handler = makeHandler()
      load.heartbeat.began()
      defer { load.heartbeat.ended() }
      begun.fulfill(nil)
      context.run(handler: handler)
    } catch {
      _ = mailbox.close()
      begun.fulfill(error)
    }
  }
}

extension WebSocketError {
  /// Starts a thread of this module.
  static func onThread(_ name: String, _ run: @escaping @Sendable () -> Void) throws(WebSocketError) -> Thread {
    do throws(Thread.Failure) { return try Thread.start(name, run) } catch {
      throw .system(call: "pthread_create", errno: error.code)
    }
  }
}

extension Duration {
  /// Whole microseconds, rounded down; negative durations count as zero.
  var microseconds: UInt64 {
    let parts = components
    guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
    return UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds / 1_000_000_000_000)
  }
}
