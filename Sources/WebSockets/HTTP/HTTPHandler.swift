/// Answers HTTP requests.
public protocol HTTPHandler: Sendable {
  /// Called on the loop's thread, which waits: hand slow work to another thread and keep `reply`.
  func respond(to request: HTTPRequest, reply: HTTPReply)

  /// Asked when a request with a body has announced itself, before the body is received. Called on the loop's thread; must be quick.
  ///
  /// - Parameters:
  ///   - request: without its body.
  ///   - bodyBytes: the length that it announces, 1 and up; `nil` when the body comes in chunks.
  /// - Returns: a short answer that spares both sides the body; `nil` to receive it.
  func refusal(of request: HTTPRequest, bodyBytes: Int?) -> HTTPResponse?

  /// What goes with every answer to a request, also with those that the connection gives by itself once the head is there: cross-origin headers,
  /// without which a page cannot read them. Called on the loop's thread; must be quick.
  func headers(for request: HTTPRequest) -> [(name: String, value: String)]
}

extension HTTPHandler {
  /// Every body is received, up to the loop's limit.
  public func refusal(of request: HTTPRequest, bodyBytes: Int?) -> HTTPResponse? { nil }

  /// None.
  public func headers(for request: HTTPRequest) -> [(name: String, value: String)] { [] }
}
