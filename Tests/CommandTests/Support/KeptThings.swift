import JSON
import Foundation
import Testing

/// Makes one of everything that a server keeps, and reads it again.
struct KeptThings {
  let server: RunningServer
  /// Sent with every request; `nil` where there are no keys yet.
  var key: String?

  static let flow = """
    states:
      ask: {collect: words, as: text, ask: Version one?, next: bye}
      bye: {end: heard, say: Goodbye.}
    """
  static var changedFlow: String { flow.replacing("one", with: "two") }
  static let testCase =
    #"{"test_id":"mine","persona":"A patient.","turns":[{"step_order":1,"user_input":"Hello.","#
    + #""expected_agent_response_keywords":["which"],"exact_match_required":false}]}"#

  /// Asks with the key.
  /// - Returns: the status, and what follows the headers.
  func ask(
    _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: [UInt8] = []
  ) throws -> (status: Int, text: String) {
    var headers = headers
    if let key { headers["authorization"] = "Bearer \(key)" }
    let answer = try PlainRequest.send(method, path, headers, body, port: server.port)
    let start = answer.body.firstRange(of: "\r\n\r\n")?.upperBound
    return (answer.status, start.map { String(answer.body[$0...]) } ?? "")
  }

  func json(_ path: String) throws -> JSONValue { try JSONValue(parsing: ask("GET", path).text) }

  func waitForEngines() async throws {
    try await server.command.wait(.seconds(30), for: "the engines") {
      try server.get("/readyz").status == 200 ? true : nil
    }
  }

  /// A flow of nodes, a flow `greeting` with two versions, and a second one of a flow of the folder.
  func makeFlows() throws {
    #expect(try ask("POST", "/api/flows?name=greeting", [:], Array(Self.flow.utf8)).status == 201)
    let changed = try ask("PUT", "/api/flows/greeting", ["if-match": "\"1\""], Array(Self.changedFlow.utf8))
    #expect(changed.status == 200)
    let drawn = try ask("POST", "/api/agent-flows", [:], Array(#"{"name":"Zoë's desk"}"#.utf8))
    let id = try #require(try JSONValue(parsing: drawn.text).text(at: "id"))
    let nodes = #"{"nodes":[{"type":"end_call","position":{"x":1,"y":2},"data":{"message":"Goodbye."}}]}"#
    #expect(try ask("POST", "/api/agent-flows/\(id)/nodes", [:], Array(nodes.utf8)).status == 200)
    let own = try ask("GET", "/api/flows/support-triage/text").text + "\n# Changed.\n"
    #expect(try ask("PUT", "/api/flows/support-triage", ["if-match": "\"1\""], Array(own.utf8)).status == 200)
  }

  /// A voice matched to a recording that comes with the engines.
  /// - Returns: its id.
  func makeVoice() throws -> String {
    let folder = URL(filePath: TwoCities.path).deletingLastPathComponent()
    let recording = try Scratch.bytes(of: folder.appending(path: "beckett.wav").path())
    let form =
      Array("--b\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nAnn\r\n".utf8)
      + Array("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n".utf8)
      + recording + Array("\r\n--b--\r\n".utf8)
    let made = try ask("POST", "/api/clone-voice", ["content-type": "multipart/form-data; boundary=b"], form)
    #expect(made.status == 201, "\(made.text)")
    return try #require(try JSONValue(parsing: made.text).text(at: "id"))
  }

  /// A case, and runs of it.
  func makeTests(runs: Int = 1) throws {
    let type = ["content-type": "application/json"]
    #expect(try ask("POST", "/testcases", type, Array(Self.testCase.utf8)).status == 201)
    for _ in 0..<runs {
      let run = try ask("POST", "/test/run", type, Array(#"{"test_id":"mine","sound":false}"#.utf8))
      #expect(run.status == 200, "\(run.text)")
    }
  }

  /// Places a call and waits until it is in the list.
  func makeCall(_ arguments: String..., number: Int = 1) async throws {
    let called = try await Command(
      ["call", "--target", server.callURL] + arguments, environment: key.map { ["VOICEFORGE_KEY": $0] } ?? [:]
    ).end(within: .seconds(60))
    #expect(called.status == 0, "\(called.errors)")
    try await server.command.wait(.seconds(10), for: "the call in the list") {
      try json("/api/calls").list("calls").count == number ? true : nil
    }
  }

  /// Makes a key with these scopes.
  /// - Returns: its id and its text.
  func makeKey(_ scopes: String...) throws -> (id: String, key: String) {
    let list = scopes.map { "\"\($0)\"" }.joined(separator: ",")
    let made = try ask(
      "POST", "/api/keys", ["content-type": "application/json"],
      Array(#"{"name":"Zoë's '; DROP TABLE voiceforge_keys; --","scopes":[\#(list)]}"#.utf8))
    let document = try JSONValue(parsing: made.text)
    return (try #require(document.text(at: "id")), try #require(document.text(at: "key")))
  }

  /// Every path of REST that says something about what is kept, with its answer.
  func everything() throws -> [String: String] {
    var paths = [
      "/api/calls", "/testcases", "/testruns?limit=100", "/api/flows", "/api/cloned-voices", "/api/voices",
      "/api/usage",
      "/api/flows/greeting/versions", "/api/flows/greeting/text", "/api/flows/greeting/text?version=1",
      "/api/flows/support-triage/versions", "/api/flows/support-triage/text",
    ]
    for call in try json("/api/calls").list("calls") {
      let id = try #require(call.text(at: "id"))
      paths += ["/api/calls/\(id)", "/api/calls/\(id)/recording"]
    }
    guard case .array(let runs) = try json("/testruns?limit=100") else { return [:] }
    for run in runs {
      paths.append("/testruns/\(try #require(run.text(at: "run_id")))")
    }
    var answers: [String: String] = [:]
    for path in paths {
      let answer = try ask("GET", path)
      #expect(answer.status == 200, "\(path): \(answer.text)")
      answers[path] = answer.text
    }
    return answers
  }
}
