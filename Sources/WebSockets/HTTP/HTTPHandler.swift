/// Answers HTTP requests.
public protocol HTTPHandler: Sendable {
  /// Called on the loop's thread, which waits: hand slow work to another thread and keep `reply`.
  func respond(to request: HTTPRequest, reply: HTTPReply)
}
