import CLibwebsockets
import Glibc
import Threads

/// One accepted connection that speaks HTTP/1.1: requests one after another, also when they come together, until it closes or
/// becomes a WebSocket.
final class HTTPConnection: PolledSocket {
  enum Stage {
    case readingHead
    case readingBody(RequestHead, BodyReader)
    case answering(requestID: UInt64, head: RequestHead)
    case writing(ResponseWriter)
    case streaming(StreamWriter)
    case discarding  // answered early; what the client still sends is read and dropped so that it reads the answer
    case closed
  }

  let id = LoopContext.makeID()
  let loop: LoopContext
  let stream: SocketStream
  var stage = Stage.readingHead
  /// Received and not yet used; holds what comes behind a request until that is answered.
  var input: [UInt8]
  /// Bytes of `input` that were searched for the end of a head.
  var searched = 0
  /// When to give up, whatever happens.
  var deadline: UInt64
  /// When the present body or answer began, and what of it is through: its pace is looked at.
  var pace: (since: UInt64, bytes: Int)?
  /// Told when the client goes before it is answered.
  var onGone: (@Sendable () -> Void)?
  /// What the body that is being received holds of `loop.configuration.bodyBudget`.
  var heldBody: HeldBytes?
  /// A long answer that `loop.configuration.responseBudget` counts.
  var heldResponse: [UInt8]?
  /// Empty lines before the next head.
  var blankBytes = 0
  private var watched: UInt32 = 0
  /// How often `receive` may still read before others have their turn.
  private var readsLeft = 0

  /// Received at once.
  private static let readBytes = 65_536
  /// Times that one connection reads before the others have their turn; then the socket says again that there is more.
  private static let readsMax = 4

  private init(_ stream: SocketStream, input: [UInt8], loop: LoopContext) {
    self.stream = stream
    self.input = input
    self.loop = loop
    deadline = MonotonicClock.now() + loop.configuration.requestTimeMax.microseconds
  }

  deinit { releaseBytes() }

  /// Takes over `descriptor`, which `LoopLoad.socketCount` already counts.
  static func adopt(_ descriptor: Int32, _ place: ConnectionSlot, by loop: LoopContext) {
    guard let stream = SocketStream(descriptor, place, secure: loop.tls?.pointer) else {
      return loop.load.socketsChanged(by: -1)
    }
    connection(over: stream, input: [], in: loop)?.advance()
  }

  /// - Parameter input: what was received already.
  /// - Returns: `nil` when the loop stops or the kernel watches no more; the stream is closed then.
  static func connection(over stream: SocketStream, input: [UInt8], in loop: LoopContext) -> HTTPConnection? {
    let connection = HTTPConnection(stream, input: input, loop: loop)
    connection.watched = UInt32(EPOLLIN.rawValue)
    guard !loop.isStopping, let poller = loop.poller,
      poller.add(stream.descriptor, events: connection.watched, token: connection.id, socket: connection)
    else {
      loop.load.socketsChanged(by: -1)
      return nil
    }
    return connection
  }

  func ready(_ token: UInt64, events: UInt32) {
    if events & (UInt32(EPOLLERR.rawValue) | UInt32(EPOLLHUP.rawValue)) != 0 { return close() }
    if events & UInt32(EPOLLRDHUP.rawValue) != 0, isWatched { return close() }
    advance()
  }

  func loopStops() {
    switch stage {
    case .writing: break
    default: close()
    }
  }

  func sweep(at now: UInt64) {
    if now >= deadline { return close() }
    guard let pace, now > pace.since + loop.configuration.requestTimeMax.microseconds else { return }
    let seconds = (now - pace.since - loop.configuration.requestTimeMax.microseconds) / 1_000_000
    if pace.bytes < Int(clamping: seconds) * loop.configuration.bytesPerSecondMin { return close() }
    // What came fast at first buys no body time: it is held meanwhile.
    if case .readingBody = stage, seconds >= Self.bodyPaceSeconds { self.pace = (now, 0) }
  }

  /// A body's pace is looked at anew after so many seconds.
  private static let bodyPaceSeconds: UInt64 = 10

  /// Whether the end of the peer's bytes means that nobody waits for the answer.
  private var isWatched: Bool {
    switch stage {
    case .answering: onGone != nil
    case .streaming(let writer): writer.isWaiting
    default: false
    }
  }

  /// Does all that can be done now, one request after another.
  func advance() {
    readsLeft = Self.readsMax
    var isMoving = true
    while isMoving {
      switch stage {
      case .readingHead: isMoving = readHead()
      case .readingBody: isMoving = readBody()
      case .writing: isMoving = write()
      case .streaming: isMoving = writeStream()
      case .discarding: isMoving = discard()
      case .answering, .closed: isMoving = false
      }
    }
    watch()
  }

  /// Ends at once.
  func close() {
    if case .closed = stage { return }
    let last = stage
    stage = .closed
    loop.poller?.remove(stream.descriptor, token: id)
    stream.finishWriting()
    releaseBytes()
    input = []
    if case .streaming(let writer) = last { writer.source.clientGone() }
    onGone?()
    onGone = nil
    loop.load.socketsChanged(by: -1)
  }

  /// Leaves the loop; the stream goes on elsewhere.
  func detach() {
    stage = .closed
    loop.poller?.remove(stream.descriptor, token: id)
  }

  /// Gives back what is held of the budgets.
  func releaseBytes() {
    heldBody = nil
    if let heldResponse { loop.configuration.responseBudget.release(heldResponse, by: stream.place.bytes) }
    heldResponse = nil
  }

  func address(of requestID: UInt64) -> RequestAddress {
    RequestAddress(mailbox: loop.mailbox, socket: id, requestID: requestID)
  }

  func later(_ duration: Duration) -> UInt64 { MonotonicClock.now() + duration.microseconds }

  /// Receives into `input`.
  ///
  /// - Returns: false when nothing came, or the connection is closed.
  func receive() -> Bool {
    guard readsLeft > 0 else { return false }
    readsLeft -= 1
    let start = input.count
    var outcome = SocketStream.Outcome.wait
    input.append(addingCapacity: Self.readBytes) { buffer in
      outcome = stream.read(into: buffer)
      return outcome
    }
    switch outcome {
    case .count: return input.count > start
    case .wait: return false
    case .ended, .broken:
      close()
      return false
    }
  }

  private func watch() {
    let wanted: UInt32
    let input = UInt32(EPOLLIN.rawValue)
    let output = UInt32(EPOLLOUT.rawValue)
    switch stage {
    case .readingHead, .readingBody, .discarding: wanted = stream.wantsWrite ? input | output : input
    case .answering: wanted = onGone == nil ? 0 : UInt32(EPOLLRDHUP.rawValue)
    case .writing: wanted = output
    case .streaming(let writer): wanted = writer.isWaiting ? UInt32(EPOLLRDHUP.rawValue) : output
    case .closed: return
    }
    guard wanted != watched else { return }
    watched = wanted
    loop.poller?.change(stream.descriptor, events: wanted, token: id)
  }
}

extension [UInt8] {
  /// Appends what `fill` writes into so many bytes behind the present ones.
  fileprivate mutating func append(
    addingCapacity count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> SocketStream.Outcome
  ) {
    let filled = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      if case .count(let got) = fill(UnsafeMutableRawBufferPointer(buffer)) { initialized = got }
    }
    if isEmpty { self = filled } else { append(contentsOf: filled) }
  }
}
