import CLibwebsockets
import Glibc
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

  /// What the thread will do, until it is started.
  private let unstarted: Locked<AcceptorThread?>
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
    unstarted = Locked(
      try AcceptorThread(
        configuration: configuration, listener: listener.descriptor, wakeUp: wakeUp, router: router, counts: counts))
  }

  deinit {
    stopAccepting()
    close(wakeUp)
  }

  /// Starts the thread.
  public func start() throws(WebSocketError) {
    guard let unstarted = unstarted.withLock({ $0.take().map { UnstartedThread(thread: $0) } }) else {
      throw .alreadyStarted
    }
    let started = try WebSocketError.onThread("acceptor") { unstarted.thread.run() }
    thread.withLock { $0 = started }
  }

  /// Closes the listening socket and every connection still waiting. Connections handed over go on. Calling it again
  /// does nothing.
  public func stopAccepting() {
    unstarted.withLock { $0 = nil }
    guard let running = thread.withLock({ $0.take() }) else { return }
    var one: UInt64 = 1
    _ = write(wakeUp, &one, MemoryLayout<UInt64>.size)
    running.join()
  }
}

/// Carries what the thread does to it; it is then the only one to hold it.
private struct UnstartedThread: @unchecked Sendable {
  let thread: AcceptorThread
}

/// Where an `Acceptor` listens, what it hands where, and its limits.
public struct AcceptorConfiguration: Sendable {
  /// IPv4 or IPv6 address in digits. Loopback by default: nothing is reachable from outside unless asked.
  public var address = "127.0.0.1"
  /// 0 takes any free port; read `Acceptor.port` afterwards.
  public var port: UInt16 = 0
  /// Connections the kernel holds while the acceptor is busy.
  public var backlog: Int32 = 1_024
  /// Exact paths, without query, that go to a media loop when asked for with GET. Everything else goes to the control
  /// loop.
  public var callPaths: Set<String> = ["/v1/call"]

  /// Connections speak TLS, so nothing can be read here: each goes to the media loop with the fewest sockets when its first byte is
  /// there, whatever it is going to ask for. That loop has the certificate, asks for admission itself and passes on what is no call.
  public var isSecure = false

  /// Connections whose request head has not arrived; the next one is closed at once.
  public var waitingCountMax = 4_096
  /// Longest wait for a request head.
  public var headTimeMax: Duration = .seconds(10)
  /// Connections of all loops and waiting ones together; the next one is closed at once.
  public var connectionCountMax = 16_384

  /// Proxies that write a header of the PROXY protocol, version 2, before each connection that they pass on: where a connection really comes from, also
  /// under TLS. From these addresses nothing else is taken, and from no other address a header is. Empty: nobody writes one.
  public var proxies: [IPNetwork] = []

  /// What one address may have of these. `nil` where a proxy stands in front, whose address all connections have.
  public var peerLimits: PeerLimits? = PeerLimits()

  /// The defaults.
  public init() {}
}

/// What one address may have of an acceptor's places, so that nobody takes those of all: an IPv4 address, or the first 64 bits of an
/// IPv6 address.
public struct PeerLimits: Sendable, Equatable {
  /// Connections whose request head has not arrived; the next one is closed at once.
  public var waitingCountMax = 512
  /// Connections of all loops and waiting ones together; the next one is closed at once.
  public var connectionCountMax = 4_096
  /// Connections that may begin in a second on average. The next one is answered 429, with TLS it is closed.
  public var startsPerSecondMax = 500
  /// Connections that may begin at once after a while without any.
  public var startsAtOnceMax = 2_000

  /// The defaults.
  public init() {}
}

/// What an acceptor has seen since it started. Written by its thread, read by any.
public final class AcceptorCounts: Sendable {
  /// Signs of life of the acceptor's thread.
  public let heartbeat = ThreadHeartbeat()

  /// Connections accepted.
  public let accepted = SharedNumber()
  /// Connections closed because their request head did not arrive in `headTimeMax`.
  public let slowHeads = SharedNumber()
  /// Connections closed at once because a limit was reached.
  public let overLimit = SharedNumber()
  /// Connections closed or answered 429 because their address had its share.
  public let overShare = SharedNumber()
  /// Calls answered 503.
  public let refusedCalls = SharedNumber()
  /// Connections waiting for their request head now.
  public let waiting = SharedNumber()

  /// Connections that are open, by address.
  let open = OpenConnections()
  /// Addresses with open connections now.
  public var addresses: Int { open.addressCount }
}
