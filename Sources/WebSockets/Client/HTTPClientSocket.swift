import CLibwebsockets
import Threads

/// One HTTP request to another server, from connecting to its end.
final class HTTPClientSocket: DescriptorOwner, StoppableSocket {
  static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

  private let id: UInt64
  private let deadline: UInt64
  private var stage = Stage.connecting
  /// When this stage must be over; never after `deadline`.
  private var stageDeadline: UInt64 = 0
  private let request: HTTPClientRequest
  private let isSecure: Bool
  private let promise: HTTPCompletion
  private var response: HTTPClientResponse?
  private var receivedBytes = 0
  private var sentBytes = 0
  private var failure: HTTPClientError?
  private let url: ServerURL
  /// Addresses that are tried when there is no connection to this one.
  private let further: [IPAddress]

  /// How far the request is; each stage may have a limit of its own.
  private enum Stage { case connecting, waiting, receiving }

  private init(
    _ request: HTTPClientRequest, to url: ServerURL, further: [IPAddress], id: UInt64, promise: HTTPCompletion,
    loop: LoopContext
  ) {
    self.id = id
    self.url = url
    self.further = further
    deadline = MonotonicClock.now() + request.timeout.microseconds
    self.request = request
    isSecure = url.isSecure
    self.promise = promise
    super.init(loop: loop)
  }

  static func send(
    _ request: HTTPClientRequest, to url: ServerURL, lookup: AddressLookup, id: UInt64, promise: HTTPCompletion,
    on loop: LoopContext
  ) {
    guard !loop.isStopping else { return promise.finish(.failure(.stopped)) }
    if promise.isFinished { return }  // given up meanwhile
    guard let permits = request.permits else {
      return connect(request, to: url, [], id: id, promise: promise, on: loop)
    }
    let deadline = MonotonicClock.now() + request.timeout.microseconds
    let isBegun = lookup.begin(url.host) { [mailbox = loop.mailbox] all in
      let addresses = all.filter { permits(url.host, url.port, $0) }
      guard !addresses.isEmpty else {
        return promise.finish(.failure(all.isEmpty ? .unreachable("no such host") : .forbidden(host: url.host)))
      }
      let now = MonotonicClock.now()
      guard now < deadline else { return promise.finish(.failure(.timedOut)) }
      var request = request
      request.timeout = .microseconds(deadline - now)
      // One for each request, which are limited.
      let isPosted = mailbox.post(beyondCapacity: true) { [request] loop in
        connect(request, to: url, addresses, id: id, promise: promise, on: loop)
      }
      if !isPosted { promise.finish(.failure(.stopped)) }
    }
    if !isBegun { promise.finish(.failure(.unreachable("too many look-ups of names are under way"))) }
  }

  /// - Parameter addresses: to try one after another; none: libwebsockets looks the host up.
  private static func connect(
    _ request: HTTPClientRequest, to url: ServerURL, _ addresses: [IPAddress], id: UInt64, promise: HTTPCompletion,
    on loop: LoopContext
  ) {
    guard !loop.isStopping else { return promise.finish(.failure(.stopped)) }
    if promise.isFinished { return }
    let socket = HTTPClientSocket(
      request, to: url, further: Array(addresses.dropFirst()), id: id, promise: promise, loop: loop)
    let info = ConnectInfo(url: url, method: request.method, address: addresses.first)
    if info.connect(socket, id: socket.id) != nil { socket.enter(.connecting) }
  }

  override func destroyed() {
    if !hasFurther { ended(failure ?? (response == nil ? unanswered("closed before the response") : .closedEarly)) }
    loop.removeSocket(id)
    loop.load.socketsChanged(by: -1)
    if hasFurther { tryFurther() }
    super.destroyed()
  }

  func loopStops() {
    failure = .stopped
    if let wsi { vf_lws_kill(wsi) }
  }

  func cancel() {
    failure = .cancelled
    if let wsi { vf_lws_kill(wsi) }
  }

  override func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    guard let wsi else { return 0 }
    switch reason {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
      enter(.waiting)
      return appendHeaders(wsi, input, count)
    case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE: return writeBody(wsi)
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
      enter(.receiving)
      response = HTTPClientResponse(
        status: Int(lws_http_client_http_response(wsi)), headers: ResponseHeaders.read(from: wsi))
      return 0
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP: return readMore(wsi)
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
      // libwebsockets 4.1 takes the length of a chunk for a number of 32 bits, and from 2³¹ on for a negative one.
      guard (0...Int(Int32.max)).contains(count) else { return -1 }
      return received(UnsafeRawBufferPointer(start: input, count: count))
    case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
      completed()
      return -1
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      failedToConnect(
        input.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: count), as: UTF8.self) } ?? "")
      return 0
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
      // libwebsockets does not say that an answer without a body is complete when it is a refusal.
      if request.method == "HEAD" { completed() }
      ended(failure ?? .closedEarly)
      return 0
    case LWS_CALLBACK_TIMER:
      timerFired(wsi)
      return 0
    default: return 0
    }
  }
}

// MARK: - Limits

extension HTTPClientSocket {
  private var stageLimit: Duration? {
    switch stage {
    // An address that does not answer must leave time for the others.
    case .connecting: request.connectTimeout ?? (further.isEmpty ? nil : loop.configuration.requestTimeMax)
    case .waiting: request.answerTimeout
    case .receiving: nil
    }
  }

  private func enter(_ stage: Stage) {
    self.stage = stage
    let now = MonotonicClock.now()
    stageDeadline = min(deadline, stageLimit.map { now + $0.microseconds } ?? deadline)
    if let wsi { setTimer(wsi, at: now) }
  }

  /// Sets the timer to what comes first: the limit of the stage, that of the whole, or while an answer is waited for, half of the time that
  /// libwebsockets itself waits for one.
  private func setTimer(_ wsi: OpaquePointer, at now: UInt64) {
    let left = stageDeadline > now ? stageDeadline - now : 1
    let renewal = stage == .waiting ? loop.configuration.requestTimeMax.microseconds / 2 : left
    lws_set_timer_usecs(wsi, Int64(min(left, renewal)))
  }

  private func timerFired(_ wsi: OpaquePointer) {
    let now = MonotonicClock.now()
    if now < stageDeadline {
      // How long an answer may take is said by the request alone.
      let seconds = Int32(clamping: max(1, loop.configuration.requestTimeMax.components.seconds))
      lws_set_timeout(wsi, PENDING_TIMEOUT_AWAITING_SERVER_RESPONSE, seconds)
      return setTimer(wsi, at: now)
    }
    // Without a failure the next address has its turn.
    if !(hasFurther && now < deadline) { failure = lateness }
    vf_lws_kill(wsi)
  }

  /// Which limit has passed.
  private var lateness: HTTPClientError {
    guard let limit = stageLimit, MonotonicClock.now() < deadline else { return .timedOut }
    return stage == .connecting ? .notConnected(within: limit) : .noAnswer(within: limit)
  }
}

// MARK: - Sending and receiving

extension HTTPClientSocket {
  private func appendHeaders(_ wsi: OpaquePointer, _ cursor: UnsafeMutableRawPointer?, _ room: Int) -> Int32 {
    var headers = request.headers
    // RFC 9110, 8.6: with these, an empty body is told, too.
    let tellsLength = !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method)
    if tellsLength { headers.append(("content-length", String(request.body.count))) }
    guard HeaderAppender.append(headers, wsi: wsi, cursor: cursor, room: room) else {
      failure = .unreachable("the headers do not fit or hold line breaks")
      return -1
    }
    if !request.body.isEmpty {
      lws_client_http_body_pending(wsi, 1)
      lws_callback_on_writable(wsi)
    }
    return 0
  }

  private func writeBody(_ wsi: OpaquePointer) -> Int32 {
    let rest = request.body.count - sentBytes
    guard rest > 0 else { return 0 }
    let count = min(rest, loop.sendBuffer.capacity)
    let isLast = count == rest
    let isWritten = request.body.withUnsafeBytes { body in
      loop.sendBuffer.write(
        UnsafeRawBufferPointer(start: nil, count: 0),
        UnsafeRawBufferPointer(rebasing: body[sentBytes..<sentBytes + count]),
        as: isLast ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP, to: wsi)
    }
    guard isWritten else { return -1 }
    sentBytes += count
    if isLast { lws_client_http_body_pending(wsi, 0) } else { lws_callback_on_writable(wsi) }
    return 0
  }

  /// libwebsockets reads into its own buffer and calls back with the pieces, chunk headers removed.
  private func readMore(_ wsi: OpaquePointer) -> Int32 {
    var buffer: UnsafeMutablePointer<CChar>?
    var count: Int32 = 0
    return lws_http_client_read(wsi, &buffer, &count) < 0 ? -1 : 0
  }

  private func received(_ piece: UnsafeRawBufferPointer) -> Int32 {
    receivedBytes += piece.count
    guard receivedBytes <= request.responseBytesMax else {
      failure = .tooLarge(limit: request.responseBytesMax)
      return -1
    }
    if let onPiece = request.onPiece, let status = response?.status, (200..<300).contains(status) {
      onPiece(piece)
    } else {
      response?.body.append(contentsOf: piece)
    }
    return 0
  }

  private func completed() {
    guard failure == nil, let response else { return }
    self.response = nil
    promise.finish(.success(response))
  }

  /// There was no connection to this address, and there are others.
  private var hasFurther: Bool { stage == .connecting && failure == nil && !further.isEmpty }

  /// On the loop's next turn: libwebsockets is still at work on the connection that failed. One for each request, which are limited.
  private func tryFurther() {
    var request = request
    let now = MonotonicClock.now()
    request.timeout = .microseconds(deadline > now ? deadline - now : 1)
    let isPosted = loop.mailbox.post(beyondCapacity: true) { [request, url, further, id, promise] loop in
      Self.connect(request, to: url, further, id: id, promise: promise, on: loop)
    }
    if !isPosted { ended(.stopped) }
  }

  private func failedToConnect(_ why: String) {
    if hasFurther { return }
    let text = why.lowercased()
    let isTLS = isSecure && ["tls", "ssl", "cert"].contains { text.contains($0) }
    ended(failure ?? (isTLS ? .tls(why) : unanswered(why)))
  }

  /// There is no response.
  private func unanswered(_ why: String) -> HTTPClientError { stage == .connecting ? .unreachable(why) : .lost(why) }

  /// Does nothing after the first outcome.
  private func ended(_ failure: HTTPClientError) { promise.finish(.failure(failure)) }
}
