import CLibwebsockets
import Glibc
import Threads

/// The acceptor's thread: an epoll loop over the listening socket and the connections whose head is awaited.
final class AcceptorThread {
  private enum Stage {
    case awaitingProxy  // the header that a proxy writes before the client's first byte
    case awaitingHead
    case lingering  // refused; stays until the client has read the answer and closed
  }

  private struct Waiting {
    var stage = Stage.awaitingHead
    var deadline: UInt64
    var place: ConnectionSlot
  }

  private let configuration: AcceptorConfiguration
  private let listener: Int32
  private let wakeUp: Int32
  private let router: AcceptedRouter
  private let counts: AcceptorCounts
  private let epoll: Int32
  private var waiting: [Int32: Waiting] = [:]
  /// Those of `waiting` by address.
  private var waitingOfPeer: [IPAddress: Int] = [:]
  private var starts: ConnectionRateLimiter?
  private var isListening = true
  private var lastSweep: UInt64 = 0

  /// A head that is longer is decided by its first line; libwebsockets' own limit is set to the same size.
  private static let peekBytes = 8_192
  /// How often deadlines are looked at while connections wait. Deadlines are this much late at most.
  private static let sweepMilliseconds: Int32 = 50
  /// How long a refused client may take to read its answer.
  private static let lingerMicroseconds: UInt64 = 1_000_000

  init(
    configuration: AcceptorConfiguration, listener: Int32, wakeUp: Int32, router: AcceptedRouter,
    counts: AcceptorCounts
  ) throws(WebSocketError) {
    self.configuration = configuration
    self.listener = listener
    self.wakeUp = wakeUp
    self.router = router
    self.counts = counts
    starts = configuration.peerLimits.map { ConnectionRateLimiter($0) }
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0, watch(listener), watch(wakeUp) else { throw .system(call: "epoll_create1", errno: errno) }
  }

  deinit {
    for descriptor in waiting.keys { close(descriptor) }
    close(epoll)
    close(listener)
  }

  /// Runs until the wake-up descriptor is written.
  func run() {
    let heartbeat = counts.heartbeat
    heartbeat.began()
    defer { heartbeat.ended() }
    withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { events in
      while true {
        let isQuiet = waiting.isEmpty && isListening
        let ready = epoll_wait(epoll, events.baseAddress, Int32(events.count), isQuiet ? -1 : Self.sweepMilliseconds)
        heartbeat.beginsRound()
        for index in 0..<max(0, Int(ready)) {
          var event = events[index]
          let descriptor = Int32(truncatingIfNeeded: vf_epoll_token(&event))
          if descriptor == wakeUp { return }
          if descriptor == listener {
            acceptAll()
          } else {
            readable(descriptor, isLast: event.events & UInt32(EPOLLRDHUP.rawValue) != 0)
          }
        }
        sweep(at: MonotonicClock.now())
        heartbeat.endsRound()
      }
    }
  }

  private func watch(_ descriptor: Int32, edge: Bool = false) -> Bool {
    var events = UInt32(EPOLLIN.rawValue)
    if edge { events |= UInt32(EPOLLRDHUP.rawValue) | UInt32(EPOLLET.rawValue) }
    return vf_epoll_add(epoll, descriptor, events, UInt64(UInt32(bitPattern: descriptor))) == 0
  }
}

// MARK: - Accepting

extension AcceptorThread {
  private func acceptAll() {
    while true {
      let descriptor = vf_accept(listener)
      guard descriptor >= 0 else {
        if errno == EINTR || errno == ECONNABORTED { continue }
        if errno != EAGAIN { pauseListening() }
        return
      }
      counts.accepted.add()
      register(descriptor)
    }
  }

  private func register(_ descriptor: Int32) {
    guard waiting.count < configuration.waitingCountMax,
      waiting.count + router.socketCount < configuration.connectionCountMax
    else {
      counts.overLimit.add()
      close(descriptor)
      return
    }
    // Who is gone already has no address; what he left is closed soon.
    let peer = IPAddress(peerAddress(of: descriptor)) ?? IPAddress(v4: 0)
    let isProxy = configuration.proxies.contains { $0.contains(peer) }
    guard let place = isProxy ? counts.open.reserve(peer.network, limit: .max, isProxy: true) : place(of: peer) else {
      counts.overShare.add()
      close(descriptor)
      return
    }
    var on: Int32 = 1
    // 20 ms packets must not wait for acknowledgements; libwebsockets sets this only on sockets it accepts itself.
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    wait(
      descriptor,
      Waiting(
        stage: isProxy ? .awaitingProxy : .awaitingHead,
        deadline: MonotonicClock.now() + configuration.headTimeMax.microseconds, place: place))
    if !watch(descriptor, edge: true) { drop(descriptor) }
  }

  private func wait(_ descriptor: Int32, _ entry: Waiting) {
    waiting[descriptor] = entry
    waitingOfPeer[entry.place.peer, default: 0] += 1
    counts.waiting.set(waiting.count)
  }

  /// - Parameter isTold: whether a proxy told the address.
  /// - Returns: `nil` when the peer's address has its share of open connections, or of those whose head is awaited.
  private func place(of address: IPAddress, isTold: Bool = false) -> ConnectionSlot? {
    let peer = address.network
    guard waitingOfPeer[peer] ?? 0 < configuration.peerLimits?.waitingCountMax ?? .max else { return nil }
    return counts.open.reserve(
      peer, limit: configuration.peerLimits?.connectionCountMax ?? .max, told: isTold ? address.text : nil)
  }

  /// Whether the peer has begun too many connections lately.
  private func exceedsRate(_ place: ConnectionSlot) -> Bool {
    guard !place.isProxy, let isTaken = starts?.consume(place.peer, at: MonotonicClock.now()) else { return false }
    if !isTaken { counts.overShare.add() }
    return !isTaken
  }

  /// Out of descriptors: the listening socket stays readable, so it is left alone until the next sweep.
  private func pauseListening() {
    guard isListening else { return }
    isListening = false
    epoll_ctl(epoll, EPOLL_CTL_DEL, listener, nil)
  }
}

// MARK: - Heads

extension AcceptorThread {
  /// - Parameter isLast: the peer sends no more.
  private func readable(_ descriptor: Int32, isLast: Bool) {
    switch waiting[descriptor]?.stage {
    case .awaitingProxy: readProxyHeader(descriptor, isLast: isLast)
    case .awaitingHead: peek(descriptor, isLast: isLast)
    case .lingering: discard(descriptor)
    case nil: break
    }
  }

  /// Takes the header away, so that what follows is the client's own.
  private func readProxyHeader(_ descriptor: Int32, isLast: Bool) {
    withUnsafeTemporaryAllocation(byteCount: ProxyHeader.lengthMax, alignment: 16) { buffer in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_PEEK))
      guard count > 0 else {
        if count == 0 || errno != EAGAIN { drop(descriptor) }
        return
      }
      switch ProxyHeader(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])) {
      case .incomplete:
        if isLast { drop(descriptor) }  // else the next bytes come back here: edge-triggered
      case .wrong(let why):
        guard let place = release(descriptor) else { return }
        let remedy = "this server takes connections of this address from a proxy with send-proxy-v2 alone"
        sendAndClose(descriptor, .problem(status: 400, detail: "\(remedy): \(why)"), place)
      case .header(let length, let source):
        _ = recv(descriptor, buffer.baseAddress, length, 0)
        guard replacePlace(of: descriptor, with: source) else {
          counts.overShare.add()
          return drop(descriptor)
        }
        peek(descriptor, isLast: isLast)
      }
    }
  }

  /// The connection counts as the client's from now on, no longer as the proxy's.
  /// - Returns: false when the client has its share.
  private func replacePlace(of descriptor: Int32, with source: IPAddress?) -> Bool {
    guard var entry = waiting[descriptor] else { return false }
    if let source {
      guard let place = place(of: source, isTold: true) else { return false }
      forget(entry.place)
      entry.place = place
      waitingOfPeer[place.peer, default: 0] += 1
    }
    entry.stage = .awaitingHead
    waiting[descriptor] = entry
    return true
  }

  private func peek(_ descriptor: Int32, isLast: Bool) {
    withUnsafeTemporaryAllocation(byteCount: Self.peekBytes, alignment: 16) { buffer in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_PEEK))
      guard count > 0 else {
        if count == 0 || errno != EAGAIN { drop(descriptor) }
        return
      }
      let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
      if configuration.isSecure { return dispatchSecure(descriptor, firstByte: bytes[0]) }
      let route = RequestRoute(bytes, isFull: count == buffer.count, callPaths: configuration.callPaths)
      if route != .undecided {
        dispatch(descriptor, by: route)
      } else if isLast {
        drop(descriptor)
      }  // else the next bytes come back here: edge-triggered
    }
  }

  private func dispatch(_ descriptor: Int32, by route: RequestRoute) {
    guard let place = release(descriptor) else { return }
    if exceedsRate(place) { return sendAndClose(descriptor, Self.tooManyStarts, place) }
    switch route {
    case .undecided, .garbage: sendAndClose(descriptor, .problem(status: 400, detail: "this is not HTTP"), place)
    case .control:
      if !router.dispatchControl(descriptor, place) { closeOverLimit(descriptor) }
    case .call:
      SocketStream.limitUnsent(descriptor)
      if let refusal = router.dispatchCall(descriptor, place) { refuse(descriptor, refusal, place) }
    }
  }

  private static var tooManyStarts: HTTPResponse {
    var response = HTTPResponse.problem(status: 429, detail: "too many connections of this address; keep them open")
    response.headers.insert(("retry-after", "1"), at: 0)
    return response
  }

  /// TLS begins with a handshake record, which no request line does (RFC 8446 section 5.1).
  private func dispatchSecure(_ descriptor: Int32, firstByte: UInt8) {
    guard let place = release(descriptor) else { return }
    guard firstByte == 22 else {
      return sendAndClose(
        descriptor, .problem(status: 400, detail: "TLS is spoken here: use https:// or wss://"), place)
    }
    if exceedsRate(place) {
      close(descriptor)
      return
    }
    SocketStream.limitUnsent(descriptor)
    if !router.dispatchSecure(descriptor, place) { closeOverLimit(descriptor) }
  }

  private func closeOverLimit(_ descriptor: Int32) {
    counts.overLimit.add()
    close(descriptor)
  }

  /// Answers a call with 503. The head is read first, or closing would reset the connection and lose the answer.
  private func refuse(_ descriptor: Int32, _ decision: AdmissionDecision, _ place: ConnectionSlot) {
    guard case .refuse(let seconds, let reason) = decision else { return }
    counts.refusedCalls.add()
    var response = HTTPResponse.problem(status: 503, detail: reason)
    response.headers.insert(("retry-after", "\(seconds)"), at: 0)
    sendAndClose(descriptor, response, place)
  }

  private func sendAndClose(_ descriptor: Int32, _ response: HTTPResponse, _ place: ConnectionSlot) {
    let headers = response.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    let head = """
      HTTP/1.1 \(response.status) \(HTTPStatus.phrase(response.status))\r\n\(headers)\
      content-length: \(response.body.count)\r\nconnection: close\r\n\r\n
      """
    let answer = Array(head.utf8) + response.body
    _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
    shutdown(descriptor, Int32(SHUT_WR))
    let deadline = MonotonicClock.now() + Self.lingerMicroseconds
    wait(descriptor, Waiting(stage: .lingering, deadline: deadline, place: place))
    if watch(descriptor) { discard(descriptor) } else { drop(descriptor) }
  }

  /// Reads once and over: who sends on comes again after the others, until his time is up.
  private func discard(_ descriptor: Int32) {
    withUnsafeTemporaryAllocation(byteCount: Self.peekBytes, alignment: 16) { buffer in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count == 0 || (count < 0 && errno != EAGAIN) { drop(descriptor) }
    }
  }
}

// MARK: - Leaving

extension AcceptorThread {
  /// Stops watching; the descriptor stays open.
  /// - Returns: its place.
  @discardableResult
  private func release(_ descriptor: Int32) -> ConnectionSlot? {
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    let place = waiting.removeValue(forKey: descriptor)?.place
    if let place { forget(place) }
    counts.waiting.set(waiting.count)
    return place
  }

  /// One fewer connection of this address waits.
  private func forget(_ place: ConnectionSlot) {
    if let count = waitingOfPeer[place.peer] { waitingOfPeer[place.peer] = count > 1 ? count - 1 : nil }
  }

  private func drop(_ descriptor: Int32) {
    release(descriptor)
    close(descriptor)
  }

  private func sweep(at now: UInt64) {
    guard now &- lastSweep >= UInt64(Self.sweepMilliseconds) * 1_000 else { return }
    lastSweep = now
    for (descriptor, entry) in waiting where entry.deadline <= now {
      if entry.stage != .lingering { counts.slowHeads.add() }
      drop(descriptor)
    }
    if !isListening { isListening = watch(listener) }
  }
}

/// Chooses the loop for an accepted connection.
struct AcceptedRouter {
  let control: ServiceLoop
  let media: [ServiceLoop]
  let admission: @Sendable () -> AdmissionDecision

  /// Sockets of all loops.
  var socketCount: Int {
    let isControlMedia = media.contains { $0 === control }
    return media.reduce(isControlMedia ? 0 : control.load.socketCount) { $0 + $1.load.socketCount }
  }

  /// - Returns: nil when the call was handed over, else why not; the descriptor is still the caller's then.
  func dispatchCall(_ descriptor: Int32, _ place: ConnectionSlot) -> AdmissionDecision? {
    let decision = admission()
    guard case .admit = decision else { return decision }
    return emptiest.adopt(descriptor, place) ? nil : .refuse(retryAfterSeconds: 1, reason: "the server is overloaded")
  }

  /// - Returns: false when the media loop is full or gone.
  func dispatchSecure(_ descriptor: Int32, _ place: ConnectionSlot) -> Bool { emptiest.adopt(descriptor, place) }

  private var emptiest: ServiceLoop {
    media.filter { !$0.load.isStanding }.min { $0.load.socketCount < $1.load.socketCount } ?? media.first ?? control
  }

  /// - Returns: false when the control loop is full or gone.
  func dispatchControl(_ descriptor: Int32, _ place: ConnectionSlot) -> Bool { control.adopt(descriptor, place) }
}

extension ServiceLoop {
  /// Takes over an accepted socket.
  ///
  /// - Returns: false when the mailbox is full or the loop stands or has stopped; the descriptor is still the caller's then.
  func adopt(_ descriptor: Int32, _ place: ConnectionSlot) -> Bool {
    guard !load.isStanding else { return false }
    load.socketsChanged(by: 1)
    if mailbox.post({ HTTPConnection.adopt(descriptor, place, by: $0) }) { return true }
    load.socketsChanged(by: -1)
    return false
  }
}

/// Whether a call may come in now.
public enum AdmissionDecision: Sendable, Equatable {
  /// Hand it to a media loop.
  case admit
  /// Answer 503 with `Retry-After` and `reason` as the problem's detail.
  case refuse(retryAfterSeconds: Int, reason: String)
}
