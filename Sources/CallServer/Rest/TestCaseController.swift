import CallCore
import CallDriver
import JSON
import Formats
import WebSockets

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
