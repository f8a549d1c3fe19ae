import TestSupport
import CallCore
import CallDriver
import CallServer
import JSON
import Formats
import Dispatch
import Simulation
import Stores
import Testing
import WebSockets
import Threads

extension ServerTests {
  @Suite("Runs of test cases over REST")
  struct TestRunTests {
    /// For tests that only add runs.
    private static let shared = Result { try TestRunServer() }

    static let listKeys = [
      "created_at", "evaluation", "mode", "provider", "provider_call_id", "run_id", "status", "test_id", "updated_at",
    ]

    @Test("a run with sound passes, and everything that is asked of it afterwards has the predecessor's shape")
    func spokenRun() throws {
      let testServer = try Self.shared.get()
      let answer = try testServer.run("appointment_hours", "")
      #expect(answer.keys() == ["evaluation", "provider_call_id", "run_id", "status"])
      #expect(answer.text(at: "status") == "completed")
      #expect(answer.text(at: "evaluation.status") == "pass")
      #expect(answer.keys(at: "evaluation") == ["sentiment_summary", "status", "zipper_report"])
      let report = try #require(answer.value(at: "evaluation.zipper_report"))
      #expect(
        report.keys() == ["failures", "findings", "judged", "metrics", "overall_passed", "similarities", "steps"])
      #expect(report["overall_passed"] == .bool(true))
      #expect(report.list(at: "failures").isEmpty)
      #expect(report["metrics"]?["coverage"] == .number(1))
      #expect(report["metrics"]?["user_deviation_detected"] == .bool(false))
      #expect(report.text(at: "steps.0.expected_user_input") == "What are your opening hours?")
      #expect(report.text(at: "steps.0.agent_response")?.isEmpty == false)
      #expect(answer.text(at: "evaluation.sentiment_summary")?.hasPrefix("not assessed; latency p50 ") == true)

      let id = try #require(answer.text(at: "run_id"))
      let run = try testServer.ask("GET", "/testruns/\(id)").json
      #expect(run.keys() == (Self.listKeys + ["transcript"]).sorted())
      #expect(run["evaluation"] == answer["evaluation"])
      let lines = run.list(at: "transcript")
      #expect(lines.allSatisfy { $0.keys() == ["speaker", "step_order", "text", "timestamp"] })
      #expect(lines.first?.text(at: "speaker") == "agent")
      #expect(lines.first?["step_order"] == .integer(0))
      #expect(lines.contains { $0.text(at: "speaker") == "user" && $0["step_order"] == .integer(1) })
      let times = lines.compactMap { $0.text(at: "timestamp") }
      #expect(times == times.sorted() && times.count == lines.count)
      try checkReports(of: id, at: testServer)
    }

    @Test("a case that is left to a language model is invalid, and says where it can be judged")
    func judged() throws {
      let text =
        "flow: appointment\nid: judged\nturns: [What are your opening hours?]\nexpect: {judged: names the hours}\n"
      let cases = MemoryTestCaseStore()
      _ = try cases.add(TestCaseFileReader.read(text, file: "x.yaml") { _ in true }.get())
      let answer = try TestRunServer(cases: cases).run("judged")
      #expect(answer.text(at: "status") == "completed")
      #expect(answer["evaluation"]?["zipper_report"]?["overall_passed"] == .bool(false))
      let failures = answer.list(at: "evaluation.zipper_report.failures").map { "\($0)" }.joined()
      #expect(
        failures.contains("no language model judges here; run the case with voiceforge simulate --llm"), "\(answer)")
      #expect(answer.text(at: "evaluation.zipper_report.judged.0.outcome") == "not-asked")
      #expect(answer.text(at: "evaluation.sentiment_summary")?.contains("the run is invalid") == true)
    }

    private func checkReports(of id: String, at testServer: TestRunServer) throws {
      let page = try testServer.server.ask("/testruns/\(id)/report")
      #expect(page.status == 200)
      #expect(page.headers["content-type"]?.hasPrefix("text/html") == true)
      let policy = try #require(page.headers["content-security-policy"])
      for part in ["default-src 'none'", "script-src 'sha256-", "style-src 'sha256-", "media-src data:"] {
        #expect(policy.contains(part), "\(part)")
      }
      #expect(page.headers["x-frame-options"] == "sameorigin")
      let html = String(decoding: page.body, as: UTF8.self)
      #expect(html.hasPrefix("<!doctype html>"))
      #expect(html.contains("data:audio/wav"), "the call can be heard")
      let json = try testServer.ask("GET", "/testruns/\(id)/report.json").json
      #expect(json["counts"]?["passed"] == .integer(1))
      #expect(json.text(at: "mode") == "virtual")
      let junit = try testServer.server.ask("/testruns/\(id)/junit.xml")
      #expect(junit.headers["content-type"]?.hasPrefix("application/xml") == true)
      #expect(String(decoding: junit.body, as: UTF8.self).contains("<testsuite "))
      #expect(try testServer.ask("GET", "/testruns/\(id)/poem").status == 404)
      let progress = try testServer.ask("GET", "/testruns/\(id)/progress").json
      #expect(progress.keys() == ["elapsed_ms", "run_id", "status", "turns_all", "turns_done"])
      #expect(progress.text(at: "status") == "completed")
      #expect(progress["turns_done"] == progress["turns_all"])
    }

    @Test("the list is newest first and as long as asked for")
    func list() throws {
      let testServer = try TestRunServer()
      let ids = try (0..<12).map { _ in try testServer.run("appointment_hours").text(at: "run_id") ?? "none" }
      let usual = try testServer.ask("GET", "/testruns").json.list()
      #expect(usual.compactMap { $0.text(at: "run_id") } == Array(ids.reversed().prefix(10)))
      #expect(usual.allSatisfy { $0.keys() == Self.listKeys })
      #expect(try testServer.ask("GET", "/testruns?limit=100").json.list().count == 12)
      #expect(try testServer.ask("GET", "/testruns?limit=1").json.text(at: "0.run_id") == ids.last)
      for limit in ["0", "101", "many", "-1"] {
        #expect(try testServer.ask("GET", "/testruns?limit=\(limit)").status == 400, "\(limit)")
      }
    }

    static let badRuns: [(body: String, status: Int, hint: String)] = [
      (#"{"test_id": "nobody"}"#, 404, "nobody"), ("{", 400, "not JSON"), ("[]", 400, "object"), ("{}", 400, "test_id"),
      (#"{"test_id": "deaf", "mode": "dead"}"#, 400, "mode"),
      (#"{"test_id": "deaf", "mode": "live"}"#, 400, "to_number"),
      (#"{"test_id": "deaf", "mode": "live", "to_number": ""}"#, 400, "to_number"),
      (#"{"test_id": "deaf", "mode": "live", "to_number": "+15550100"}"#, 501, "telephone calls are off"),
      (#"{"test_id": "deaf", "metadata": 7}"#, 400, "metadata"), (#"{"test_id": "deaf", "wait": 7}"#, 400, "wait"),
      (#"{"test_id": "deaf", "seed": -1}"#, 400, "seed"),
    ]

    @Test("what cannot be run is refused, and no run is kept", arguments: badRuns)
    func refused(_ body: String, status: Int, hint: String) throws {
      let testServer = try Self.shared.get()
      let before = testServer.runs.usage
      let answer = try testServer.ask("POST", "/test/run", body)
      #expect(answer.status == status)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(answer.json.text(at: "detail")?.contains(hint) == true, "\(answer.json)")
      #expect(testServer.runs.usage == before)
    }

    @Test("paths and methods that there are not")
    func missing() throws {
      let testServer = try Self.shared.get()
      for path in [
        "/testruns/x", "/testruns/x/progress", "/testruns/x/report", "/testruns/x/y/z", "/test", "/test/walk",
      ] {
        #expect(try testServer.ask("GET", path).status == 404, "\(path)")
      }
      #expect(try testServer.ask("GET", "/test/run").headers["allow"] == "POST")
      #expect(try testServer.ask("DELETE", "/testruns/x").headers["allow"] == "GET, HEAD")
      #expect(try TestServer.shared.get().ask("/testcases").status == 404, "a server without cases")
    }

    @Test("metadata of every kind is kept with the run")
    func metadata() throws {
      let testServer = try Self.shared.get()
      let more =
        #","sound":false,"provider":"vonage","from_number":"+1","metadata":{"build":7,"by":"ann","tags":["a",{"b":null}]}"#
      let answer = try testServer.run("appointment_hours", more)
      let id = try #require(answer.text(at: "run_id"))
      let run = try #require(try testServer.runs.run(id: id))
      #expect(run.metadata == ["build": "7", "by": "ann", "tags": #"["a",{"b":null}]"#])
      #expect(run.provider == "vonage")
    }

    @Test(
      "an agent that is bad on purpose: the zipper report fails for its own reason, and the case passes for it",
      arguments: [("deaf", "understood"), ("silent", "reply"), ("echoing", "echo"), ("parroting", "own-words")])
    func mustFail(id: String, reason: String) throws {
      let answer = try Self.shared.get().run(id, "")
      let evaluation = try #require(answer["evaluation"])
      let report = try #require(evaluation["zipper_report"])
      #expect(report["overall_passed"] == .bool(false))
      let first = try #require(report.text(at: "failures.0"))
      #expect(first.contains("\(reason): expected "), "\(first)")
      #expect(report.value(at: "metrics.first_failure_step") != .null)
      #expect(report.list(at: "steps").contains { $0["passed"] == .bool(false) })
      #expect(evaluation.text(at: "status") == "pass")
      #expect(
        evaluation.text(at: "sentiment_summary")?.hasSuffix("the agent has to fail by \(reason), and did") == true)
    }

    @Test("the same deaf agent fails a case that does not ask for it; what was not reached counts")
    func failing() throws {
      let testServer = try TestRunServer()
      let body = """
        id: deaf-agent
        agent: {flow: appointment, fault: deaf}
        caller: {patience: 2s}
        turns:
          - say: I would like to book an appointment.
            expect: {keywords: [which day], state: day}
          - say: Tomorrow, please.
            expect: {keywords: [what time]}
          - say: Half past three.
        """
      #expect(try testServer.ask("POST", "/testcases", body, type: "text/yaml").status == 201)
      let answer = try testServer.run("deaf-agent", "")
      #expect(answer.text(at: "status") == "completed")
      #expect(answer.text(at: "evaluation.status") == "fail")
      let metrics = try #require(answer.value(at: "evaluation.zipper_report.metrics"))
      #expect(metrics["total_steps"] == .integer(3))
      #expect(metrics["first_failure_step"] == .integer(1))
      let reached = answer.list(at: "evaluation.zipper_report.steps").filter {
        $0.text(at: "actual_user_input")?.isEmpty == false
      }
      guard case .number(let coverage)? = metrics["coverage"] else {
        Issue.record("coverage is no number with decimals: \(metrics)")
        return
      }
      #expect(abs(coverage - Double(reached.count) / 3) < 0.001, "of the steps that are written")
      let failures = answer.list(at: "evaluation.zipper_report.failures")
      let findings = answer.list(at: "evaluation.zipper_report.findings")
      #expect(findings.count == failures.count)
      for (failure, finding) in zip(failures, findings) {
        #expect(finding.keys() == ["invalid", "kind", "text", "turn"])
        let place = finding["turn"]?.wholeNumber.map { "turn \($0), " } ?? ""
        let kind = try #require(finding.text(at: "kind"))
        #expect(failure == .string("\(place)\(kind): \(try #require(finding.text(at: "text")))"))
      }
      #expect(findings.first?["turn"] == .integer(1) && findings.first?["invalid"] == .bool(false))
      let step = try #require(answer.value(at: "evaluation.zipper_report.steps.0"))
      #expect(step.list(at: "findings").first == findings.first)
      #expect(step.text(at: "details")?.hasPrefix("turn 1, ") == true)
    }

    @Test("many at once: each gets its own answer, and all are kept")
    func concurrentRuns() throws {
      let testServer = try TestRunServer()
      let ids = Locked<[String: String]>([:])
      DispatchQueue.concurrentPerform(iterations: 16) { index in
        let testCase = index.isMultiple(of: 2) ? "appointment_hours" : "silent"
        do {
          let answer = try testServer.run(testCase)
          #expect(answer.text(at: "status") == "completed")
          let id = try #require(answer.text(at: "run_id"))
          ids.withLock { $0[id] = testCase }
        } catch {
          Issue.record(error)
        }
      }
      let runs = try testServer.ask("GET", "/testruns?limit=100").json.list()
      #expect(runs.count == 16)
      for run in runs {
        #expect(run.text(at: "test_id") == ids.withLock { $0[run.text(at: "run_id") ?? ""] })
      }
    }

    @Test("without waiting: the answer comes at once, and the run can be watched to its end")
    func notWaiting() throws {
      let testServer = try Self.shared.get()
      let answer = try testServer.run("appointment_hours", #","wait":false"#)
      #expect(answer.text(at: "status") == "running")
      #expect(answer.value(at: "evaluation") == .null)
      let id = try #require(answer.text(at: "run_id"))
      let isCompleted = try eventually {
        let progress = try testServer.ask("GET", "/testruns/\(id)/progress").json
        if progress.text(at: "status") == "completed" { return true }
        #expect(["queued", "running"].contains(progress.text(at: "status")))
        return false
      }
      #expect(isCompleted)
      #expect(try testServer.ask("GET", "/testruns/\(id)").json.text(at: "evaluation.status") == "pass")
    }

    @Test("while a run goes on, its progress counts the turns that are over", arguments: [true, false])
    func turnByTurn(hasSound: Bool) throws {
      // The agent's question after the third turn: the call stands still until it is spoken.
      let mouth = try HeldSynthesizer(start: "You said")
      let runs = CountedRuns()
      let testServer = try TestRunServer(engines: EngineDouble(synthesizer: mouth), runs: runs)
      mouth.isHeld.change { $0 = hasSound }
      defer { mouth.isHeld.change { $0 = false } }
      let answer = try testServer.run("appointment_booking", #","wait":false,"sound":\#(hasSound)"#)
      let id = try #require(answer.text(at: "run_id"))
      if hasSound {
        func progress() throws -> JSONValue { try testServer.ask("GET", "/testruns/\(id)/progress").json }
        #expect(try eventually { try progress()["turns_done"] == .integer(2) })
        #expect(try progress().text(at: "status") == "running")
        #expect(try progress()["turns_all"] == .integer(6))
        mouth.isHeld.change { $0 = false }
      }
      #expect(
        try eventually {
          try testServer.ask("GET", "/testruns/\(id)/progress").json.text(at: "status") == "completed"
        })
      #expect(runs.turnsDone.current == [0, 0, 0, 1, 2, 3, 4, 5, 6], "queued, begun, each turn, over")
    }

    @Test("a full queue refuses; what waits is done later; the report of a run that waits is not there yet")
    func fullQueue() throws {
      let mouth = try HeldSynthesizer()
      let testServer = try TestRunServer(engines: EngineDouble(synthesizer: mouth)) { $0.testRuns.waitingMax = 1 }
      mouth.isHeld.change { $0 = true }
      defer { mouth.isHeld.change { $0 = false } }
      let case1 = try #require(try testServer.run("appointment_hours", #","wait":false"#).text(at: "run_id"))
      #expect(
        try eventually { try testServer.ask("GET", "/testruns/\(case1)/progress").json.text(at: "status") == "running" }
      )
      let case2 = try #require(try testServer.run("appointment_hours", #","wait":false"#).text(at: "run_id"))
      let refused = try testServer.ask("POST", "/test/run", #"{"test_id": "appointment_hours", "wait": false}"#)
      #expect(refused.status == 503)
      #expect(refused.headers["retry-after"] == "5")
      #expect(try testServer.ask("GET", "/testruns/\(case2)/progress").json.text(at: "status") == "queued")
      #expect(try testServer.ask("GET", "/testruns/\(case1)/report").status == 409)
      mouth.isHeld.change { $0 = false }
      for id in [case1, case2] {
        #expect(
          try eventually {
            try testServer.ask("GET", "/testruns/\(id)/progress").json.text(at: "status") == "completed"
          })
      }
    }

    @Test("while the engines load, runs with sound are refused for now, and runs without are not")
    func loading() throws {
      let engines = SlowEngines()
      let testServer = try TestRunServer(engines: engines, waits: false)
      defer { engines.isLoaded.change { $0 = true } }
      let refused = try testServer.ask("POST", "/test/run", #"{"test_id": "appointment_hours"}"#)
      #expect(refused.status == 503)
      #expect(refused.headers["retry-after"] == "2")
      #expect(refused.json.text(at: "detail")?.contains("still loading") == true)
      #expect(try testServer.run("appointment_hours").text(at: "evaluation.status") == "pass")
    }

    @Test("old runs and old reports make room: 404 for the one, 410 for the other")
    func bounds() throws {
      let testServer = try TestRunServer(runs: MemoryTestRunStore(entriesMax: 3)) { $0.testRuns.reportsMax = 1 }
      let ids = try (0..<4).map { _ in try testServer.run("appointment_hours").text(at: "run_id") ?? "none" }
      #expect(try testServer.ask("GET", "/testruns/\(ids[0])").status == 404)
      #expect(testServer.runs.usage.evicted == 1)
      let gone = try testServer.ask("GET", "/testruns/\(ids[1])/report")
      #expect(gone.status == 410)
      #expect(gone.json.text(at: "detail")?.contains("run the case again") == true)
      #expect(try testServer.server.ask("/testruns/\(ids[3])/report").status == 200)
    }

    @Test("MAX_TRANSCRIPT_SIZE bounds the entries of a run; the rest is counted")
    func transcriptBound() throws {
      let testServer = try TestRunServer { $0.testRuns.transcriptEntriesMax = 2 }
      let id = try #require(try testServer.run("appointment_booking").text(at: "run_id"))
      #expect(try testServer.ask("GET", "/testruns/\(id)").json.list(at: "transcript").count == 2)
      let run = try #require(try testServer.runs.run(id: id))
      #expect(run.transcriptDropped > 5)
    }

    @Test("the same seed gives the same evaluation and words")
    func replay() throws {
      let testServer = try Self.shared.get()
      let both = try (0..<2).map { _ in try testServer.run("book/tomorrow", #","sound":false,"seed":7"#)["evaluation"] }
      #expect(both[0] != nil && both[0] == both[1])
    }
  }
}
