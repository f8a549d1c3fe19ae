import Synchronization

/// The right to answer one request, once, from any thread.
///
/// Dropping it unused answers 500, so no client waits for an answer nobody owes. When the client has gone meanwhile,
/// the answer goes nowhere.
public final class HTTPReply: Sendable {
  private let mailbox: Mailbox
  private let socket: UInt64
  private let requestID: UInt64
  /// Added to those of the answer.
  private let headers: [(name: String, value: String)]
  private let isUsed = Atomic<Bool>(false)

  init(mailbox: Mailbox, socket: UInt64, requestID: UInt64, headers: [(name: String, value: String)] = []) {
    self.mailbox = mailbox
    self.socket = socket
    self.requestID = requestID
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
    return HTTPReply(mailbox: mailbox, socket: socket, requestID: requestID, headers: self.headers + headers)
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
    let isPosted = mailbox.post(beyondCapacity: true) { [socket, requestID, response] loop in
      guard let socket = loop.httpConnection(socket) else { return source.clientGone() }
      socket.stream(response, from: source, in: requestID)
    }
    if !isPosted { source.clientGone() }
  }

  /// Has a client watched that may give up before it is answered.
  ///
  /// - Parameter onGone: called at most once, on the loop's thread, when the connection ends before the answer, or the client
  ///   sends no more: one that half-closes does not wait for answers.
  public func watch(_ onGone: @escaping @Sendable () -> Void) {
    let isPosted = mailbox.post(beyondCapacity: true) { [socket, requestID] loop in
      guard let socket = loop.httpConnection(socket) else { return onGone() }
      socket.watch(requestID, onGone)
    }
    if !isPosted { onGone() }
  }

  /// Beyond the mailbox's capacity, because there is at most one for each connection, and those are limited.
  private func deliver(_ response: HTTPResponse) {
    var response = response
    response.headers += headers
    _ = mailbox.post(beyondCapacity: true) { [socket, requestID, response] loop in
      loop.httpConnection(socket)?.respond(response, to: requestID)
    }
  }
}
