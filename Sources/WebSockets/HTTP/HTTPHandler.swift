import Synchronization

/// Answers HTTP requests.
public protocol HTTPHandler: Sendable {
  /// Called on the loop's thread, which waits: hand slow work to another thread and keep `reply`.
  func respond(to request: HTTPRequest, reply: HTTPReply)

  /// Asked when a request with a body has announced itself, before the body is received. Called on the loop's thread; must be quick.
  ///
  /// - Parameters:
  ///   - request: without its body; what is attached to it here stays with it.
  ///   - bodyBytes: the length that it announces, 1 and up; `nil` when the body comes in chunks.
  /// - Returns: a short answer that spares both sides the body; `nil` to receive it.
  func rejectBody(of request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse?

  /// What goes with every answer to a request, also with those that the connection gives by itself once the head is there: cross-origin headers,
  /// without which a page cannot read them. Called on the loop's thread; must be quick.
  func headers(for request: HTTPRequest) -> [(name: String, value: String)]
}

extension HTTPHandler {
  /// Every body is received, up to the loop's limit.
  public func rejectBody(of request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse? { nil }

  /// None.
  public func headers(for request: HTTPRequest) -> [(name: String, value: String)] { [] }
}

/// The right to answer one request, once, from any thread.
///
/// Dropping it unused answers 500, so no client waits for an answer nobody owes. When the client has gone meanwhile,
/// the answer goes nowhere.
public final class HTTPReply: Sendable {
  private let address: RequestAddress
  /// Added to those of the answer.
  private let headers: [(name: String, value: String)]
  private let isUsed = Atomic<Bool>(false)

  init(to address: RequestAddress, headers: [(name: String, value: String)] = []) {
    self.address = address
    self.headers = headers
  }

  deinit {
    if !isUsed.load(ordering: .relaxed) {
      deliver(.problem(status: 500, detail: "the request was dropped without an answer"))
    }
  }

  /// Hands the right on to a reply that adds `headers` to whatever is answered. Instead of `send`.
  public func adding(_ headers: [(name: String, value: String)]) -> HTTPReply {
    guard !headers.isEmpty else { return self }
    precondition(!isUsed.exchange(true, ordering: .relaxed), "a request is answered once")
    return HTTPReply(to: address, headers: self.headers + headers)
  }

  /// Answers. A second call is a programming error.
  public func send(_ response: HTTPResponse) {
    precondition(!isUsed.exchange(true, ordering: .relaxed), "a request is answered once")
    deliver(response)
  }

  /// Answers with a body that is made while it is sent. Instead of `send`.
  ///
  /// - Parameters:
  ///   - response: its body is the first piece; it may be empty.
  ///   - source: is asked for the next piece whenever the client has taken the one before, and told when the client has gone.
  public func stream(_ response: HTTPResponse, from source: any HTTPBodySource) {
    precondition(!isUsed.exchange(true, ordering: .relaxed), "a request is answered once")
    var response = response
    response.headers += headers
    address.post { [response] connection, requestID in
      connection.stream(response, from: source, in: requestID)
    } orIfGone: {
      source.clientGone()
    }
  }

  /// Has a client watched that may give up before it is answered.
  ///
  /// - Parameter onGone: called at most once, on the loop's thread, when the connection ends before the answer, or the client
  ///   sends no more: one that half-closes does not wait for answers.
  public func watch(_ onGone: @escaping @Sendable () -> Void) {
    address.post({ $0.watch($1, onGone) }, orIfGone: onGone)
  }

  private func deliver(_ response: HTTPResponse) {
    var response = response
    response.headers += headers
    address.post { [response] connection, requestID in connection.respond(response, to: requestID) }
  }
}

/// One request of one connection, reached from any thread.
struct RequestAddress: Sendable {
  let mailbox: Mailbox
  let socket: UInt64
  let requestID: UInt64

  /// Has the connection's loop do something. Beyond the mailbox's capacity, because there is at most one for each connection, and those
  /// are limited.
  /// - Parameter gone: done instead when there is no connection or no loop any more.
  func post(
    _ body: @escaping @Sendable (HTTPConnection, _ requestID: UInt64) -> Void,
    orIfGone gone: @escaping @Sendable () -> Void = {}
  ) {
    let isPosted = mailbox.post(beyondCapacity: true) { [socket, requestID] loop in
      if let connection = loop.httpConnection(socket) { body(connection, requestID) } else { gone() }
    }
    if !isPosted { gone() }
  }
}

/// Makes the body of an answer while it is sent, piece by piece, as fast as the client reads.
public protocol HTTPBodySource: AnyObject, Sendable {
  /// The client has taken what there was. Called on the loop's thread, which waits: hand slow work to another thread and keep
  /// `piece`. Never called again before that piece was sent.
  func pieceWanted(_ piece: HTTPPiece)

  /// The client has gone, or the loop stops; nothing is wanted any more. Called once, on the loop's thread, unless the last piece was
  /// sent.
  func clientGone()
}

/// The right to send the next piece of a body, once, from any thread.
///
/// Dropping it unused cuts the connection, so that no client takes half an answer for the whole.
public final class HTTPPiece: Sendable {
  private let address: RequestAddress
  private let isUsed = Atomic<Bool>(false)

  init(to address: RequestAddress) { self.address = address }

  deinit {
    if !isUsed.load(ordering: .relaxed) { deliver(nil, isLast: true) }
  }

  /// Sends on. A second call is a programming error. When the client has gone meanwhile, the piece goes nowhere.
  ///
  /// - Parameters:
  ///   - bytes: held in memory until the client has taken them.
  ///   - isLast: the body ends with it.
  public func send(_ bytes: [UInt8], isLast: Bool) {
    precondition(!isUsed.exchange(true, ordering: .relaxed), "a piece is sent once")
    deliver(bytes, isLast: isLast)
  }

  private func deliver(_ bytes: [UInt8]?, isLast: Bool) {
    address.post { $0.resumeStream(with: bytes, isLast: isLast, in: $1) }
  }
}
