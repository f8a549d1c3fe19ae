import CallCore
import CallDriver
import Formats
import Simulation
import Testing

@Suite("Calls of callers with a goal, without sound")
struct ImprovisedCallTests {
  private typealias Model = ScriptedCallerModel

  private static let flow = """
    defaults: {no-input: ["Are you still there? {prompt}"], no-match: ["Sorry, once more. {prompt}"], else: bye}
    states:
      hello: {say: "Hello, this is the desk.", next: day}
      day: {collect: day, as: date, ask: Which day would you like to come?, next: name}
      name: {collect: name, as: name, ask: What is your name?, next: booked}
      booked: {end: booked, say: "Thank you, {name}. It is booked. Goodbye."}
      bye: {end: nothing, say: Goodbye.}
    """

  private static func testCase(_ change: (inout CallerBrief) -> Void = { _ in }) -> TestCase {
    var brief = CallerBrief(goal: "An appointment tomorrow.")
    brief.facts = [CallerFact("name", "Ada Miller")]
    change(&brief)
    var testCase = TestCase(id: "goal", agent: TestAgent(flow: "desk"), turns: [])
    testCase.caller.brief = brief
    return testCase
  }

  private static func result(
    _ model: ScriptedCallerModel, of testCase: TestCase = testCase(), flow: String = flow
  ) throws -> CaseResult {
    let library = FlowLibrary([try FlowReader.read(flow, file: "desk.yaml").get()])
    let runner = VirtualCallRunner(textWith: BuiltInAgent(flows: library), players: CallerPlayers(model))
    let run = SimulationRunner(plan: RunPlan(cases: [testCase], mode: .text, seed: 1), callRunner: runner) { _ in }
    return run.run(jobs: 1).results[0]
  }

  private static let booking: [Model.Answer] = [
    .text(Model.say("Tomorrow, please.")), .text(Model.say("I am {name}.", facts: ["name"])),
    .text(Model.say("", goal: "reached")),
  ]

  @Test("it books: facts are put in by their ids, and the goal is judged after the agent's last word")
  func books() throws {
    let model = Model(Self.booking)
    let result = try Self.result(model)
    #expect(result.verdict == .passed, "\(result.reasons)")
    #expect(result.turns.map(\.said) == ["Tomorrow, please.", "I am Ada Miller."])
    #expect(result.evidence.record?.slots["name"] == "Ada Miller")
    #expect(result.evidence.improvised?.goal == .reached)
    #expect(result.evidence.improvised?.model == "scripted")
    #expect(model.asked.count == 3)
    #expect(model.asked[0].lastWords == "Hello, this is the desk. Which day would you like to come?")
    #expect(model.asked[2].lastWords.contains("It is booked") && model.asked[2].lastWords.contains("ended the call"))
    // Its own lines are in its history, with the ids of the facts.
    guard case .assistant(let own, _) = model.asked[2].messages[4] else { throw TestFault.unexpected }
    #expect(own.contains("{name}"))
  }

  @Test("the model's time is not the call's: it answers after its pause, however long the model takes")
  func timeless() throws {
    let result = try Self.result(Model(Self.booking))
    let began = try #require(result.turns[0].began)
    let greeting = try #require(result.evidence.agentSpeech.first)
    #expect(began - greeting.end <= .milliseconds(340))
  }

  @Test("a goal that is not reached fails the case, unless it is expected")
  func notReached() throws {
    let answers = [Model.Answer.text(Model.say("Tomorrow, please.")), .text(Model.say("I am {name}."))]
    let failed = try Self.result(Model(answers))
    #expect(failed.verdict == .failed && failed.reasons.first?.kind == .goal)
    var testCase = Self.testCase()
    testCase.expectations = [Expectation(.goal(.open))]
    #expect(try Self.result(Model(answers), of: testCase).verdict == .passed)
  }

  @Test(
    "nine ways to misbehave make the call invalid, never failed",
    arguments: [
      (.unknownFact, [.text(Model.say("My number is 4711."))]),
      (.unaskedFact, [.text(Model.say("I am {name}."))]),
      (.earlyHangUp, [.text(Model.say("Goodbye.", hangsUp: true))]),
      (.withheldFact, [.text(Model.say("Tomorrow.")), .text(Model.say("I do not know my name."))]),
      (
        .repetition,
        [
          .text(Model.say("I would like to come tomorrow, please.")),
          .text(Model.say("I would like to come tomorrow, please.")),
        ]
      ),
      (.swappedRoles, [.text(Model.say("How can I help you?"))]),
      (.forbiddenConsent, [.text(Model.say("Yes, please."))]),
      (.unusableAnswer, [.text("I am a model."), .text("{}")]),
      (.failedEngine, [.fault(ModelFault(.limited, "no money left"))]),
    ] as [(Misbehavior.Kind, [ScriptedCallerModel.Answer])])
  func misbehaves(kind: Misbehavior.Kind, answers: [ScriptedCallerModel.Answer]) throws {
    let testCase = Self.testCase { brief in
      brief.facts[0].isKeptBack = true
      brief.rules.never = ["would you like to come"]
    }
    // Three calls: each misbehaves in the same way.
    let model = Model(answers + answers + answers)
    let result = try Self.result(model, of: testCase)
    #expect(result.verdict == .invalid)
    #expect(result.evidence.improvised?.misbehavior?.kind == kind, "\(result.reasons)")
    #expect(result.reasons.first?.kind == .conduct && result.reasons.first?.actual.hasPrefix(kind.rawValue) == true)
    #expect(result.discarded.map(\.misbehavior.kind) == [kind, kind])
  }

  @Test("a spoiled call is held again with the next seed, at most twice; the run counts it")
  func again() throws {
    let model = Model([.text(Model.say("It is 4711."))] + Self.booking)
    let result = try Self.result(model)
    #expect(result.verdict == .passed)
    #expect(result.discarded.count == 1 && result.seed == result.discarded[0].seed + 1)
    var run = SimulationRun(seed: 1, mode: .text)
    run.results = [result]
    #expect(run.improvisedCalls?.all == 2 && run.improvisedCalls?.spoiled == 1 && !run.isUsable && !run.isPassed)
    var good = result
    good.discarded = []
    run.results = Array(repeating: good, count: 4) + [result]
    #expect(run.improvisedCalls?.all == 6 && run.isUsable && run.isPassed)
  }

  @Test("an answer that cannot be used is asked for once more")
  func asksAgain() throws {
    let model = Model([.text("Sure! {\"say\": \"\"}")] + Self.booking)
    #expect(try Self.result(model).verdict == .passed)
    #expect(model.asked[1].lastWords.hasSuffix("(Answer with the JSON object and nothing else.)"))
  }

  @Test("what was never recorded makes the call invalid and is not held again")
  func notRecorded() throws {
    let result = try Self.result(Model([.notRecorded]))
    #expect(result.verdict == .invalid && result.reasons.first?.kind == .line, "\(result.reasons)")
    #expect(result.discarded.isEmpty)
    #expect(result.evidence.failure == .notRecorded("nobody recorded this"))
  }

  @Test("to an agent that says nothing it speaks twice, then it hangs up")
  func silence() throws {
    var testCase = Self.testCase()
    testCase.agent.fault = .silent
    testCase.caller.patience = .seconds(2)
    let model = Model([.text(Model.say("Hello?")), .text(Model.say("Is anybody there?"))])
    let result = try Self.result(model, of: testCase)
    #expect(result.verdict == .failed && result.turns.map(\.said) == ["Hello?", "Is anybody there?"])
    #expect(model.asked.allSatisfy { $0.lastWords == "(The other side says nothing.)" })
    #expect(result.evidence.record?.reason == .callerHungUp)
  }

  @Test("it talks over the agent, and its model learns what was heard until then")
  func interrupts() throws {
    let testCase = Self.testCase { brief in
      brief.interruptionPercent = 100
      brief.interruptsAfter = .milliseconds(900)
    }
    let model = Model(Self.booking.dropLast() + [.text(Model.say("Thank you very much.", goal: "reached"))])
    let result = try Self.result(model, of: testCase)
    #expect(result.evidence.improvised?.turns.map(\.cue.isOverAgent) == [false, true, true])
    #expect(model.asked[1].lastWords == "What is your … (you interrupt)")
    #expect(result.metrics.yields.count == 2)
  }

  @Test("an agent that is talked over and goes on was heard to its end")
  func talksOn() throws {
    var testCase = Self.testCase { brief in
      brief.interruptionPercent = 100
      brief.interruptsAfter = .milliseconds(900)
    }
    testCase.agent.fault = .unyielding
    let model = Model([.text(Model.say("Tomorrow, please.")), .text(Model.say("I am {name}."))])
    _ = try Self.result(model, of: testCase)
    #expect(model.asked.count > 2 && model.asked[2].lastWords.hasPrefix("… name?"), "\(model.asked.map(\.lastWords))")
  }

  @Test("what the agent says behind the caller's last line still counts")
  func lastWord() throws {
    let testCase = Self.testCase { $0.turnsMax = 2 }
    let flow = Self.flow.replacing(
      "booked: {end: booked, say: \"Thank you, {name}. It is booked. Goodbye.\"}",
      with: """
        booked: {say: "Thank you, {name}. It is booked.", next: more}
          more: {listen: Anything else?, intents: {no: {hear: [nothing], next: bye}}}
        """)
    let result = try Self.result(Model(Self.booking), of: testCase, flow: flow)
    #expect(result.evidence.record?.reason == .callerHungUp)
    #expect(result.evidence.improvised?.goal == .reached && result.verdict == .passed, "\(result.reasons)")
  }

  @Test("it hangs up after as many turns as it may take")
  func turns() throws {
    let testCase = Self.testCase { $0.turnsMax = 2 }
    let model = Model([.text(Model.say("I have to think."))], last: .text(Model.say("Wait a little, please.")))
    let result = try Self.result(model, of: testCase)
    #expect(result.turns.count == 2 && result.verdict == .failed)
    #expect(result.evidence.record?.reason == .callerHungUp)
  }

  @Test("without a model the call is invalid, and says what to do")
  func nobody() throws {
    let library = FlowLibrary([try FlowReader.read(Self.flow, file: "desk.yaml").get()])
    let runner = VirtualCallRunner(textWith: BuiltInAgent(flows: library))
    let run = SimulationRunner(plan: RunPlan(cases: [Self.testCase()], mode: .text, seed: 1), callRunner: runner) { _ in
    }
    let result = run.run(jobs: 1).results[0]
    #expect(result.verdict == .invalid && result.reasons[0].actual.contains("add --llm"), "\(result.reasons)")
  }
}

private enum TestFault: Error { case unexpected }
