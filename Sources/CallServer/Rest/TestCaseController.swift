import CallCore
import CallDriver
import Formats
import FoundationEssentials
import JSON
import Simulation
import WebSockets

/// What REST says about test cases. Blocks: runs on the blocking pool.
struct TestCaseController: RouteController {
  let request: RouteRequest
  private let store: any TestCaseStore

  init?(request: RouteRequest) {
    guard let queue = request.context.testRuns else { return nil }
    (self.request, store) = (request, queue.stores.cases)
  }

  /// All cases in the predecessor's array.
  func list() throws(StoreError) -> HTTPResponse { .json(JSONObject.array(try store.cases().map(JSONObject.testCase))) }

  func one() throws(StoreError) -> HTTPResponse {
    guard let testCase = try store.testCase(id: request[.testCase]) else { return missing(request[.testCase]) }
    return .json(.testCase(testCase))
  }

  /// Adds one case or several.
  func add() throws(StoreError) -> HTTPResponse {
    let cases: [TestCase]
    do throws(RouteError) { cases = try self.cases() } catch { return error.response }
    switch try store.add(cases) {
    case .done: break
    case .taken(let id): return .problem(status: 409, detail: "there is a case \(id) already; PUT replaces it")
    case .full(let limit): return full(limit)
    case .missing: return .problem(status: 500, detail: "the store did not take the cases")
    }
    let bytes = isList(cases) ? JSONObject.array(cases.map(JSONObject.testCase)) : JSONObject.testCase(cases[0]).json
    return .json(bytes, status: 201, location: cases.count == 1 ? "/testcases/\(cases[0].id)" : nil)
  }

  func replace() throws(StoreError) -> HTTPResponse {
    let id = request[.testCase]
    let testCase: TestCase
    do throws(RouteError) {
      let cases = try self.cases()
      guard cases.count == 1, cases[0].id == id else {
        let ids = cases.map(\.id).prefix(10).joined(separator: ", ")
        throw RouteError(400, "expected one case with the id \(id), got \(ids)")
      }
      testCase = cases[0]
    } catch {
      return error.response
    }
    return switch try store.replace(testCase) {
    case .done: .json(.testCase(testCase))
    case .full(let limit): full(limit)
    case .missing, .taken: missing(id)
    }
  }

  func remove() throws(StoreError) -> HTTPResponse {
    let id = request[.testCase]
    return try store.remove(id: id) == .done ? HTTPResponse(status: 204) : missing(id)
  }

  /// The names of bodies in faults. The first cannot be an id, so that a YAML case without one is told to have one.
  private static let (yamlName, jsonName) = ("the body", "the body.json")
  private static let yamlTypes: Set<String> = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"]

  private func cases() throws(RouteError) -> [TestCase] {
    let body = request.http.body
    guard body.count <= CaseLimits.fileBytesMax else {
      throw RouteError(413, "expected at most \(CaseLimits.fileBytesMax) bytes, got \(body.count)")
    }
    guard let text = String(validating: body, as: UTF8.self) else {
      throw RouteError(400, "the body is not UTF-8 text")
    }
    let name = isYAML ? Self.yamlName : Self.jsonName
    // A path in a case that comes from outside is no path here: it would tell what is on this machine's disk.
    switch TestCaseFileReader.read(
      text, file: name, flows: server.flows, flow: server.settings.defaultFlow, callers: server.settings.callers,
      recordingExists: { _ in false })
    {
    case .success(let cases) where !cases.isEmpty:
      if let testCase = cases.first(where: { !Self.canBeAsked(for: $0.id) }) {
        throw RouteError(
          400, "the id \(testCase.id) cannot stand in a path: its parts between slashes need a name")
      }
      return cases.map { testCase in
        var testCase = testCase
        testCase.source = CaseSource(file: "", line: 0)
        return testCase
      }
    case .success: throw RouteError(400, "the body has no case in it")
    case .failure(let faults): throw RouteError(.problem(faults))
    }
  }

  /// Paths are resolved before they come here: empty parts and dots are gone then.
  private static func canBeAsked(for id: String) -> Bool {
    id.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
  }

  private var isYAML: Bool {
    let type = request.http.headers["content-type"]?.prefix { $0 != ";" && $0 != " " } ?? ""
    return Self.yamlTypes.contains(type.lowercased())
  }

  /// What came as a list goes back as one.
  private func isList(_ cases: [TestCase]) -> Bool {
    let first = request.http.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return cases.count > 1 || (!isYAML && first == UInt8(ascii: "["))
  }

  private func full(_ limit: String) -> HTTPResponse {
    .problem(status: 507, detail: "there is room for \(limit); delete one first")
  }

  private func missing(_ id: String) -> HTTPResponse { .problem(status: 404, detail: "there is no test case \(id)") }
}
