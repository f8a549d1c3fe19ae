import DequeModule
import CLibwebsockets
import Glibc
import Synchronization
import Threads

/// A service loop seen from its own thread: what posted work, handlers and connections act on. Never leaves the thread.
public final class LoopContext {
  /// The handler made for this loop.
  public var handler: any LoopHandler {
    guard let madeHandler else { preconditionFailure("the handler is asked for while it is being made") }
    return madeHandler
  }
  /// Established WebSockets by id.
  public private(set) var connections: [UInt64: WebSocketConnection] = [:]

  let configuration: ServiceLoopConfiguration
  let load: LoopLoad
  let sendBuffer: SendBuffer
  let mailbox: Mailbox
  private let library: LibraryContext
  private var madeHandler: (any LoopHandler)?
  private var timer: TickTimer?
  private(set) var maskCheck: MaskCheck?
  private(set) var poller: SocketPoller?
  /// The context of OpenSSL for connections that begin with TLS.
  let tls: TLSServerContext?
  /// The socket that libwebsockets takes over now and has not been told the owner of.
  var adopting: DescriptorOwner?
  private(set) var sockets: [UInt64: DescriptorOwner] = [:]
  private var stopDeadline: UInt64?
  private static let lastID = Atomic<UInt64>(0)

  init(configuration: ServiceLoopConfiguration, load: LoopLoad, mailbox: Mailbox) throws(WebSocketError) {
    self.configuration = configuration
    self.load = load
    self.mailbox = mailbox
    sendBuffer = SendBuffer(capacity: configuration.binarySendBytesMax)
    tls = try configuration.certificate.map { certificate throws(WebSocketError) in try TLSServerContext(certificate) }
    library = LibraryContext(configuration: configuration)
    try library.open(user: Unmanaged.passUnretained(self).toOpaque())
    timer = TickTimer(tickingIn: self)
    if timer == nil { throw .system(call: "timerfd_create", errno: errno) }
    poller = SocketPoller(polledIn: self)
    if configuration.checksMasking { maskCheck = MaskCheck(watchingIn: self) }
    if poller == nil || maskCheck == nil && configuration.checksMasking {
      throw .system(call: "epoll_create1", errno: errno)
    }
  }

  /// The connection with this id while it is established.
  public func connection(_ id: UInt64) -> WebSocketConnection? { connections[id] }

  /// A number never given out before in this process.
  static func makeID() -> UInt64 { lastID.add(1, ordering: .relaxed).newValue }

  var vhost: OpaquePointer { library.vhost }
  var libraryContext: OpaquePointer { library.context }
  var isStopping: Bool { stopDeadline != nil }
}

// MARK: - Running

extension LoopContext {
  func run(handler: any LoopHandler) {
    madeHandler = handler
    let context = library.context
    mailbox.open { [context = UnsafeContext(context)] in lws_cancel_service(context.pointer) }
    if configuration.ticksWhenIdle { timer?.start() }
    drainMailbox()
    while !isFinished, lws_service(library.context, 0) >= 0 {}
    for work in mailbox.close() { work(self) }
    poller?.loopStops()
    library.close()
    madeHandler = nil
  }

  /// Closes every WebSocket with 1001 and the rest at once; the loop ends when all are gone or `closeTimeMax` passed.
  func beginStop() {
    guard stopDeadline == nil else { return }
    // The sockets' own close deadline fires first; the loop's is the safety net.
    stopDeadline = MonotonicClock.now() + configuration.closeTimeMax.microseconds + 500_000
    for connection in Array(connections.values) { connection.close(code: CloseCode.goingAway, reason: "server stops") }
    for socket in Array(sockets.values) { (socket as? any StoppableSocket)?.loopStops() }
    poller?.loopStops()
    timer?.start()
  }

  /// The HTTP connection with this id.
  func httpConnection(_ id: UInt64) -> HTTPConnection? { poller?.socket(id) as? HTTPConnection }

  /// Pieces of posted work that are done before sockets and ticks have their turn: a new connection costs some 50 µs.
  private static let workPerTurn = 32

  func drainMailbox() {
    load.heartbeat.readsMailbox()
    for work in mailbox.drain(atMost: Self.workPerTurn) { work(self) }
    load.heartbeat.isBackInLibrary()
  }

  func tick(at now: UInt64, slot: Int) {
    load.heartbeat.ticks()
    madeHandler?.tick(at: now, slot: slot)
  }

  private var isFinished: Bool {
    guard let stopDeadline else { return false }
    return sockets.isEmpty && poller?.isEmpty != false || MonotonicClock.now() > stopDeadline
  }
}

// MARK: - Books

extension LoopContext {
  func add(_ connection: WebSocketConnection) {
    connections[connection.id] = connection
    load.connectionsChanged(by: 1)
    timer?.start()
  }

  func remove(_ connection: WebSocketConnection) {
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    load.connectionsChanged(by: -1)
    if connections.isEmpty, !configuration.ticksWhenIdle, !isStopping { timer?.stop() }
  }

  func add(_ socket: DescriptorOwner, id: UInt64) { sockets[id] = socket }
  func removeSocket(_ id: UInt64) { sockets[id] = nil }
}

/// A libwebsockets context that another thread may wake, which is the one thing it allows other threads.
private struct UnsafeContext: @unchecked Sendable {
  let pointer: OpaquePointer
  init(_ pointer: OpaquePointer) { self.pointer = pointer }
}
