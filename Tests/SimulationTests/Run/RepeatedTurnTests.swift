import CallCore
import CallDriver
import Formats
import Simulation
import Testing

@Suite("Callers who are asked again")
struct RepeatedTurnTests {
  /// Asks for a colour and takes only red; asks again so often, and then takes any.
  private static func flow(asksAgain: Int) -> String {
    """
    defaults:
      no-input: ["Hello? {prompt}"]
      no-match: [\(repeatElement("\"Sorry, once more. {prompt}\"", count: asksAgain).joined(separator: ", "))]
      else: any
    states:
      colour: {listen: "Which colour shall it be?", intents: {red: {hear: red, next: bye}}}
      any: {end: done, say: "I put down any colour. Goodbye."}
      bye: {end: done, say: "I put down red. Goodbye."}
    """
  }

  private static func result(asksAgain: Int = 1, _ turns: String) throws -> CaseResult {
    let flows = FlowLibrary([try FlowReader.read(flow(asksAgain: asksAgain), file: "colours.yaml").get()])
    let cases = try TestCaseFileReader.read(
      "flow: colours\nturns:\n\(turns)", file: "case.yaml", flows: flows
    ) { _ in false }.get()
    let runner = VirtualCallRunner(textWith: BuiltInAgent(flows: flows))
    let plan = RunPlan(cases: cases, mode: .text, seed: 1)
    return SimulationRunner(plan: plan, callRunner: runner) { _ in }.run(jobs: 1).results[0]
  }

  @Test("They say it once more, and what is expected is expected of the answer to that")
  func again() throws {
    let written = "{say: Blue., %expect: {keywords: any colour}}"
    let once = try Self.result("  - " + written.replacing("%", with: ""))
    #expect(once.verdict == .failed)
    let again = try Self.result("  - " + written.replacing("%", with: "again-when: [pardon, once more], "))
    #expect(again.verdict == .passed, "\(again.reasons)")
    // The flow asks twice: with its text, and with the last text of the list once more.
    #expect(again.evidence.acts.map(\.turn) == [1, 1, 1] && again.turns.map(\.repeats) == [2])
    #expect(again.turns[0].reply == "I put down any colour. Goodbye.")
    #expect(again.turns[0].wordErrors?.referenceWords == 3)
    #expect(again.metrics.turnsReached == 1 && again.metrics.turnsWritten == 1)
    #expect(String(decoding: JSONReport.bytes(of: run(of: again)), as: UTF8.self).contains(#""repeated":2"#))
    #expect(!String(decoding: JSONReport.bytes(of: run(of: once)), as: UTF8.self).contains("repeated"))
  }

  private func run(of result: CaseResult) -> SimulationRun {
    var run = SimulationRun(seed: 1, mode: .text)
    run.results = [result]
    return run
  }

  @Test("After three times they go on")
  func limit() throws {
    let result = try Self.result(
      asksAgain: 5, "  - {say: Blue., again-when: once more}\n  - {say: Red., again-when: once more}\n  - hang-up: true"
    )
    #expect(result.evidence.acts.map(\.turn) == [1, 1, 1, 1, 2])
    #expect(result.evidence.record?.transcript.last?.text == "I put down red. Goodbye.")
    #expect(result.verdict == .passed, "\(result.reasons)")
  }

  @Test("Another answer is not taken for a question, nor one that names no phrase whole")
  func others() throws {
    let result = try Self.result(
      asksAgain: 2,
      "  - {say: Blue., again-when: [more red, colours]}\n  - {say: Red., again-when: down}\n  - hang-up: true")
    // Only the last one is asked for again, by an agent that hangs up with that.
    #expect(result.evidence.acts.map(\.turn) == [1, 2])
  }

  @Test("Who is asked again does not interrupt the question with what comes next")
  func interrupting() throws {
    let result = try Self.result(
      asksAgain: 2, "  - {press: '7', again-when: once more}\n  - {say: Red., at: 300ms}\n  - hang-up: true")
    let acts = result.evidence.acts
    try #require(acts.map(\.turn).prefix(2) == [1, 1])
    #expect(acts[1].keys.map(\.key) == acts[0].keys.map(\.key) && acts[1].began > acts[0].ended)
  }

  /// A caller who is asked for a colour, says it, and hangs up when nobody asks again.
  private struct Exchange {
    var policy: CallerPolicy
    var now = Timestamp.zero
    var isOver = false

    init() {
      var colour = TestTurn(number: 1, action: .say([.words("Blue.")]))
      colour.againWhen = ["once more"]
      let testCase = TestCase(
        id: "colour", agent: TestAgent(flow: "any"), turns: [colour, TestTurn(number: 2, action: .hangUp)])
      policy = CallerPolicy(plan: CallerPlanner.silentPlan(for: testCase, seed: 1))
      policy.agentBegan(at: now)
      policy.agentSays("Which colour?")
      pass(.seconds(1))
      policy.agentEnded(at: now)
      while policy.speakingSince == nil { pass(.milliseconds(20)) }
    }

    mutating func pass(_ span: CallDuration) {
      for _ in 0..<(span.milliseconds / 20) {
        now = now + .milliseconds(20)
        if policy.tick(at: now) == .hangUp { isOver = true }
      }
    }

    mutating func speakOut() {
      while policy.speakingSince != nil { pass(.milliseconds(20)) }
    }
  }

  @Test("A question that the caller cut off by speaking is not answered again")
  func cutOff() {
    var exchange = Exchange()
    exchange.policy.agentBegan(at: exchange.now)
    exchange.policy.agentSays("Sorry, once more please.")
    exchange.pass(.milliseconds(100))
    exchange.policy.agentCut(at: exchange.now)
    exchange.speakOut()
    exchange.policy.agentBegan(at: exchange.now)
    exchange.policy.agentSays("Thank you.")
    exchange.pass(.milliseconds(500))
    exchange.policy.agentEnded(at: exchange.now)
    exchange.pass(.seconds(2))
    #expect(exchange.policy.acts.map(\.turn) == [1, 2] && exchange.isOver)
  }

  @Test("Words that come before their sound, while the caller speaks, ask again all the same")
  func earlyWords() {
    var exchange = Exchange()
    exchange.policy.agentSays("Sorry, once more please.")
    exchange.speakOut()
    exchange.policy.agentBegan(at: exchange.now)
    exchange.pass(.milliseconds(500))
    exchange.policy.agentEnded(at: exchange.now)
    exchange.pass(.seconds(2))
    #expect(exchange.policy.acts.map(\.turn).prefix(2) == [1, 1])
  }
}
