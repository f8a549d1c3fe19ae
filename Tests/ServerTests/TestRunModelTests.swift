import CallCore
import CallDriver
import CallServer
import Formats
import JSON
import Stores
import TestSupport
import Testing

extension ServerTests {
  @Suite("Runs of test cases that ask a language model")
  struct TestRunModelTests {
    private static let judged = """
      flow: appointment
      id: judged
      turns: [What are your opening hours?]
      expect: {judged: [names the hours]}
      never: {judged: [is rude]}
      """
    private static let goal = """
      flow: appointment
      id: goal
      caller: {goal: To know when you are open., facts: {name: Ada Miller}}
      expect: {goal: reached}
      """
    private static let desk = """
      flow: desk
      id: desk
      turns:
        - say: Are you open?
          expect: {keywords: [open all day]}
        - hang-up: true
      """
    private static let deskFlow = """
      states:
        desk: {llm: Be brief., say-first: Hello., tools: {bye: {about: Ends, go: bye}}, failed: bye}
        bye: {end: }
      """

    /// Judges, plays the caller, and is the agent.
    private static func answer(_ question: ModelRequest) -> String? {
      let text = question.lastText
      if question.answerForm?.name == "judgement" {
        return text.hasPrefix("Statement: The agent names")
          ? #"{"answer":"yes","quote":"Monday to Friday","why":"It names them."}"#
          : #"{"answer":"no","quote":"Monday to Friday","why":"It is polite."}"#
      }
      if question.answerForm?.name == "caller" {
        return text.contains("Monday")
          ? #"{"say":"Thank you, now I know.","facts_used":[],"goal_state":"reached","hang_up":true}"#
          : #"{"say":"What are your opening hours?","facts_used":[],"goal_state":"open","hang_up":false}"#
      }
      return "We are open all day."
    }

    private static func cases() throws -> MemoryTestCaseStore {
      let flows = try TestFlows.library(["desk": deskFlow])
      let cases = MemoryTestCaseStore()
      for text in [judged, goal, desk] {
        _ = try cases.add(TestCaseFileReader.read(text, file: "x.yaml") { flows[$0] != nil }.get())
      }
      let plain = "flow: appointment\nid: plain\nturns: [What are your opening hours?]\n"
      _ = try cases.add(TestCaseFileReader.read(plain, file: "x.yaml") { flows[$0] != nil }.get())
      return cases
    }

    private static func server(
      _ model: any LanguageModel, keys: (any KeyStore)? = nil, _ adjust: (inout ServerSettings) -> Void = { _ in }
    ) throws -> TestRunServer {
      try TestRunServer(
        cases: cases(), flows: TestFlows.library(["desk": deskFlow]), keys: keys, model: model, adjust)
    }

    @Test("what is left to a language model is judged, and the run says how, with every answer and its quote")
    func judged() throws {
      let model = ModelDouble(Self.answer)
      let testServer = try Self.server(model)
      let answer = try testServer.run("judged")
      #expect(answer.text(at: "evaluation.status") == "pass", "\(answer)")
      let judged = answer.list(at: "evaluation.zipper_report.judged")
      #expect(
        judged.count == 2 && judged.allSatisfy { $0.keys() == ["never", "outcome", "reason", "statement", "votes"] })
      #expect(judged.first?.text(at: "statement") == "names the hours")
      #expect(judged.first?.text(at: "outcome") == "yes" && judged.last?.text(at: "outcome") == "no")
      #expect(judged.last?["never"] == .bool(true))
      let vote = try #require(judged.first?.list(at: "votes").first)
      #expect(vote.keys() == ["answer", "at_ms", "fault", "model", "quote", "why"])
      #expect(vote.text(at: "quote") == "Monday to Friday" && vote.text(at: "model") == "double")
      #expect((vote["at_ms"]?.wholeNumber ?? 0) > 0 && vote.value(at: "fault") == .null)
      let id = try #require(answer.text(at: "run_id"))
      #expect(try testServer.ask("GET", "/testruns/\(id)").json["evaluation"] == answer["evaluation"])
      let report = try testServer.ask("GET", "/testruns/\(id)/report.json").json
      #expect(report.text(at: "cases.0.judged.0.votes.0.model") == "double")
      #expect(report.text(at: "cases.0.replay")?.contains("--llm live") == true)
      #expect(model.asked.current.count == 2)
    }

    @Test("a caller with a goal finds its words, and its turns stand in the run", arguments: [true, false])
    func goal(hasSound: Bool) throws {
      let testServer = try Self.server(ModelDouble(Self.answer))
      let started = try testServer.run("goal", #","wait":false,"sound":\#(hasSound)"#)
      let path = "/testruns/\(try #require(started.text(at: "run_id")))"
      #expect(try eventually(300) { try testServer.ask("GET", path).json.text(at: "status") == "completed" })
      let answer = try testServer.ask("GET", path).json
      #expect(answer.text(at: "evaluation.status") == "pass", "\(answer)")
      let steps = answer.list(at: "evaluation.zipper_report.steps")
      #expect(steps.count == 2 && steps.first?.text(at: "expected_user_input") == "What are your opening hours?")
      #expect(answer.list(at: "evaluation.zipper_report.judged").isEmpty)
    }

    @Test("a caller whom the model plays badly is held again, twice at most, and the run is then invalid")
    func spoiled() throws {
      let model = ModelDouble { _ in "I will not." }
      let answer = try Self.server(model).run("goal")
      #expect(answer.text(at: "evaluation.status") == "fail")
      let failures = answer.list(at: "evaluation.zipper_report.failures").map { "\($0)" }.joined()
      #expect(failures.contains("invalid: ") && failures.contains("unusable-answer"), "\(failures)")
      #expect(model.asked.current.count == 6, "two answers for each of three calls")
    }

    @Test("an agent with a state `llm` speaks, and one case after the other is the same each time")
    func agent() throws {
      let testServer = try Self.server(ModelDouble(Self.answer))
      let both = try (0..<2).map { _ in try testServer.run("desk")["evaluation"] }
      #expect(both[0]?.text(at: "status") == "pass", "\(both)")
      #expect(both[0]?.text(at: "zipper_report.steps.0.agent_response") == "We are open all day.")
    }

    @Test("a case that needs no model asks none, and without a model nothing changes")
    func noModel() throws {
      let model = ModelDouble(Self.answer)
      #expect(try Self.server(model).run("plain").text(at: "evaluation.status") == "pass")
      #expect(model.asked.current.isEmpty)
      let without = try Self.server(AbsentLanguageModel())
      for (id, why) in [("judged", "no language model judges here"), ("goal", "a caller with a goal needs")] {
        let answer = try without.run(id)
        let failures = answer.list(at: "evaluation.zipper_report.failures").map { "\($0)" }.joined()
        #expect(failures.contains(why), "\(answer)")
      }
    }

    @Test("the key needs the scope model for a case that asks one, and the answer says so; tokens are the key's")
    func keys() throws {
      let (store, rich, poor, small) = (
        MemoryKeyStore(), KeySecret.random(), KeySecret.random(), KeySecret.random()
      )
      _ = try store.add(rich.sealed(name: "rich", scopes: Set(KeyScope.allCases), at: 0))
      _ = try store.add(poor.sealed(name: "poor", scopes: [.manage, .read], at: 0))
      var budgeted = small.sealed(name: "small", scopes: [.manage, .read, .model], at: 0)
      budgeted.tokensPerDay = 50
      _ = try store.add(budgeted)
      let model = ModelDouble(Self.answer)
      let testServer = try Self.server(model, keys: store)
      func run(_ id: String, _ key: KeySecret) throws -> (status: Int, json: JSONValue, headers: [String: String]) {
        try testServer.ask(
          "POST", "/test/run", #"{"test_id":"\#(id)","sound":false}"#,
          headers: [("authorization", "Bearer \(key.text)")])
      }
      for (id, need) in [
        ("judged", "it has `judged`"), ("goal", "its caller has a goal"), ("desk", "the flow desk has an `llm` state"),
      ] {
        let refused = try run(id, poor)
        #expect(refused.status == 403)
        let detail = refused.json.text(at: "detail") ?? ""
        #expect(detail.contains(need) && detail.hasSuffix("it lacks the scope model"), "\(detail)")
      }
      #expect(try run("plain", poor).status == 200)
      #expect(testServer.runs.usage.entries == 1, "what is refused is not kept")
      #expect(try run("judged", rich).json.text(at: "evaluation.status") == "pass")
      let usage = try testServer.ask(
        "GET", "/api/usage?key=\(rich.id)", headers: [("authorization", "Bearer \(rich.text)")]
      ).json
      #expect(usage.value(at: "totals.modelRequests") == .integer(2), "\(usage)")
      #expect(usage.value(at: "totals.promptTokens") == .integer(140))
      #expect(usage.value(at: "totals.answerTokens") == .integer(10))
      // 75 of 50 tokens after the first answer: nothing is asked then.
      let askedBefore = model.asked.current.count
      let last = try run("goal", small)
      #expect(last.status == 200)
      let failures = last.json.list(at: "evaluation.zipper_report.failures").map { "\($0)" }.joined()
      #expect(failures.contains("has used 75 of its 50 tokens"), "\(failures)")
      #expect(model.asked.current.count == askedBefore + 1)
      let spent = try run("judged", small)
      #expect(spent.status == 429 && spent.headers["retry-after"] != nil, "\(spent)")
      #expect(spent.json.text(at: "detail")?.contains("of its 50 tokens of today") == true)
      #expect(model.asked.current.count == askedBefore + 1)
    }

    @Test("a run whose key has no tokens left in its middle is invalid, and says so")
    func tokensInTheMiddle() throws {
      let (store, admin, small) = (MemoryKeyStore(), KeySecret.random(), KeySecret.random())
      _ = try store.add(admin.sealed(name: "admin", scopes: Set(KeyScope.allCases), at: 0))
      var budgeted = small.sealed(name: "small", scopes: [.manage, .model], at: 0)
      budgeted.tokensPerDay = 75
      _ = try store.add(budgeted)
      let answer = try Self.server(ModelDouble(Self.answer), keys: store).ask(
        "POST", "/test/run", #"{"test_id":"judged","sound":false}"#,
        headers: [("authorization", "Bearer \(small.text)")])
      #expect(answer.json.text(at: "evaluation.status") == "fail")
      let judged = answer.json.list(at: "evaluation.zipper_report.judged")
      #expect(judged.map { $0.text(at: "outcome") } == ["yes", "unjudged"])
      #expect(judged.last?.text(at: "reason")?.contains("has used 75 of its 75 tokens") == true, "\(judged)")
    }

    @Test("a run whose key is revoked in its middle asks nothing more, is invalid, and says so")
    func revokedInTheMiddle() throws {
      let (store, admin, doomed) = (MemoryKeyStore(), KeySecret.random(), KeySecret.random())
      _ = try store.add(admin.sealed(name: "admin", scopes: Set(KeyScope.allCases), at: 0))
      _ = try store.add(doomed.sealed(name: "doomed", scopes: [.manage, .model], at: 0))
      let (server, revoked) = (Probe<TestRunServer?>(nil), Probe<[Int?]>([]))
      let model = ModelDouble { question in
        let answer = try? server.current?.ask(
          "DELETE", "/api/keys/\(doomed.id)", headers: [("authorization", "Bearer \(admin.text)")])
        revoked.change { $0.append(answer?.status) }
        return Self.answer(question)
      }
      let testServer = try Self.server(model, keys: store)
      server.change { $0 = testServer }
      defer { server.change { $0 = nil } }
      let answer = try testServer.ask(
        "POST", "/test/run", #"{"test_id":"judged","sound":false}"#,
        headers: [("authorization", "Bearer \(doomed.text)")])
      #expect(revoked.current == [200], "asked once")
      let judged = answer.json.list(at: "evaluation.zipper_report.judged")
      #expect(judged.map { $0.text(at: "outcome") } == ["yes", "unjudged"])
      #expect(judged.last?.text(at: "reason")?.contains("may not ask the language model any more") == true, "\(judged)")
    }

    @Test("a model that says nothing is given up after the time of the run, and the run is invalid")
    func silentModel() throws {
      let model = ModelDouble { _ in nil }
      let testServer = try Self.server(model) { $0.testRuns.modelTimeMax = .milliseconds(30) }
      let answer = try testServer.run("desk")
      #expect(answer.text(at: "status") == "failed", "no call came about")
      let failures = answer.list(at: "evaluation.zipper_report.failures").map { "\($0)" }.joined()
      #expect(failures.contains("invalid: ") && failures.contains("which is all it may"), "\(failures)")
      #expect(model.cancelled.current == 2, "one that was begun early, one when the turn was over")
    }

    @Test("a server that goes down waits for no answer; the run is kept as invalid")
    func stopping() throws {
      let model = ModelDouble { _ in nil }
      let testServer = try Self.server(model)
      let id = try #require(try testServer.run("desk", #","sound":false,"wait":false"#).text(at: "run_id"))
      #expect(model.asked.wait { !$0.isEmpty })
      testServer.server.server.stop()
      let run = try #require(try testServer.runs.run(id: id))
      #expect(run.status == .failed)
      #expect(run.evaluation?.failures.contains { $0.contains("the server is going down") } == true, "\(run)")
    }
  }
}
