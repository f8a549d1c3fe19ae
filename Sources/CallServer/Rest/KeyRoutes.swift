import CallCore
import CallDriver
import JSON
import WebSockets

/// Finds out what a request on keys asks for. It runs on the blocking pool: the store may be a database.
struct KeyRoutes {
  let server: ServerContext

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool {
    path.starts(with: ["api", "keys"]) || path.starts(with: ["api", "call-tokens"])
  }

  /// - Parameter key: the id of the key that the request came with; `nil` where there are none.
  func respond(to request: HTTPRequest, _ path: [String], key: String?, reply: HTTPReply) {
    if let refusal = server.refusal(of: request) { return reply.send(refusal) }
    guard let keyService = server.authorizer.keyService else {
      return reply.send(.problem(status: 404, detail: "this server has no keys"))
    }
    let answers = APIKeyController(keyService: keyService)
    switch (request.method, path.count) {
    case ("POST", _) where path[1] == "call-tokens": reply.send(answers.token(for: key))
    case ("POST", 2): onBlockingPool(request, reply) { answers.create(request) }
    case ("DELETE", 3): onBlockingPool(request, reply) { answers.revoke(path[2]) }
    default: onBlockingPool(request, reply) { answers.list() }
    }
  }

  private func onBlockingPool(
    _ request: HTTPRequest, _ reply: HTTPReply, _ answer: @escaping @Sendable () -> HTTPResponse
  ) {
    if let refusal = server.requestPool.submit(from: server.peer(of: request), { reply.send(answer()) }) {
      reply.send(refusal)
    }
  }
}
