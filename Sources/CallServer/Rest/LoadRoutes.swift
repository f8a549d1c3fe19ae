import CallDriver
import JSON
import WebSockets

/// Finds out what a request on load tests asks for. It runs on the blocking pool: a generator is started, and much may have to be written.
struct LoadRoutes {
  let server: ServerContext
  /// `nil` on a server that runs none.
  let service: LoadTestService?
  /// To look up what the callers are to say; `nil` on a server without test cases.
  let cases: (any TestCaseStore)?

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool { path.starts(with: ["api", "load"]) }

  func respond(to request: HTTPRequest, _ path: [String], reply: HTTPReply) {
    if let refusal = server.refusal(of: request) { return reply.send(refusal) }
    let answers = LoadTestController(server: server, service: service, cases: cases)
    let rest = Array(path.dropFirst(2))
    switch (request.method, rest.count) {
    case ("GET", 0), ("HEAD", 0): onBlockingPool(request, reply) { answers.list() }
    case ("POST", 0): onBlockingPool(request, reply) { answers.begin(request) }
    case ("GET", 1), ("HEAD", 1): onBlockingPool(request, reply) { answers.one(rest[0], request) }
    case ("DELETE", 1): onBlockingPool(request, reply) { answers.stop(rest[0]) }
    case ("GET", 2) where rest[1] == "report", ("HEAD", 2) where rest[1] == "report":
      onBlockingPool(request, reply) { answers.report(of: rest[0]) }
    case (_, 0): reply.send(.notAllowed(request, allowed: "GET, HEAD, POST"))
    case (_, 1): reply.send(.notAllowed(request, allowed: "GET, HEAD, DELETE"))
    case (_, 2) where rest[1] == "report": reply.send(.notAllowed(request, allowed: "GET, HEAD"))
    default: reply.send(.problem(status: 404, detail: "nothing is at \(request.path)"))
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
