import CallDriver
import WebSockets

/// Finds out what a request for everything that is kept asks for. Every handler reads a store, so it runs on the blocking pool.
struct ExportRoutes {
  let server: ServerContext
  /// `nil` on a server without test cases.
  let tests: TestStores?

  /// Whether a path, in its parts, is answered here.
  static func owns(_ path: [String]) -> Bool { path.starts(with: ["api", "export"]) }

  func respond(to request: HTTPRequest, _ path: [String], reply: HTTPReply) {
    let answers = ExportController(server: server, tests: tests)
    let refusal = server.requestPool.submit(from: server.peer(of: request)) {
      do throws(StoreError) {
        reply.send(try answers.answer(to: request, Array(path.dropFirst(2))))
      } catch {
        reply.send(.problem(error))
      }
    }
    if let refusal { reply.send(refusal) }
  }
}
