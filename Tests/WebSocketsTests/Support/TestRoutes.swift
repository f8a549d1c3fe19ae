import TestSupport
import Glibc
import WebSockets

/// HTTP routes for the tests.
struct TestRoutes: HTTPHandler {
  var files: StaticFiles?
  let held = Probe<[HTTPReply]>([])
  /// Requests that wait for a handler that never comes.
  let waiting = Probe<[HTTPRequest]>([])

  func respond(to request: HTTPRequest, reply: HTTPReply) {
    switch request.path {
    case "/echo":
      let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      let text = "\(request.method) [\(query)] \(request.headers["x-api-key"] ?? "-") \(request.body.count)"
      reply.send(HTTPResponse(status: 200, contentType: "text/plain", text: text))
    case "/large": reply.send(HTTPResponse(status: 200, body: Self.large).ranged(by: request))
    case "/own": reply.send(HTTPResponse(status: 200, body: Self.large + [0]))
    case "/hold": held.change { $0.append(reply) }
    case "/forget": break
    case "/wait": waiting.change { $0.append(request) }
    case "/split": reply.send(HTTPResponse(status: 200, headers: [("x-evil", "a\r\nset-cookie: b")]))
    case "/redirect": reply.send(HTTPResponse(status: 302, headers: [("location", "/echo")]))
    default:
      if let files { return files.respond(to: request, reply: reply) }
      reply.send(.problem(status: 404, detail: "no route"))
    }
  }

  func headers(for request: HTTPRequest) -> [(name: String, value: String)] { [("x-every", "answer")] }

  /// 8 MB that differ in every piece.
  static let large = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 12) }
}
