import CallDriver
import JSON
import WebSockets

/// Finds out what a request on flows asks for. What reads or changes the store runs on the blocking pool.
struct FlowRoutes {
  let server: ServerContext

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool { path.starts(with: ["api", "flows"]) }

  func respond(to request: HTTPRequest, _ path: [String], reply: HTTPReply) {
    if let refusal = server.refusal(of: request) { return reply.send(refusal) }
    let answers = FlowController(server: server)
    let rest = Array(path.dropFirst(2))
    switch rest.count {
    case 0: respondOnAll(request, answers, reply)
    // No flow can be called so, because a name that is also a command would be asked for in vain.
    case 1 where rest[0] == FlowController.checkName:
      guard request.method == "POST" else { return reply.send(.notAllowed(request, allowed: "POST")) }
      onBlockingPool(request, reply) { answers.check(request) }
    case 1 where rest[0] == FlowController.tryName:
      guard request.method == "POST" else { return reply.send(.notAllowed(request, allowed: "POST")) }
      onBlockingPool(request, reply) { answers.tryOut(request) }
    case 1: respondOnOne(rest[0], request, answers, reply)
    case 2: respondOnPart(rest[1], of: rest[0], request, answers, reply)
    case 3 where rest[1] == "versions":
      guard request.method == "POST" else { return reply.send(.notAllowed(request, allowed: "POST")) }
      onBlockingPool(request, reply) { answers.rollBack(rest[0], to: rest[2], request) }
    default: reply.send(.problem(status: 404, detail: "nothing is at \(request.path)"))
    }
  }

  private func respondOnAll(_ request: HTTPRequest, _ answers: FlowController, _ reply: HTTPReply) {
    switch request.method {
    case "GET", "HEAD": reply.send(answers.list())
    case "POST": onBlockingPool(request, reply) { answers.add(request) }
    default: reply.send(.notAllowed(request, allowed: "GET, HEAD, POST"))
    }
  }

  private func respondOnOne(_ name: String, _ request: HTTPRequest, _ answers: FlowController, _ reply: HTTPReply) {
    switch request.method {
    case "GET", "HEAD": reply.send(answers.one(name))
    case "PUT": onBlockingPool(request, reply) { answers.save(name, request) }
    case "DELETE": onBlockingPool(request, reply) { answers.remove(name, request) }
    default: reply.send(.notAllowed(request, allowed: "GET, HEAD, PUT, DELETE"))
    }
  }

  private func respondOnPart(
    _ part: String, of name: String, _ request: HTTPRequest, _ answers: FlowController, _ reply: HTTPReply
  ) {
    guard ["text", "graph", "versions"].contains(part) else {
      return reply.send(.problem(status: 404, detail: "nothing is at \(request.path)"))
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      return reply.send(.notAllowed(request, allowed: "GET, HEAD"))
    }
    switch part {
    case "text": onBlockingPool(request, reply) { answers.text(of: name, request) }
    case "versions": onBlockingPool(request, reply) { answers.versions(of: name) }
    default: reply.send(answers.graph(of: name))
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
