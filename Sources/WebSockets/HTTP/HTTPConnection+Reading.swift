import CLibwebsockets
import Threads

extension HTTPConnection {
  /// - Returns: whether there is more to do at once.
  func readHead() -> Bool {
    // Empty lines before a request are read over (RFC 9112 section 2.2).
    let blank = input.prefix { $0 == 0x0D || $0 == 0x0A }.count
    if blank > 0 {
      input.removeFirst(blank)
      searched = 0
      blankBytes += blank
      guard blankBytes <= Self.blankBytesMax else {
        return refuse(HTTPFault(400, "at most \(Self.blankBytesMax) bytes of empty lines come before a request"))
      }
    }
    let end = input.withUnsafeBytes { HeadLines.end(in: $0, from: searched) }
    searched = input.count
    if (end ?? input.count) > RequestHead.bytesMax {
      let isLine = !input.prefix(RequestHead.bytesMax).contains(0x0A)
      return refuse(HTTPFault(isLine ? 414 : 431, "a request's head has at most \(RequestHead.bytesMax) bytes"))
    }
    guard let end else {
      let isFirst = input.isEmpty
      guard receive() else { return false }
      if isFirst { deadline = later(loop.configuration.requestTimeMax) }
      return true
    }
    do throws(HTTPFault) {
      var head = try parse { bytes throws(HTTPFault) in
        try RequestHead(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
      }
      head.request.peer = stream.peer
      input.removeFirst(end)
      (searched, blankBytes) = (0, 0)
      return try headReceived(head)
    } catch {
      return refuse(error)
    }
  }

  private static let blankBytesMax = 64

  /// `withUnsafeBytes` loses the type of what is thrown.
  private func parse<Value>(
    _ read: (UnsafeRawBufferPointer) throws(HTTPFault) -> Value
  ) throws(HTTPFault) -> Value {
    try input.withUnsafeBytes { bytes -> Result<Value, HTTPFault> in
      do throws(HTTPFault) { return .success(try read(bytes)) } catch { return .failure(error) }
    }.get()
  }

  private func headReceived(_ head: RequestHead) throws(HTTPFault) -> Bool {
    if head.isUpgrade { return upgrade(head) }
    guard head.framing != .length(0) else {
      dispatch(head)
      return true
    }
    let limit = loop.configuration.requestBodyBytesMax
    var head = head
    let announced: Int? = if case .length(let count) = head.framing { count } else { nil }
    if let refusal = loop.configuration.httpHandler?.rejectBody(of: &head.request, bodyBytes: announced) {
      return refuse(refusal)
    }
    guard loop.configuration.httpHandler != nil else { return refuse(Self.webSocketsOnly) }
    let body = try BodyReader(head.framing, bytesMax: limit)
    stage = .readingBody(head, body)
    pace = (MonotonicClock.now(), 0)
    deadline = later(loop.configuration.requestTimeMax)
    if head.expectsContinue, input.isEmpty {
      // Twenty-five bytes at the start of an answer: the socket takes them, or it is of no use.
      let isSent = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8).withUnsafeBytes { stream.write($0) } == .count(25)
      if !isSent { close() }
    }
    return true
  }

  func readBody() -> Bool {
    guard case .readingBody(let head, var body) = stage else { return false }
    if input.isEmpty, !receive() { return false }
    stage = .readingHead  // or the body would be copied
    let before = body.body.count
    let used: Int
    do throws(HTTPFault) {
      used = try parse { bytes throws(HTTPFault) in try body.consume(bytes) }
    } catch {
      return refuse(.problem(status: error.status, detail: error.detail), to: head.request)
    }
    input.removeFirst(used)
    let came = body.body.count - before
    let held = heldBody ?? HeldBytes(of: loop.configuration.bodyBudget, by: stream.place)
    heldBody = held
    if let refusal = held.add(came) { return refuse(refusal.response("request bodies"), to: head.request) }
    if came > 0 { deadline = later(loop.configuration.requestTimeMax) }
    pace?.bytes += used
    if body.isDone {
      pace = nil
      var head = head
      // The length of a body in chunks is known only now.
      if head.framing == .chunked,
        let refusal = loop.configuration.httpHandler?.rejectBody(of: &head.request, bodyBytes: body.body.count)
      {
        return refuse(refusal)
      }
      head.request.body = body.body
      head.request.held = held
      heldBody = nil
      dispatch(head)
    } else {
      stage = .readingBody(head, body)
    }
    return true
  }

  private func dispatch(_ head: RequestHead) {
    let requestID = LoopContext.makeID()
    let request = head.request
    var answered = head
    (answered.request.body, answered.request.held) = ([], nil)  // the handler's alone
    stage = .answering(requestID: requestID, head: answered)
    deadline = .max  // how long an answer takes is the handler's affair
    guard let handler = loop.configuration.httpHandler else { return startResponse(Self.webSocketsOnly, head) }
    handler.respond(to: request, reply: HTTPReply(to: address(of: requestID)))
  }

  private static var webSocketsOnly: HTTPResponse {
    HTTPResponse(
      status: 426, headers: [("upgrade", "websocket"), ("content-type", "text/plain")],
      body: Array("This path takes WebSocket connections only.\n".utf8))
  }

  func refuse(_ fault: HTTPFault) -> Bool { refuse(.problem(status: fault.status, detail: fault.detail)) }

  /// The same for a request whose handler may have something to say to every answer.
  private func refuse(_ response: HTTPResponse, to request: HTTPRequest) -> Bool {
    var response = response
    response.headers += loop.configuration.httpHandler?.headers(for: request) ?? []
    return refuse(response)
  }

  /// Answers before the request is complete and closes.
  func refuse(_ response: HTTPResponse) -> Bool {
    releaseBytes()
    input = []
    searched = 0
    stage = .writing(ResponseWriter(response, method: "GET", closes: true))
    deadline = later(loop.configuration.requestTimeMax)
    pace = (MonotonicClock.now(), 0)
    return true
  }

  func discard() -> Bool {
    input = []
    _ = receive()  // what is more is said again
    input = []
    return false
  }
}

// MARK: - WebSocket

extension HTTPConnection {
  private func upgrade(_ head: RequestHead) -> Bool {
    guard head.framing == .length(0) else { return refuse(HTTPFault(400, "a WebSocket handshake has no body")) }
    switch loop.configuration.upgradeRoute(head.request) {
    case .refuse(let response): return refuse(response)
    case .loop(let other) where other.mailbox !== loop.mailbox: return forward(head, to: other)
    case .here, .loop: break
    }
    let offered = RequestHead.subprotocols(in: head.request.headers)
    if let refusal = handshakeFault(head.request, offered) { return refuse(refusal) }
    let context: AnyObject?
    switch loop.handler.upgradeRequested(UpgradeRequest(request: head.request, subprotocols: offered)) {
    case .accept: context = nil
    case .acceptWith(let given): context = given
    case .refuse(let response): return refuse(response)
    }
    let chosen = offered.first(where: loop.configuration.subprotocols.contains)
    return becomeWebSocket(AcceptedUpgrade(request: head.request, subprotocol: chosen, context: context))
  }

  private func becomeWebSocket(_ upgrade: AcceptedUpgrade) -> Bool {
    let rest = input
    input = []
    detach()
    if !stream.isSecure {
      AcceptedWebSocket.adopt(stream.takeDescriptor(), upgrade, rest: rest, place: stream.place, by: loop)
    } else if let local = TLSRelay.start(stream, received: rest, loop: loop) {
      AcceptedWebSocket.adopt(
        local.descriptor, upgrade, rest: [], place: stream.place, relay: local.relay, by: loop)
    } else {
      loop.load.socketsChanged(by: -1)
    }
    return false
  }

  /// The handshake was read here; the other loop judges it.
  private func forward(_ head: RequestHead, to other: ServiceLoop) -> Bool {
    detach()
    loop.load.socketsChanged(by: -1)
    other.load.socketsChanged(by: 1)
    let (stream, rest, head) = (stream, input, head)
    let isPosted = other.mailbox.post { loop in HTTPConnection.adoptUpgrade(stream, head, rest: rest, by: loop) }
    if !isPosted { other.load.socketsChanged(by: -1) }
    return false
  }

  private static func adoptUpgrade(_ stream: SocketStream, _ head: RequestHead, rest: [UInt8], by loop: LoopContext) {
    SocketStream.limitUnsent(stream.descriptor)
    guard let connection = connection(over: stream, input: rest, in: loop) else { return }
    _ = connection.upgrade(head)
    connection.advance()
  }

  private func handshakeFault(_ request: HTTPRequest, _ offered: [String]) -> HTTPResponse? {
    guard request.headers["upgrade"]?.lowercased() == "websocket" else {
      return .problem(status: 400, detail: "only websocket can be upgraded to")
    }
    guard request.method == "GET", let key = request.headers["sec-websocket-key"], Self.isHandshakeKey(key) else {
      return .problem(status: 400, detail: "a WebSocket handshake is a GET with Sec-WebSocket-Key, 16 bytes in Base64")
    }
    guard request.headers["sec-websocket-version"] == "13" else {
      var answer = HTTPResponse.problem(status: 426, detail: "WebSocket version 13 is spoken here")
      answer.headers.append(("sec-websocket-version", "13"))
      return answer
    }
    guard offered.isEmpty || offered.contains(where: loop.configuration.subprotocols.contains) else {
      let known = loop.configuration.subprotocols.joined(separator: ", ")
      return .problem(status: 400, detail: "none of the offered subprotocols is spoken here: \(known)")
    }
    return loop.isStopping ? .problem(status: 503, detail: "the server stops") : nil
  }

  /// 16 bytes in Base64 (RFC 6455 section 4.2.1).
  private static func isHandshakeKey(_ key: String) -> Bool {
    let isBase64 = { (byte: UInt8) -> Bool in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
      default: false
      }
    }
    return key.utf8.count == 24 && key.hasSuffix("==") && key.utf8.prefix(22).allSatisfy(isBase64)
  }
}
