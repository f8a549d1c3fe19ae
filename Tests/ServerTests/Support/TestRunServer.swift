import CallClient
import CallCore
import CallDriver
import CallServer
import JSON
import Formats
import Foundation
import Simulation
import Stores
import WebSockets

/// A server with test cases: the samples that need no recording, and what a test adds.
final class TestRunServer: Sendable {
  let server: TestServer
  let runs: any TestRunStore

  init(
    engines: any SpeechEngines = TestEngines.catalog, cases: any TestCaseStore = MemoryTestCaseStore(),
    runs: any TestRunStore = MemoryTestRunStore(), flows: FlowLibrary? = nil, keys: (any KeyStore)? = nil,
    model: any LanguageModel = AbsentLanguageModel(), generator: (any LoadGenerator)? = nil, waits: Bool = true,
    _ adjust: (inout ServerSettings) -> Void = { _ in }
  ) throws {
    let stores = TestStores(cases: cases, runs: runs) { path throws(CallFailure) in
      throw .callerEngine("there is no recording \(path)")
    }
    if cases.usage.entries == 0, cases is MemoryTestCaseStore { _ = try cases.add(try Self.samples()) }
    self.runs = runs
    server = try TestServer(
      engines: engines, flows: flows, tests: stores, keys: keys, model: model, generator: generator, waits: waits,
      adjust)
  }

  /// The cases of the samples, as `voiceforge serve` reads them.
  static func samples() throws -> [TestCase] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Samples/testcases")
    let files = try ["appointment.yaml", "must-fail.yaml", "predecessor.json"].map { name in
      (file: name, text: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
    }
    return try TestCaseFileReader.readAll(
      files, flows: TestFlows.library(), flow: "appointment", recordingExists: { _ in true }
    ).get()
  }

  /// Asks, and reads the answer as JSON.
  func ask(
    _ method: String, _ path: String, _ body: String = "", type: String = "application/json",
    headers: [(name: String, value: String)] = []
  ) throws -> (status: Int, json: JSONValue, headers: [String: String]) {
    let answer = try server.ask(path, method: method, headers: [("content-type", type)] + headers, body: body)
    return (answer.status, answer.body.isEmpty ? .null : try JSONValue(parsing: answer.body), answer.headers)
  }

  /// Runs a case and waits for its end.
  func run(_ id: String, _ more: String = #","sound":false"#) throws -> JSONValue {
    try ask("POST", "/test/run", #"{"test_id":"\#(id)"\#(more)}"#).json
  }
}

extension JSONValue {
  /// Names of the members of the object at `path`, sorted.
  func keys(at path: String = "") -> [String] {
    guard case .object(let members)? = value(at: path) else { return [] }
    return members.keys.sorted()
  }

  /// The list at `path`; empty where there is none.
  func list(at path: String = "") -> [JSONValue] {
    guard case .array(let elements)? = value(at: path) else { return [] }
    return elements
  }
}
