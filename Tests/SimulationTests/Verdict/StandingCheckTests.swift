import CallCore
import Wires
import Formats
import Simulation
import Testing

@Suite("Checks that are always made")
struct StandingCheckTests {
  @Test("An agent that says nothing more misses the turn")
  func noAnswer() {
    var call = StagedCall()
    call.say("I need an appointment", 1500, 2500)
    let result = call.judged()
    #expect(result.blamed == [.reply])
    #expect(result.metrics.missedTurns == 1)
    #expect(result.reasons.first?.expected == "an answer within 8 s")
  }

  @Test("An answer after the caller's patience is too late", arguments: [(10_400, Verdict.passed), (10_600, .failed)])
  func lateAnswer(at start: Int, verdict: Verdict) {
    var call = StagedCall()
    call.say("I need an appointment", 1500, 2500)
    call.agent("Which day is good?", turn: 1, start, start + 800)
    #expect(call.judged().verdict == verdict)
  }

  @Test("A re-prompt as if nobody had spoken is no answer: the agent is deaf")
  func deaf() {
    var call = StagedCall()
    call.say("I need an appointment", 1500, 2500)
    call.agent("Are you still there?", turn: 0, 8200, 9200)
    let result = call.judged()
    #expect(result.blamed == [.understood])
    #expect(result.reasons.first?.actual == "the agent went on as if nobody had spoken: “Are you still there?”")
    #expect(result.turns[0].latency == nil)
    call.tell(.speech(started: true, at: StagedCall.at(1500)), 1650)
    #expect(call.judged().verdict == .passed)
  }

  @Test(
    "By ear, an agent that only says again what it ended with is deaf, unless the turn expects just that",
    arguments: [
      ("Which day would you like to come?", false), ("What day would you like to come?", false),
      ("Sorry, which day of the week?", true), ("Come when?", true), ("Very well, Monday. At what time?", true),
    ])
  func deafByEar(reply: String, isAnswer: Bool) {
    var call = StagedCall()
    call.evidence.wire = .twilio
    call.evidence.record = nil
    call.agent("Good morning. Which day would you like to come?", turn: 0, 1300, 2400)
    call.say("On Monday please", 3500, 4500)
    call.agent(reply, turn: 1, 5200, 6200)
    #expect(call.judged().blamed == (isAnswer ? [] : [.understood]))
    call.testCase.turns[0].expectations = [Expected(.keywords(["day", "come"]))]
    #expect(call.judged().blamed.contains(.understood) == false)
  }

  @Test("An agent that never says a word fails at the first turn, reached or not")
  func silent() {
    var call = StagedCall()
    call.evidence.agentSpeech = []
    call.write(.say([.words("I need an appointment")]))
    #expect(call.judged().blamed == [.reply, .coverage])
    call = StagedCall()
    call.evidence.agentSpeech = []
    call.evidence.record?.reason = .noInput
    call.say("I need an appointment", 1500, 2500)
    #expect(call.judged().blamed.first == .reply)
  }

  @Test("To interrupt an agent that has said nothing since is the agent's failure, not the caller's")
  func nothingToInterrupt() {
    var call = StagedCall()
    call.say("I need an appointment", 1500, 2500)
    call.say("Stop", 11_000, 11_500, cue: .overAgent(after: .milliseconds(500)))
    #expect(call.judged().verdict == .failed)
    #expect(call.judged().blamed.first == .reply)
  }

  @Test("Nothing has to be said after the flow's own end, but in the middle of a call it has")
  func end() {
    var call = StagedCall.oneTurn()
    call.say("Goodbye", 4500, 5000)
    #expect(call.judged().blamed == [.reply])
    call.evidence.record?.reason = .completed
    #expect(call.judged().verdict == .passed)
  }

  @Test("An agent that talks on for over 2 s does not yield", arguments: [(3000, Verdict.passed), (3200, .failed)])
  func unyielding(end: Int, verdict: Verdict) {
    var call = StagedCall()
    call.evidence.agentSpeech = [StagedCall.span(200, end)]
    call.say("Stop please", 1050, 1900, cue: .overAgent(after: .milliseconds(850)))
    call.agent("What can I do for you?", turn: 1, end + 500, end + 1000)
    let result = call.judged()
    #expect(result.verdict == verdict)
    #expect(result.turns[0].yield == .milliseconds(end - 1050))
    if verdict == .failed { #expect(result.blamed == [.yield]) }
  }

  @Test("An agent that begins inside the caller's words interrupts, in a written pause it takes it for the end")
  func interruption() {
    func result(agentAt start: Int) -> CaseResult {
      var call = StagedCall()
      call.say([(.words("I need"), 600), (.pause(.milliseconds(700)), 700), (.words("a doctor"), 700)], from: 1500)
      call.understood("I need a doctor", turn: 1, speechAt: 1500, 3400)
      call.agent("Which day is good?", turn: 1, start, 4500)
      return call.judged()
    }
    let waits = result(agentAt: 3700)
    #expect(waits.verdict == .passed)
    #expect(waits.metrics.agentInterruptions == 0)
    let takesPauseForEnd = result(agentAt: 2600)
    #expect(takesPauseForEnd.blamed == [.interruption])
    #expect(takesPauseForEnd.metrics.falseEnds == 1)
    #expect(takesPauseForEnd.reasons.first?.at == StagedCall.at(2600))
    let interrupts = result(agentAt: 3100)
    #expect(interrupts.blamed == [.interruption])
    #expect(interrupts.metrics.agentInterruptions == 1)
    #expect(interrupts.metrics.falseEnds == 0)
    #expect(result(agentAt: 1650).metrics.agentInterruptions == 0, "both began at once")
  }

  @Test("A reply that was under way when the caller began is no interruption")
  func collision() {
    var call = StagedCall.oneTurn()
    call.say("One more thing", 4000, 4800)
    call.understood("One more thing", turn: 2, speechAt: 4000, 5300)
    call.agent("What is it?", turn: 2, 5400, 6000)
    let result = call.judged()
    #expect(result.verdict == .passed)
    #expect(result.metrics.talkOver == .milliseconds(100))
  }

  @Test("An agent on hold says nothing; that it took the music for speech is told")
  func hold() {
    func result(_ change: (inout StagedCall) -> Void) -> CaseResult {
      var call = StagedCall()
      change(&call)
      call.caller(.hold(music: nil, length: .seconds(8)), 1500, 9500)
      call.say("I will come", 9700, 10_500)
      call.agent("Thank you for that.", turn: 1, 11_000, 12_000)
      return call.judged()
    }
    let good = result { _ in }
    #expect(good.verdict == .passed && good.checks(.hold).count == 1 && good.checks(.interruption).count == 1)
    #expect(result { $0.agent("Are you still there?", turn: 0, 8200, 9200) }.blamed.first == .hold)
    #expect(result { $0.agent("Sorry?", turn: 0, 9600, 9650) }.blamed.first == .hold)
    let erring = result { $0.tell(.speech(started: true, at: StagedCall.at(3000)), 3100) }
    #expect(erring.verdict == .passed)
    #expect(erring.checks(.hold).map(\.actual) == ["it did, though it took the music for speech once"])
    let next = result { $0.tell(.speech(started: true, at: StagedCall.at(9750)), 9900) }
    #expect(next.verdict == .passed && next.checks(.hold).map(\.actual) == ["it did"])
  }

  @Test("A message is what the agent says after the beep; over the greeting nobody keeps it")
  func messageLeft() {
    let machine = CallerAction.answerAsMachine(greeting: [.words("Leave a message")], beep: MachineBeep())
    func result(_ start: Int?) -> CaseResult {
      var call = StagedCall()
      (call.evidence.agentSpeech, call.evidence.notices) = ([], [])
      call.caller(machine, 100, 3000, expecting: [CallCore.Expectation(.messageLeft(["call us", "ten"]))])
      if let start { call.agent("Please call us before ten", turn: 1, start, start + 2000) }
      return call.judged()
    }
    #expect(result(3200).verdict == .passed)
    #expect(result(1500).blamed.contains(.interruption) && result(1500).blamed.contains(.messageLeft))
    #expect(result(nil).blamed.contains(.messageLeft))
  }

  @Test("A backchannel must neither stop the agent nor be answered")
  func selectivity() {
    func result(_ change: (inout StagedCall) -> Void) -> CaseResult {
      var call = StagedCall()
      call.evidence.agentSpeech = []
      call.evidence.notices = []
      change(&call)
      call.caller(.backchannel("uh-huh"), 1000, 1300, cue: .overAgent(after: .milliseconds(800)))
      return call.judged()
    }
    let goesOn = result { $0.agent("I can offer Monday or Tuesday", turn: 0, 200, 3000) }
    #expect(goesOn.verdict == .passed)
    #expect(goesOn.checks(.selectivity).count == 1)
    #expect(goesOn.checks(.yield).isEmpty && goesOn.checks(.reply).isEmpty)
    let stops = result { $0.agent("I can offer Monday or Tuesday", turn: 0, 200, 1400, cut: "I can offer") }
    #expect(stops.blamed == [.selectivity])
    let answers = result {
      $0.agent("I can offer Monday", turn: 0, 200, 1800)
      $0.agent("Pardon?", turn: 1, 2400, 2800)
    }
    #expect(answers.blamed == [.selectivity])
    let says = result {
      $0.agent("I can offer Monday", turn: 0, 200, 1800)
      $0.agent("Or any other day.", turn: 0, 2400, 2800)
    }
    #expect(says.verdict == .passed)
  }

  @Test(
    "A reply that is the caller's words is an echo",
    arguments: [
      ("I need an appointment", [CheckKind.echo]), ("an appointment I need", [.echo]), ("An appointment?", []),
      ("You need an appointment, fine", []),
    ])
  func echo(reply: String, blamed: [CheckKind]) {
    #expect(StagedCall.oneTurn(reply).judged().blamed == blamed)
  }

  @Test(
    "A reply that is nothing but the keywords has no words of its own",
    arguments: [
      ("day date", [CheckKind.ownWords]), ("Date and day.", [.ownWords]), ("Which day and date?", []),
    ])
  func ownWords(reply: String, blamed: [CheckKind]) {
    let call = StagedCall.oneTurn(reply, expecting: [Expected(.keywords(["day", "date"]))])
    #expect(call.judged().blamed == blamed)
  }

  @Test("A whole sentence that is expected is no keyword")
  func sentence() {
    let sentence = "Which day would you like to come?"
    let call = StagedCall.oneTurn(sentence, expecting: [Expected(.keywords([sentence]))])
    #expect(call.judged().verdict == .passed)
  }
}
