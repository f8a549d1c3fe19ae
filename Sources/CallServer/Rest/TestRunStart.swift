import CallCore
import CallDriver
import JSON
import Formats
import FoundationEssentials
import WebSockets

/// Starts a run of a test case. Blocks: runs on the blocking pool.
struct TestRunStart {
  let server: ServerContext
  let queue: TestRunQueue

  /// Answers when the run is over, or at once where that is asked for or the run cannot begin.
  func begin(_ request: HTTPRequest, reply: HTTPReply) {
    let body: TestRunRequest
    do throws(WireFault) {
      body = try TestRunRequest(parsing: request.body)
    } catch {
      return reply.send(.problem(status: error.code == .messageTooLarge ? 413 : 400, detail: error.message))
    }
    if body.mode == .live, body.toNumber == nil {
      return reply.send(.problem(status: 400, detail: "run.to_number: a live run needs the number to be called"))
    }
    do throws(StoreError) {
      guard let testCase = try queue.stores.cases.testCase(id: body.testID) else {
        return reply.send(.problem(status: 404, detail: "there is no test case \(body.testID)"))
      }
      if let refusal = refusal(of: body) { return reply.send(refusal) }
      try begin(body, testCase, reply)
    } catch {
      reply.send(.problem(error))
    }
  }

  private func begin(_ body: TestRunRequest, _ testCase: TestCase, _ reply: HTTPReply) throws(StoreError) {
    var run = TestRun(
      id: UUID().uuidString.lowercased(), testID: testCase.id, provider: body.provider, mode: body.mode,
      createdAtUnixMicroseconds: TestRunQueue.now, turnsAll: testCase.turns.count)
    run.metadata = body.metadata
    let order = TestRunQueue.Order(run: run, testCase: testCase, hasSound: body.hasSound, seed: UInt64(body.seed))
    let isTaken = try queue.take(order) { run in
      if body.waits { reply.send(.json(TestRunResponse(run))) }
    }
    if !isTaken { return reply.send(.later(5, "too many runs are waiting; try again when some are over")) }
    if !body.waits { reply.send(.json(TestRunResponse(run))) }
  }

  private func refusal(of body: TestRunRequest) -> HTTPResponse? {
    if body.mode == .live {
      return .problem(
        status: 501,
        detail: "telephone calls are not offered yet: no call was placed; run the case with mode simulation")
    }
    guard body.hasSound, server.speechService == nil else { return nil }
    if let failed = server.engines.readiness.first(where: { $0.isNeeded && $0.state == .failed }) {
      return .later(60, "the speech engine \(failed.name) is missing: \(failed.detail); `sound: false` needs none")
    }
    return .later(2, "the speech engines are still loading; `sound: false` needs none")
  }
}
