import CallCore
import CallServer
import JSON
import Formats
import Testing
import TestSupport
import WebSockets

extension ServerTests {
  @Suite("Load tests over REST")
  struct LoadTestServiceTests {
    let generator = ScriptedGenerator()

    func server(_ adjust: (inout ServerSettings) -> Void = { _ in }) throws -> TestRunServer {
      try TestRunServer(generator: generator) { settings in
        settings.allowsLoad = true
        adjust(&settings)
      }
    }

    func begin(_ testServer: TestRunServer, _ body: String = #"{"calls": 5}"#) throws -> String {
      let answer = try testServer.ask("POST", "/api/load", body)
      #expect(answer.status == 202, "\(answer.json)")
      return try #require(answer.json.text(at: "id"))
    }

    @Test("without the setting nothing is started, and the answers name it")
    func notAllowed() throws {
      let testServer = try TestRunServer(generator: generator)
      let answer = try testServer.ask("POST", "/api/load", #"{"calls": 5}"#)
      #expect(answer.status == 403)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(answer.json.text(at: "detail")?.contains("VOICEFORGE_ALLOW_LOAD=true") == true)
      let list = try testServer.ask("GET", "/api/load").json
      #expect(list["allowed"] == .bool(false))
      #expect(list.text(at: "setting") == "VOICEFORGE_ALLOW_LOAD")
      #expect(list.list(at: "runs").isEmpty)
      #expect(generator.begun.current.isEmpty)
    }

    @Test("a run from its start to its report")
    func wholeRun() throws {
      let testServer = try server()
      let body = """
        {"calls": 7, "ramp": "2/s", "hold": "9s", "cases": [{"id": "appointment_hours", "weight": 3}], "thresholds": ["a<1"], "seed": 4}
        """
      let answer = try testServer.ask("POST", "/api/load", body)
      #expect(answer.status == 202)
      let id = try #require(answer.json.text(at: "id"))
      #expect(answer.headers["location"] == "/api/load/\(id)")
      #expect(answer.json.text(at: "state") == "preparing")
      var cancellation = LoadRequest(calls: 7)
      (cancellation.ramp, cancellation.hold, cancellation.thresholds, cancellation.seed) = ("2/s", "9s", ["a<1"], 4)
      cancellation.cases = [LoadRequest.Case(id: "appointment_hours", weight: 3)]
      #expect(generator.begun.current.first?.request == cancellation)
      #expect(generator.begun.current.first?.target == testServer.server.callURL)
      let list = try testServer.ask("GET", "/api/load").json
      #expect(list.text(at: "running") == id)
      #expect(list.list(at: "usualThresholds") == [.string("failed==0")])
      #expect(list.text(at: "usualThresholdParts.0.figure") == "failed")
      // Those of the request, not the usual ones.
      #expect(answer.json.list(at: "thresholds").map { $0.text(at: "text") } == ["a<1"])
      #expect(answer.json.value(at: "thresholds.0.limit")?.wholeNumber == 1200)
      #expect(try testServer.ask("GET", "/api/load/\(id)/report").status == 409)

      generator.tell(seconds: 0..<5)
      let first = try testServer.ask("GET", "/api/load/\(id)").json
      #expect(first.text(at: "state") == "running")
      #expect(first.list(at: "seconds").map { $0["atMs"] } == (1...5).map { .integer($0 * 1000) })
      #expect(first.value(at: "seconds.3.serverCores") == .number(0.42))
      #expect(first.value(at: "seconds.3.p95Ms") == .null)
      generator.tell(seconds: 5..<6)
      let next = try testServer.ask("GET", "/api/load/\(id)?since=5").json
      #expect(next["next"] == .integer(6) && next.list(at: "seconds").count == 1)
      #expect(try testServer.ask("GET", "/api/load/\(id)?since=99").json.list(at: "seconds").isEmpty)
      #expect(try testServer.ask("GET", "/api/load/\(id)?since=-1").status == 400)

      generator.tell(.result(.object(["verdict": .string("passed"), "calls": .object(["offered": .integer(7)])])))
      generator.tell(.page("<!doctype html>"))
      generator.end()
      let last = try testServer.ask("GET", "/api/load/\(id)?since=6").json
      #expect(last.text(at: "state") == "done")
      #expect(last["problem"] == nil && last["hasReport"] == .bool(true))
      #expect(last.value(at: "result.calls.offered") == .integer(7))
      let report = try testServer.server.ask("/api/load/\(id)/report")
      #expect(report.status == 200 && report.headers["content-type"]?.hasPrefix("text/html") == true)
      #expect(report.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'")
      #expect(String(decoding: report.body, as: UTF8.self) == "<!doctype html>")
      #expect(try testServer.ask("GET", "/api/load").json["running"] == nil)
      #expect(try testServer.ask("DELETE", "/api/load/\(id)").status == 200)
    }

    static let badRequests: [(body: String, status: Int, hint: String)] = [
      ("{", 400, "not JSON"), ("[]", 422, "load: expected an object"), ("{}", 422, "load.calls"),
      (#"{"calls": 0}"#, 422, "1 to 1000"), (#"{"calls": 1001}"#, 422, "1 to 1000"),
      (#"{"calls": 2, "generators": 3}"#, 422, "3 to 3000"), (#"{"calls": 5, "generators": 0}"#, 422, "1 to 100"),
      (#"{"calls": 30001, "generators": 100}"#, 422, "100 to 30000"),
      (#"{"calls": 5, "generators": 101}"#, 422, "1 to 100"),
      (#"{"calls": 5, "generators": "two"}"#, 422, "generators"),
      (#"{"calls": 5, "hold": 60}"#, 422, "load.hold: expected a text"),
      (#"{"calls": 5, "plan": "spiral"}"#, 422, "load.plan: there is no plan spiral; held for at most 3600 s"),
      (#"{"calls": 5, "cases": [{"id": "nobody"}]}"#, 422, "there is no test case nobody"),
      (#"{"calls": 5, "cases": [{"id": "appointment_hours", "weight": 0}]}"#, 422, "weight"),
      (#"{"calls": 5, "cases": ["appointment_hours"]}"#, 422, "expected an object"),
      (#"{"calls": 5, "thresholds": "failed==0"}"#, 422, "a list of texts"),
      (#"{"calls": 5, "thresholds": [7]}"#, 422, "a list of texts"), (#"{"calls": 5, "seed": -1}"#, 422, "seed"),
      (#"{"calls": 5, "ramp": "\#(String(repeating: "9", count: 121))"}"#, 422, "at most 120 characters"),
      (#"{"calls": 5, "plan": "\#(String(repeating: "x", count: 70_000))"}"#, 413, "65536"),
    ]

    @Test("what cannot be run is refused with the member's name, and nothing is started")
    func refused() throws {
      let testServer = try server()
      for (body, status, hint) in Self.badRequests {
        let answer = try testServer.ask("POST", "/api/load", body)
        #expect(answer.status == status, "\(body.prefix(60)): \(answer.json)")
        #expect(answer.json.text(at: "detail")?.contains(hint) == true, "\(answer.json)")
      }
      #expect(generator.begun.current.isEmpty)
    }

    @Test("a case that came over REST is no case of a load: the generator does not know it")
    func strangeCase() throws {
      let testServer = try server()
      let testCase = """
        {"test_id": "mine", "persona": "x", "turns": [{"step_order": 1, "user_input": "hours", "expected_agent_response_keywords": ["monday"],
        "exact_match_required": false}]}
        """
      #expect(try testServer.ask("POST", "/testcases", testCase).status == 201)
      let answer = try testServer.ask("POST", "/api/load", #"{"calls": 5, "cases": [{"id": "mine"}]}"#)
      #expect(answer.status == 422)
      #expect(answer.json.text(at: "detail")?.contains("mine came over REST") == true)
    }

    @Test("one at a time: the second is told which one goes on, and begins when that is over")
    func busy() throws {
      let testServer = try server()
      let id = try begin(testServer)
      let answer = try testServer.ask("POST", "/api/load", #"{"calls": 5}"#)
      #expect(answer.status == 409)
      #expect(answer.json.text(at: "detail")?.contains(id) == true)
      #expect(answer.headers["location"] == "/api/load/\(id)")
      generator.end(problem: "it fell over")
      let run = try testServer.ask("GET", "/api/load/\(id)").json
      #expect(run.text(at: "state") == "failed")
      #expect(run.text(at: "problem") == "it fell over")
      #expect(try testServer.ask("GET", "/api/load/\(id)/report").status == 404)
      _ = try begin(testServer)
    }

    @Test("generators on other machines are told of while they are waited for; without them nothing is")
    func gathering() throws {
      let testServer = try server()
      let list = try testServer.ask("GET", "/api/load").json
      #expect(list.text(at: "sharedTarget") == "ws://lb.example:8080/v1/call")
      #expect(list.value(at: "limits.generatorsMax") == .integer(100))
      let id = try begin(testServer, #"{"calls": 2000, "generators": 2}"#)
      #expect(generator.begun.current.first?.request.generators == 2)
      generator.tell(.generators(LoadGathering(wanted: 2, joined: 1, ready: 0)))
      let run = try testServer.ask("GET", "/api/load/\(id)").json
      #expect(run.text(at: "state") == "preparing")
      #expect(run.value(at: "gathering.joined") == .integer(1) && run.value(at: "gathering.wanted") == .integer(2))
      #expect(run.value(at: "request.generators") == .integer(2))
      generator.end()
      let alone = try begin(testServer)
      let other = try testServer.ask("GET", "/api/load/\(alone)").json
      #expect(other.value(at: "gathering") == .null && other.value(at: "request.generators") == .null)
    }

    @Test("a run that is stopped tells what it found until then")
    func stopped() throws {
      let testServer = try server()
      let id = try begin(testServer)
      generator.tell(seconds: 0..<1)
      let answer = try testServer.ask("DELETE", "/api/load/\(id)")
      #expect(answer.status == 202)
      #expect(answer.json.text(at: "state") == "stopping")
      #expect(generator.begun.current.first?.stops == 1)
      generator.tell(.result(.object(["ending": .string("stopped")])))
      generator.end()
      let run = try testServer.ask("GET", "/api/load/\(id)").json
      #expect(run.text(at: "state") == "stopped")
      #expect(run.text(at: "result.ending") == "stopped")
    }

    @Test("a generator that cannot be started is said to be broken, and the next one may begin")
    func broken() throws {
      let broken = ScriptedGenerator(trouble: "no process: too many")
      let testServer = try TestRunServer(generator: broken) { $0.allowsLoad = true }
      for _ in 0..<2 {
        let answer = try testServer.ask("POST", "/api/load", #"{"calls": 5}"#)
        #expect(answer.status == 500)
        #expect(answer.json.text(at: "detail") == "no process: too many")
      }
      #expect(try testServer.ask("GET", "/api/load").json.text(at: "runs.0.state") == "failed")
    }

    @Test("runs, seconds, answers and reports are bounded")
    func bounds() throws {
      let testServer = try server { settings in
        settings.loads.runsMax = 3
        settings.loads.secondsMax = 8
        settings.loads.secondsPerAnswer = 5
        settings.loads.reportBytesMax = 10
      }
      let ids = try (0..<4).map { _ in
        let id = try begin(testServer)
        generator.tell(seconds: 0..<20)
        generator.tell(.page("eleven byte"))
        generator.end()
        return id
      }
      let list = try testServer.ask("GET", "/api/load").json
      #expect(list.list(at: "runs").compactMap { $0.text(at: "id") } == ids.suffix(3).reversed())
      #expect(list.value(at: "runs.0.seconds") == nil)
      #expect(try testServer.ask("GET", "/api/load/\(ids[0])").status == 404)
      let run = try testServer.ask("GET", "/api/load/\(ids[3])").json
      #expect(run["secondsCount"] == .integer(8) && run["next"] == .integer(5))
      #expect(try testServer.ask("GET", "/api/load/\(ids[3])?since=5").json.list(at: "seconds").count == 3)
      #expect(run["hasReport"] == .bool(false))
    }

    @Test("a server that stops ends the generator first")
    func serverStops() throws {
      let testServer = try server()
      _ = try begin(testServer)
      testServer.server.server.stop()
      #expect(generator.begun.current.first?.ends == 1)
    }

    @Test("paths and methods that there are not, and pages of other origins")
    func missing() throws {
      let testServer = try server()
      for path in ["/api/load/x", "/api/load/x/report", "/api/load/x/poem", "/api/load/x/y/z"] {
        #expect(try testServer.ask("GET", path).status == 404, "\(path)")
      }
      for (method, path) in [("PUT", "/api/load"), ("POST", "/api/load/x"), ("DELETE", "/api/load/x/report")] {
        #expect(try testServer.ask(method, path, "{}").status == 405, "\(method) \(path)")
      }
      #expect(try testServer.ask("DELETE", "/api/load/x").status == 404)
      let origin = [(name: "origin", value: "https://elsewhere.example")]
      #expect(try testServer.ask("POST", "/api/load", #"{"calls": 5}"#, headers: origin).status == 403)
      #expect(generator.begun.current.isEmpty)
    }
  }
}
