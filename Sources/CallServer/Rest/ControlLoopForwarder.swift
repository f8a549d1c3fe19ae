import CallDriver
import WebSockets
import Threads

/// Passes requests that came to a media loop on to the control loop. With TLS nobody can see what a connection wants before its loop
/// is chosen, so pages and REST come to media loops too. What is left there is to encrypt the answers.
final class ControlLoopForwarder: HTTPHandler {
  private struct End {
    var handler: RestHandler
    var loop: ServiceLoop
  }

  private let end = Locked<End?>(nil)

  /// To be called before the loops start.
  func lead(to handler: RestHandler, on loop: ServiceLoop) {
    end.withLock { $0 = End(handler: handler, loop: loop) }
  }

  func respond(to request: HTTPRequest, reply: HTTPReply) {
    guard let end = end.withLock({ $0 }) else { return reply.send(.later(1, "the server starts")) }
    let isPosted = end.loop.post { _ in end.handler.respond(to: request, reply: reply) }
    if !isPosted { reply.send(.later(1, "too many requests are waiting")) }
  }

  func refusal(of request: HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
    end.withLock { $0 }?.handler.refusal(of: request, bodyBytes: bodyBytes)
  }

  func headers(for request: HTTPRequest) -> [(name: String, value: String)] {
    end.withLock { $0 }?.handler.headers(for: request) ?? []
  }
}
