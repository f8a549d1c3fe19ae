import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import Simulation
import WebSockets

/// What REST says about runs of test cases. Blocks: runs on the blocking pool.
struct TestRunController: RouteController {
  let request: RouteRequest
  private let queue: TestRunQueue

  init?(request: RouteRequest) {
    guard let queue = request.context.testRuns else { return nil }
    (self.request, self.queue) = (request, queue)
  }

  /// The newest runs in the predecessor's array.
  func list() throws(StoreError) -> HTTPResponse {
    let limit = request.queryValue("limit") ?? "10"
    guard let limit = Int(limit), (1...100).contains(limit) else {
      return .problem(status: 400, detail: "limit: expected 1 to 100, got \(limit)")
    }
    return .json(
      JSONObject.array(try queue.stores.runs.runs(limit: limit).map { .testRun($0, hasTranscript: false) }))
  }

  func one() throws(StoreError) -> HTTPResponse { try run { .json(.testRun($0, hasTranscript: true)) } }

  func progress() throws(StoreError) -> HTTPResponse {
    try run { .json(.testRunProgress($0, nowUnixMicroseconds: TestRunQueue.now)) }
  }

  func page() throws(StoreError) -> HTTPResponse { try result("report", Self.page) }

  func jsonReport() throws(StoreError) -> HTTPResponse {
    try result("report.json") { .json(JSONReport.bytes(of: $0)) }
  }

  func junitReport() throws(StoreError) -> HTTPResponse {
    try result("junit.xml") {
      HTTPResponse(status: 200, contentType: "application/xml; charset=utf-8", text: JUnitReport.text(of: $0))
    }
  }

  /// The page may be shown in a frame of our own page; its style, script and sound are in it.
  private static func page(of run: SimulationRun) -> HTTPResponse {
    var response = HTTPResponse(
      status: 200, contentType: "text/html; charset=utf-8", text: HTMLReport.text(of: run))
    response.headers += [
      ("content-security-policy", HTMLReport.policy + "; frame-ancestors 'self'"), ("x-frame-options", "sameorigin"),
    ]
    return response
  }

  private func run(_ answer: (TestRun) -> HTTPResponse) throws(StoreError) -> HTTPResponse {
    let id = request[.id]
    guard let run = try queue.stores.runs.run(id: id) else {
      return .problem(status: 404, detail: "there is no run \(id), or it is not kept any more")
    }
    return answer(run)
  }

  private func result(
    _ name: String, _ answer: (SimulationRun) -> HTTPResponse
  ) throws(StoreError) -> HTTPResponse {
    let id = request[.id]
    // Before the run is looked up: it is over when its result is there, and might come to be over in between.
    if let result = queue.results[id] { return server.responseCache.response("\(name) of \(id)") { answer(result) } }
    return try run { run in
      run.status.isOver
        ? .problem(status: 410, detail: "the report of \(id) had to make room for newer ones; run the case again")
        : .later(1, status: 409, "the run \(id) is \(run.status.rawValue); its report comes when it is over")
    }
  }

  // MARK: - Starting one

  /// Answers when the run is over, or at once where that is asked for or the run cannot begin.
  func begin(_ reply: HTTPReply) {
    let body: TestRunRequest
    do throws(WireFault) {
      body = try TestRunRequest(parsing: request.http.body)
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
      if body.mode == .live { return beginPhoneRun(body, testCase, reply) }
      if body.hasSound, let refusal = rejectWithoutEngines() { return reply.send(refusal) }
      let model: TestRunModel?
      do throws(RouteError) { model = try self.model(for: testCase, of: server.flows) } catch {
        return reply.send(error.response)
      }
      try begin(body, testCase, model, reply)
    } catch {
      reply.send(.problem(error))
    }
  }

  /// What the run of a case asks; `nil`: it needs no language model, or there is none here, which its verdict will say.
  /// - Parameter flows: of the agent that is called; `nil`: it is somebody else's.
  /// - Throws: why the key may not have it asked.
  func model(for testCase: TestCase, of flows: FlowLibrary?) throws(RouteError) -> TestRunModel? {
    guard server.hasModel, let need = testCase.modelNeed(flows) else { return nil }
    guard server.authorizer.keyService?.grants(.model, to: request.key ?? "") ?? true else {
      throw RouteError(
        403, "\(testCase.id) needs the language model, as \(need), and the key may not ask it: it lacks the scope model"
      )
    }
    let budget = TokenBudget(of: request.key, at: server)
    do throws(SpeechRefusal) { try budget.check() } catch { throw RouteError(error.response(.problem)) }
    return TestRunModel(
      server.model, questions: queue.questions, usage: UsageMeter(counter: server.usage, key: request.key),
      budget: budget, timeMax: server.settings.testRuns.modelTimeMax)
  }

  private func begin(
    _ body: TestRunRequest, _ testCase: TestCase, _ model: TestRunModel?, _ reply: HTTPReply
  ) throws(StoreError) {
    var run = TestRun(
      id: UUID().uuidString.lowercased(), testID: testCase.id, provider: body.provider, mode: body.mode,
      createdAtUnixMicroseconds: TestRunQueue.now, turnsAll: testCase.turns.count)
    run.metadata = body.metadata
    var order = TestRunQueue.Order(run: run, testCase: testCase, hasSound: body.hasSound, seed: UInt64(body.seed))
    order.model = model
    let isTaken = try queue.enqueue(order) { run in
      if body.waits { reply.send(.json(.startedTestRun(run))) }
    }
    if !isTaken { return reply.send(.later(5, "too many runs are waiting; try again when some are over")) }
    if !body.waits { reply.send(.json(.startedTestRun(run))) }
  }

  /// Why a run with sound cannot begin; `nil`: it can.
  func rejectWithoutEngines() -> HTTPResponse? {
    guard server.speechService == nil else { return nil }
    if let failed = server.engines.readiness.first(where: { $0.isNeeded && $0.state == .failed }) {
      return .later(60, "the speech engine \(failed.name) is missing: \(failed.detail); `sound: false` needs none")
    }
    return .later(2, "the speech engines are still loading; `sound: false` needs none")
  }
}
