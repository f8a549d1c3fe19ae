import CallCore
import CallDriver
import JSON
import WebSockets

/// Finds out what a request on test cases or runs asks for. Every handler reads a store, so it runs on the blocking pool.
struct TestRoutes {
  let server: ServerContext
  let queue: TestRunQueue

  private static let firstParts: Set<String> = ["testcases", "testruns", "test"]

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool { path.first.map(firstParts.contains) ?? false }

  func respond(to request: HTTPRequest, _ path: [String], reply: HTTPReply) {
    if let refusal = server.refusal(of: request) { return reply.send(refusal) }
    // The rest of the path is the id: ids may have slashes.
    let id = path.dropFirst().joined(separator: "/")
    switch path[0] {
    case "testcases": respondOnCases(to: request, id, reply)
    case "testruns": respondOnRuns(to: request, Array(path.dropFirst()), reply)
    default:
      guard path == ["test", "run"] else {
        return reply.send(.problem(status: 404, detail: "nothing is at \(request.path)"))
      }
      guard request.method == "POST" else { return reply.send(.notAllowed(request, allowed: "POST")) }
      onBlockingPool(request, reply) { TestRunStart(server: server, queue: queue).begin(request, reply: reply) }
    }
  }

  private func respondOnCases(to request: HTTPRequest, _ id: String, _ reply: HTTPReply) {
    let answers = TestCaseController(server: server, store: queue.stores.cases)
    switch (request.method, id.isEmpty) {
    case ("GET", true), ("HEAD", true): answer(request, reply) { answers.list() }
    case ("POST", true): answer(request, reply) { answers.add(request) }
    case ("GET", false), ("HEAD", false): answer(request, reply) { answers.one(id) }
    case ("PUT", false): answer(request, reply) { answers.replace(id, request) }
    case ("DELETE", false): answer(request, reply) { answers.remove(id) }
    default: reply.send(.notAllowed(request, allowed: id.isEmpty ? "GET, HEAD, POST" : "GET, HEAD, PUT, DELETE"))
    }
  }

  private func respondOnRuns(to request: HTTPRequest, _ path: [String], _ reply: HTTPReply) {
    guard request.method == "GET" || request.method == "HEAD" else {
      return reply.send(.notAllowed(request, allowed: "GET, HEAD"))
    }
    let answers = TestRunController(queue: queue, shared: server.responseCache)
    switch path.count {
    case 0: answer(request, reply) { answers.list(request) }
    case 1: answer(request, reply) { answers.one(path[0]) }
    case 2: answer(request, reply) { answers.part(path[1], of: path[0]) }
    default: reply.send(.problem(status: 404, detail: "nothing is at \(request.path)"))
    }
  }

  private func answer(_ request: HTTPRequest, _ reply: HTTPReply, _ answer: @escaping @Sendable () -> HTTPResponse) {
    onBlockingPool(request, reply) { reply.send(answer()) }
  }

  private func onBlockingPool(_ request: HTTPRequest, _ reply: HTTPReply, _ work: @escaping @Sendable () -> Void) {
    if let refusal = server.requestPool.submit(from: server.peer(of: request), work) { reply.send(refusal) }
  }
}

extension ServerContext {
  /// Pages of other sites may read nothing of the answer, but without this they could start runs and delete cases.
  func refusal(of request: HTTPRequest) -> HTTPResponse? {
    guard request.method != "GET", request.method != "HEAD", !authorizer.origins.allows(request) else { return nil }
    return OriginPolicy.foreign(request, "change anything here")
  }
}

extension HTTPResponse {
  /// 405 with the methods that there are.
  static func notAllowed(_ request: HTTPRequest, allowed: String) -> HTTPResponse {
    var response = HTTPResponse.problem(status: 405, detail: "\(request.path) takes \(allowed)")
    response.headers.append(("allow", allowed))
    return response
  }

  /// What a store could not do.
  static func problem(_ error: StoreError) -> HTTPResponse {
    switch error {
    case .badCursor(let cursor):
      .problem(status: 400, detail: "cursor: \(cursor) was not given out here; begin without one")
    case .unavailable(let why): .later(5, "the store does not answer: \(why)")
    }
  }
}
