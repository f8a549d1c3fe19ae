import CallCore
package import Simulation

/// A run put together by hand that has one of everything: verdicts, reasons, repeats, sound and none, and texts that try to break
/// out of what they stand in.
package enum SampleRun {
  /// What a hostile caller or agent might say. The last word is longer than any screen.
  package static let hostile =
    "</script><script>alert(1)</script> \"quoted\" 'single' & <b>bold</b> ]]> \u{0}\u{1B}[31m\u{7F}\u{85}\u{FFFF} "
    + "\u{202E}turned\u{202C} tab\there line\nend 🙂👩‍👩‍👧 é " + String(repeating: "long", count: 120)

  /// Two attempts of each case, and one case that was not run.
  package static func run(startedAt: Int64 = 0) -> SimulationRun {
    var run = SimulationRun(seed: UInt64.max - 6, mode: .virtual, repeats: 2)
    for attempt in 1...2 { run.results.append(order(attempt: attempt)) }
    for attempt in 1...2 { run.results.append(booking(attempt: attempt)) }
    for attempt in 1...2 { run.results.append(noise(attempt: attempt)) }
    for attempt in 1...2 { run.results.append(deaf(attempt: attempt)) }
    for attempt in 1...2 { run.results.append(strange(attempt: attempt)) }
    run.notRun = ["late/never-\(Self.hostile)"]
    run.startedAtUnixMicroseconds = startedAt
    run.wallMicroseconds = startedAt == 0 ? 0 : 2_345_678
    return run
  }

  static func test(_ id: String, flow: String, title: String? = nil, line: Int = 3) -> TestCase {
    var test = TestCase(
      id: id, agent: TestAgent(flow: flow), turns: [TestTurn(number: 1, action: .say([.words("Hello")]))])
    test.title = title ?? id
    test.source = CaseSource(file: "Samples/testcases/\(flow).yaml", line: line)
    return test
  }

  static func order(attempt: Int) -> CaseResult {
    var test = test(
      "orders/status", flow: "order-status", title: "A caller asks where the order is and keys in its number")
    test.tags = ["smoke", "keys"]
    test.caller.persona = "in a hurry"
    var call = SampleCall(mode: .virtual, flow: "order-status")
    call.enters("greeting")
    call.agentSays("Welcome to the order desk. What can I do for you?", for: 2_700)
    call.callerSays(
      [
        .filler("uh"), .words("where is"), .stumble("my"), .words("my"), .pause(.milliseconds(350)),
        .lengthened("order"),
      ],
      understood: "where is my order", latency: 612 + attempt * 3)
    call.enters("ask-number")
    call.agentSays("I can look that up. Please key in your order number and press the hash key.", for: 3_900)
    call.checked(.keywords, .passed, "'order number'", "found", line: 12)
    call.callerPresses("4711#", latency: 240)
    call.enters("answer")
    call.agentSays("Order four seven one one is on its way and arrives tomorrow before noon.", for: 3_600)
    call.checked(.state, .passed, "answer", "answer", line: 16)
    call.checkedWhole(.outcome, .passed, "done", "done")
    call.checkedWhole(.coverage, .passed, "2 turns", "2 turns")
    var result = call.result(of: test, attempt: attempt, verdict: .passed)
    var polite = JudgedCriterion("stays polite", line: 19)
    polite.outcome = .yes
    polite.votes = [
      vote(.no, "I can look that up", "It is curt.", at: 9_000),
      vote(.yes, "What can I do for you", "It asks.", at: 600),
      vote(.yes, "What can I do for you", "It asks.", at: 600),
    ]
    result.judged = [polite]
    return result
  }

  private static func vote(
    _ answer: JudgeAnswer.Word, _ quote: String, _ why: String, at milliseconds: Int? = nil, fault: String? = nil
  ) -> JudgedCriterion.Vote {
    var vote = JudgedCriterion.Vote()
    (vote.answer, vote.quote, vote.why, vote.fault, vote.model) = (answer, quote, why, fault, "scripted")
    vote.at = milliseconds.map { .zero + .milliseconds($0) }
    return vote
  }

  static func booking(attempt: Int) -> CaseResult {
    let test = test(
      "booking/interrupts", flow: "appointment", title: "The caller talks over the list of times", line: 31)
    var call = SampleCall(mode: .virtual, flow: "appointment")
    call.enters("greeting")
    call.agentSays(
      "Hello, this is the practice of Doctor Lovelace. Would you like to book, move or cancel an appointment?",
      for: 4_200)
    call.callerSays(
      [.words("I would like to book an appointment for tomorrow morning")],
      understood: "I would like to book a appointment tomorrow morning please", latency: 655)
    call.enters("offer")
    call.agentSays(
      "There is nine fifteen, ten thirty, eleven o'clock,", for: 2_600, heard: "There is nine fifteen, ten thirty,")
    call.callerSays(
      [.words("ten thirty please")], understood: "turn thirty peas", latency: 1_940,
      action: "interrupts at 800 ms and says")
    call.interrupted(yield: attempt == 1 ? 2_340 : 380)
    call.enters("confirm")
    call.agentSays("Sorry, I did not get that. Which time would you like?", for: 2_500)
    if attempt == 1 {
      call.checked(.yield, .failed, "the agent silent within 2000 ms", "2340 ms", line: 44)
      call.checked(
        .keywords, .failed, "'ten thirty'", "\"Sorry, I did not get that. Which time would you like?\"", line: 45)
    }
    call.misses("says")
    call.checkedWhole(.coverage, attempt == 1 ? .failed : .passed, "3 turns reached", "2")
    return call.result(of: test, attempt: attempt, verdict: attempt == 1 ? .failed : .passed)
  }

  static func noise(attempt: Int) -> CaseResult {
    let test = test(
      "world/street-noise", flow: "support-triage", title: "Babble at 10 dB, every twentieth packet lost", line: 60)
    var call = SampleCall(mode: .virtual, flow: "support-triage")
    call.enters("greeting")
    call.agentSays("Support, how can I help?", for: 1_600)
    call.callerSays([.words("my router is broken")], understood: "my daughter is broken", latency: 730)
    call.agentSays("I am sorry to hear that. Is it plugged in?", for: 2_200)
    call.checkedWhole(.line, .invalid, "noise of 10 dB in the caller's track", "14.8 dB")
    return call.result(of: test, attempt: attempt, verdict: .invalid, hiss: 900)
  }

  static func deaf(attempt: Int) -> CaseResult {
    var test = test("agents/deaf", flow: "order-status", title: "An agent that hears nothing is caught", line: 90)
    test.mustFail = .reply
    test.agent.fault = .deaf
    var call = SampleCall(mode: .text, flow: "order-status")
    call.enters("greeting")
    call.agentSays("Welcome to the order desk. What can I do for you?", for: 2_700)
    call.callerSays([.words("where is my order")], understood: nil, latency: nil)
    return call.result(of: test, attempt: attempt, verdict: .passed, hasTracks: false)
  }

  static func strange(attempt: Int) -> CaseResult {
    var test = test("strange/\(hostile)", flow: hostile, title: hostile, line: 120)
    test.tags = [hostile]
    var call = SampleCall(mode: .virtual, flow: hostile)
    call.enters(hostile)
    call.agentSays(hostile, for: 2_000)
    call.callerSays(
      [.words(hostile)], understood: "</span><img src=x onerror=alert(2)> " + hostile, latency: nil, action: hostile)
    call.checked(.regex, .failed, hostile, hostile, line: 130)
    call.misses(hostile)
    var result = call.result(
      of: test, attempt: attempt, verdict: .failed, hasTracks: false, failure: .rubbish(hostile))
    var open = JudgedCriterion(hostile, isAbsent: true)
    (open.outcome, open.reason) = (.unjudged, hostile)
    open.votes = [vote(.yes, hostile, hostile, fault: hostile)]
    result.judged = [open, JudgedCriterion(hostile)]
    return result
  }
}
