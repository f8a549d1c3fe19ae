import CallCore
import CallDriver
import CallServer
import JSON
import Simulation
import Stores
import Testing
import WebSockets

extension ServerTests {
  @Suite("Test cases over REST")
  struct TestCaseTests {
    private static let old = """
      {"test_id": "calls/late", "persona": "Late.", "turns": [{"step_order": 1, "user_input": "What are your opening hours?",
       "expected_agent_response_keywords": ["monday"], "exact_match_required": false}]}
      """
    private static let yaml = """
      id: by-hand
      flow: appointment
      turns:
        - say: What are your opening hours?
          expect: {keywords: [Monday to Friday]}
      """

    let testServer: TestRunServer

    init() throws { testServer = try TestRunServer() }

    @Test("the list has the predecessor's shape and nothing else")
    func list() throws {
      let list = try testServer.ask("GET", "/testcases").json.list()
      #expect(list.count == (try TestRunServer.samples().count))
      for testCase in list {
        #expect(testCase.keys() == ["persona", "test_id", "turns"])
        let turns = testCase.list(at: "turns")
        #expect(turns.enumerated().allSatisfy { $0.element["step_order"]?.wholeNumber == Int64($0.offset + 1) })
        for turn in turns {
          let keys = ["exact_match_required", "expected_agent_response_keywords", "step_order", "user_input"]
          #expect(turn.keys() == keys)
        }
      }
    }

    @Test("a case in the old JSON is added, read, replaced and deleted; its id has a slash")
    func lifeOfACase() throws {
      let added = try testServer.ask("POST", "/testcases", Self.old)
      #expect(added.status == 201)
      #expect(added.headers["location"] == "/testcases/calls/late")
      #expect(added.json.text(at: "test_id") == "calls/late")
      #expect(try testServer.ask("GET", "/testcases/calls/late").json == added.json)
      #expect(try testServer.ask("GET", "/testcases/calls%2Flate").json == added.json)
      #expect(try testServer.ask("POST", "/testcases", Self.old).status == 409)
      let other = Self.old.replacing("Late.", with: "Early.")
      let replaced = try testServer.ask("PUT", "/testcases/calls/late", other)
      #expect(replaced.status == 200)
      #expect(try testServer.ask("GET", "/testcases/calls/late").json.text(at: "persona") == "Early.")
      #expect(try testServer.run("calls/late").text(at: "evaluation.status") == "pass")
      #expect(try testServer.ask("DELETE", "/testcases/calls/late").status == 204)
      #expect(try testServer.ask("DELETE", "/testcases/calls/late").status == 404)
      #expect(try testServer.ask("GET", "/testcases/calls/late").status == 404)
    }

    @Test("a list comes back as a list, and is added whole or not at all")
    func several() throws {
      let other = Self.old.replacing("calls/late", with: "other")
      let added = try testServer.ask("POST", "/testcases", "[\(Self.old), \(other)]")
      #expect(added.status == 201)
      #expect(added.json.list().compactMap { $0.text(at: "test_id") } == ["calls/late", "other"])
      let third = Self.old.replacing("calls/late", with: "third")
      #expect(try testServer.ask("POST", "/testcases", "[\(third), \(other)]").status == 409)
      #expect(try testServer.ask("GET", "/testcases/third").status == 404)
    }

    @Test("YAML is taken as what it is", arguments: ["application/yaml", "text/yaml; charset=utf-8"])
    func yaml(type: String) throws {
      let added = try testServer.ask("POST", "/testcases", Self.yaml, type: type)
      #expect(added.status == 201)
      #expect(added.json.text(at: "turns.0.expected_agent_response_keywords.0") == "Monday to Friday")
      #expect(try testServer.run("by-hand").text(at: "evaluation.status") == "pass")
    }

    @Test("what is wrong with YAML is said by line")
    func faults() throws {
      let broken = Self.yaml.replacing("expect:", with: "expct:")
      let answer = try testServer.ask("POST", "/testcases", broken, type: "text/yaml")
      #expect(answer.status == 400)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(answer.json.keys() == ["detail", "faults", "status", "title", "type"])
      #expect(answer.json.list(at: "faults").first?["line"] == .integer(5))
      #expect(answer.json.text(at: "faults.0.kind") == "unknown-key")
      #expect(answer.json.text(at: "faults.0.message")?.contains("did you mean `expect`") == true)
      #expect(answer.json.text(at: "detail")?.hasPrefix("the body:5:") == true)
    }

    static let badBodies: [(body: String, type: String, hint: String)] = [
      ("{", "application/json", "not JSON"), ("[]", "application/json", "no case"),
      (#"{"test_id": "x"}"#, "application/json", "turns"),
      (old.replacing("calls/late", with: "a//b"), "application/json", "cannot stand in a path"),
      (old.replacing("calls/late", with: "../b"), "application/json", "cannot stand in a path"),
      (
        old.replacing("\"persona\"", with: "\"flow\": \"none\", \"persona\""), "application/json", "none"
      ),
      (yaml.replacing("id: by-hand\n", with: ""), "text/yaml", "cannot be the id"),
      (
        yaml.replacing("say: What are your opening hours?", with: "play: /etc/passwd"), "text/yaml",
        "/etc/passwd"
      ),
    ]

    @Test("what is no case is refused, and nothing is kept", arguments: badBodies)
    func refused(_ body: String, type: String, hint: String) throws {
      let before = try testServer.ask("GET", "/testcases").json
      let answer = try testServer.ask("POST", "/testcases", body, type: type)
      #expect(answer.status == 400)
      #expect(answer.json.text(at: "detail")?.contains(hint) == true, "\(answer.json)")
      #expect(try testServer.ask("GET", "/testcases").json == before)
    }

    @Test("PUT replaces the case that the path names, and only what is there")
    func puttingElsewhere() throws {
      _ = try testServer.ask("POST", "/testcases", Self.old)
      #expect(try testServer.ask("PUT", "/testcases/other", Self.old).status == 400)
      let other = Self.old.replacing("calls/late", with: "other")
      #expect(try testServer.ask("PUT", "/testcases/other", other).status == 404)
      #expect(try testServer.ask("PUT", "/testcases/other", "[]").status == 400)
    }

    @Test("methods that there are not, are named; a page of another site changes nothing")
    func methods() throws {
      let list = try testServer.ask("DELETE", "/testcases")
      #expect(list.status == 405 && list.headers["allow"] == "GET, HEAD, POST")
      let one = try testServer.ask("POST", "/testcases/x", "{}")
      #expect(one.status == 405 && one.headers["allow"] == "GET, HEAD, PUT, DELETE")
      let foreign = [(name: "origin", value: "https://evil.example")]
      #expect(try testServer.ask("POST", "/testcases", Self.old, headers: foreign).status == 403)
      #expect(try testServer.ask("POST", "/test/run", #"{"test_id": "deaf"}"#, headers: foreign).status == 403)
      #expect(try testServer.ask("DELETE", "/testcases/deaf", headers: foreign).status == 403)
      #expect(try testServer.ask("GET", "/testcases/deaf").status == 200)
      let own = [(name: "origin", value: testServer.server.url)]
      #expect(try testServer.ask("POST", "/testcases", Self.old, headers: own).status == 201)
    }

    @Test("a full store refuses what is new and keeps what is there")
    func full() throws {
      let cases = MemoryTestCaseStore(entriesMax: 1)
      let testServer = try TestRunServer(cases: try Self.filled(cases))
      #expect(try testServer.ask("POST", "/testcases", Self.old).status == 507)
      #expect(try testServer.ask("GET", "/testcases").json.list().count == 1)
    }

    private static func filled(_ store: MemoryTestCaseStore) throws -> MemoryTestCaseStore {
      _ = try store.add(Array(try TestRunServer.samples().prefix(1)))
      return store
    }

    @Test("a store that does not answer is 503")
    func brokenStore() throws {
      let testServer = try TestRunServer(cases: BrokenCaseStore())
      for (method, path) in [
        ("GET", "/testcases"), ("GET", "/testcases/x"), ("DELETE", "/testcases/x"), ("POST", "/testcases"),
        ("PUT", "/testcases/calls/late"),
      ] {
        #expect(
          try testServer.ask(method, path, method.hasPrefix("P") ? Self.old : "").status == 503, "\(method) \(path)")
      }
      #expect(try testServer.ask("POST", "/test/run", #"{"test_id": "x"}"#).status == 503)
    }
  }
}
