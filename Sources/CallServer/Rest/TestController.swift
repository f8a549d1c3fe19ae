import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import Simulation
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

/// What REST says about test cases. Blocks: runs on the blocking pool.
struct TestCaseController {
  let server: ServerContext
  let store: any TestCaseStore

  /// All cases in the predecessor's array.
  func list() -> HTTPResponse {
    do throws(StoreError) { return .json(TestCaseDocument.json(of: try store.cases())) } catch {
      return .problem(error)
    }
  }

  func one(_ id: String) -> HTTPResponse {
    do throws(StoreError) {
      guard let testCase = try store.testCase(id: id) else { return missing(id) }
      return .json(TestCaseDocument(testCase))
    } catch {
      return .problem(error)
    }
  }

  /// Adds one case or several.
  func add(_ request: HTTPRequest) -> HTTPResponse {
    let cases: [TestCase]
    do throws(Refusal) { cases = try self.cases(in: request) } catch { return error.response }
    do throws(StoreError) {
      switch try store.add(cases) {
      case .done: break
      case .taken(let id): return .problem(status: 409, detail: "there is a case \(id) already; PUT replaces it")
      case .full(let limit): return full(limit)
      case .missing: return .problem(status: 500, detail: "the store did not take the cases")
      }
    } catch {
      return .problem(error)
    }
    var response =
      isList(request, cases) ? HTTPResponse.json(TestCaseDocument.json(of: cases)) : .json(TestCaseDocument(cases[0]))
    response.status = 201
    if cases.count == 1 { response.headers.append(("location", "/testcases/\(cases[0].id)")) }
    return response
  }

  func replace(_ id: String, _ request: HTTPRequest) -> HTTPResponse {
    let testCase: TestCase
    do throws(Refusal) {
      let cases = try self.cases(in: request)
      guard cases.count == 1, cases[0].id == id else {
        let ids = cases.map(\.id).prefix(10).joined(separator: ", ")
        throw Refusal(status: 400, "expected one case with the id \(id), got \(ids)")
      }
      testCase = cases[0]
    } catch {
      return error.response
    }
    do throws(StoreError) {
      switch try store.replace(testCase) {
      case .done: return .json(TestCaseDocument(testCase))
      case .full(let limit): return full(limit)
      case .missing, .taken: return missing(id)
      }
    } catch {
      return .problem(error)
    }
  }

  func remove(_ id: String) -> HTTPResponse {
    do throws(StoreError) {
      return try store.remove(id: id) == .done ? HTTPResponse(status: 204) : missing(id)
    } catch {
      return .problem(error)
    }
  }

  /// Why a body was not taken.
  private struct Refusal: Error {
    let response: HTTPResponse

    init(status: Int, _ detail: String) { response = .problem(status: status, detail: detail) }

    init(_ faults: FileFaults) {
      response = HTTPResponse(
        status: 400, headers: [("content-type", "application/problem+json")], body: FaultList(faults).json)
    }
  }

  /// The names of bodies in faults. The first cannot be an id, so that a YAML case without one is told to have one.
  private static let (yamlName, jsonName) = ("the body", "the body.json")
  private static let yamlTypes: Set<String> = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"]

  private func cases(in request: HTTPRequest) throws(Refusal) -> [TestCase] {
    guard request.body.count <= CaseLimits.fileBytesMax else {
      throw Refusal(status: 413, "expected at most \(CaseLimits.fileBytesMax) bytes, got \(request.body.count)")
    }
    guard let text = String(validating: request.body, as: UTF8.self) else {
      throw Refusal(status: 400, "the body is not UTF-8 text")
    }
    let name = isYAML(request) ? Self.yamlName : Self.jsonName
    // A path in a case that comes from outside is no path here: it would tell what is on this machine's disk.
    switch TestCaseReader.read(
      text, file: name, flows: server.flows, flow: server.settings.caseFlow, recordingExists: { _ in false })
    {
    case .success(let cases) where !cases.isEmpty:
      if let testCase = cases.first(where: { !Self.canBeAsked(for: $0.id) }) {
        throw Refusal(
          status: 400, "the id \(testCase.id) cannot stand in a path: its parts between slashes need a name")
      }
      return cases.map { testCase in
        var testCase = testCase
        testCase.source = CaseSource(file: "", line: 0)
        return testCase
      }
    case .success: throw Refusal(status: 400, "the body has no case in it")
    case .failure(let faults): throw Refusal(faults)
    }
  }

  /// Paths are resolved before they come here: empty parts and dots are gone then.
  private static func canBeAsked(for id: String) -> Bool {
    id.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
  }

  private func isYAML(_ request: HTTPRequest) -> Bool {
    let type = request.headers["content-type"]?.prefix { $0 != ";" && $0 != " " } ?? ""
    return Self.yamlTypes.contains(type.lowercased())
  }

  /// What came as a list goes back as one.
  private func isList(_ request: HTTPRequest, _ cases: [TestCase]) -> Bool {
    let first = request.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return cases.count > 1 || (!isYAML(request) && first == UInt8(ascii: "["))
  }

  private func full(_ limit: String) -> HTTPResponse {
    .problem(status: 507, detail: "there is room for \(limit); delete one first")
  }

  private func missing(_ id: String) -> HTTPResponse { .problem(status: 404, detail: "there is no test case \(id)") }
}

/// What REST says about runs of test cases. Blocks: runs on the blocking pool.
struct TestRunController {
  let queue: TestRunQueue
  let shared: ResponseCache

  /// The newest runs in the predecessor's array.
  func list(_ request: HTTPRequest) -> HTTPResponse {
    let limit = request.queryValue("limit") ?? "10"
    guard let limit = Int(limit), (1...100).contains(limit) else {
      return .problem(status: 400, detail: "limit: expected 1 to 100, got \(limit)")
    }
    do throws(StoreError) {
      return .json(TestRunDocument.json(of: try queue.stores.runs.runs(limit: limit)))
    } catch {
      return .problem(error)
    }
  }

  func one(_ id: String) -> HTTPResponse {
    run(id) { .json(TestRunDocument($0, hasTranscript: true)) }
  }

  /// Progress or a report.
  func part(_ name: String, of id: String) -> HTTPResponse {
    switch name {
    case "progress": run(id) { .json(TestRunProgress($0, nowUnixMicroseconds: TestRunQueue.now)) }
    case "report": result(of: id, name, Self.page)
    case "report.json": result(of: id, name) { .json(JSONReport.bytes(of: $0)) }
    case "junit.xml":
      result(of: id, name) {
        HTTPResponse(status: 200, contentType: "application/xml; charset=utf-8", text: JUnitReport.text(of: $0))
      }
    default: .problem(status: 404, detail: "a run has progress, report, report.json and junit.xml, but no \(name)")
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

  private func run(_ id: String, _ answer: (TestRun) -> HTTPResponse) -> HTTPResponse {
    do throws(StoreError) {
      guard let run = try queue.stores.runs.run(id: id) else {
        return .problem(status: 404, detail: "there is no run \(id), or it is not kept any more")
      }
      return answer(run)
    } catch {
      return .problem(error)
    }
  }

  private func result(
    of id: String, _ name: String, _ answer: (SimulationRun) -> HTTPResponse
  ) -> HTTPResponse {
    // Before the run is looked up: it is over when its result is there, and might come to be over in between.
    if let result = queue.results[id] { return shared.response("\(name) of \(id)") { answer(result) } }
    return run(id) { run in
      run.status.isOver
        ? .problem(status: 410, detail: "the report of \(id) had to make room for newer ones; run the case again")
        : .later(1, status: 409, "the run \(id) is \(run.status.rawValue); its report comes when it is over")
    }
  }
}

extension HTTPResponse {
  /// 200 with JSON that is written already.
  static func json(_ bytes: [UInt8]) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [("content-type", "application/json")], body: bytes)
  }
}

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
