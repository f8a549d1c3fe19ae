import CallDriver
import Threads
import WebSockets

/// Answers requests on a media loop that want no WebSocket. A page asks for the path of the calls this way why its WebSocket was
/// refused, because browsers hide the answer. A new connection with that path comes here, a kept one to `RestHandler`: both say the
/// same.
struct CallPathHandler: HTTPHandler {
  let server: ServerContext

  /// Nothing here takes a body.
  func rejectBody(of request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
    .problem(status: 413, detail: "\(request.method) \(request.path) takes no body")
  }

  func respond(to request: HTTPRequest, reply: HTTPReply) {
    let reply = reply.adding(server.authorizer.origins.headers(for: request))
    var response =
      switch server.authorizer.authorize(request) {
      case .answered(let response): response
      case .page, .route: server.answerCallWithoutSocket()
      }
    // This loop has no other answers: what the client asks for next comes over a connection of its own.
    response.closes = true
    reply.send(response)
  }
}

extension ServerContext {
  /// Why there would be no call, or that a call is a WebSocket.
  func answerCallWithoutSocket() -> HTTPResponse {
    if let refusal { return refusal.response }
    var response = HTTPResponse.problem(status: 426, detail: "calls are WebSocket connections")
    response.headers.append(("upgrade", "websocket"))
    return response
  }
}

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

  func rejectBody(of request: inout HTTPRequest, bodyBytes: Int?) -> HTTPResponse? {
    end.withLock { $0 }?.handler.rejectBody(of: &request, bodyBytes: bodyBytes)
  }

  func headers(for request: HTTPRequest) -> [(name: String, value: String)] {
    end.withLock { $0 }?.handler.headers(for: request) ?? []
  }
}
