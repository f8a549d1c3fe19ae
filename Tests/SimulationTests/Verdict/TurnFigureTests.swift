import CallCore
import Wires
import Simulation
import Testing

@Suite("Figures of a turn")
struct TurnFigureTests {
  @Test("The latency reaches from the caller's last sound to the agent's first")
  func latency() {
    let result = StagedCall.oneTurn().judged()
    #expect(result.verdict == .passed)
    #expect(result.turns[0].latency == .milliseconds(600))
    #expect(result.turns[0].reply == "Which day would you like to come?")
    #expect(result.turns[0].replyAt == StagedCall.at(3100))
    #expect(result.turns[0].state == "ask-day")
    #expect(result.turns[0].understood == "I need an appointment")
    #expect(result.metrics.latencies == [.milliseconds(600)])
    #expect(result.metrics.wordErrors?.errors == 0)
  }

  @Test("Silence at the edges of what is placed in the track does not count")
  func edges() {
    var call = StagedCall.oneTurn()
    call.evidence.callerSpeech = [StagedCall.span(1560, 1900), StagedCall.span(2000, 2440)]
    let turn = call.judged().turns[0]
    #expect(turn.began == StagedCall.at(1560))
    #expect(turn.ended == StagedCall.at(2440))
    #expect(turn.latency == .milliseconds(660))
  }

  @Test(
    "The yield reaches from the caller's first sound to the agent's last, and the cut utterance stays with its turn")
  func yield() {
    var call = StagedCall.oneTurn()
    call.agent("I can offer Monday, Tuesday or Friday", turn: 1, 4300, 5340, cut: "I can offer")
    call.say("Tuesday please", 5100, 5900, cue: .overAgent(after: .milliseconds(800)))
    call.understood("Tuesday please", turn: 2, speechAt: 5100, 6400)
    call.agent("Tuesday it is then", turn: 2, 6500, 7400)
    let result = call.judged()
    #expect(result.verdict == .passed)
    #expect(result.turns[0].reply == "Which day would you like to come? I can offer")
    #expect(result.turns[0].yield == nil)
    #expect(result.turns[1].yield == .milliseconds(240))
    #expect(result.turns[1].latency == .milliseconds(600))
    #expect(result.metrics.yields == [.milliseconds(240)])
    #expect(result.metrics.talkOver == .milliseconds(240))
  }

  @Test("A reply whose first sound is there before its notice is not the end of the utterance that was cut off")
  func soundBeforeNotice() {
    var call = StagedCall.oneTurn()
    call.agent("I can offer Monday, Tuesday or Friday", turn: 1, 4300, 5340, cut: "I can offer")
    call.say("Tuesday please", 5100, 5900, cue: .overAgent(after: .milliseconds(800)))
    call.understood("Tuesday please", turn: 2, speechAt: 5100, 6400)
    call.agent("Tuesday it is then", turn: 2, 6500, 7400, noticed: 6545)
    let result = call.judged()
    #expect(result.turns[1].yield == .milliseconds(240))
    #expect(result.turns[1].latency == .milliseconds(600))
    #expect(result.verdict == .passed)
  }

  @Test("A turn that the agent hears as two is measured as one")
  func twoTurns() {
    var call = StagedCall()
    call.say([(.words("I need"), 600), (.pause(.milliseconds(700)), 700), (.words("an appointment"), 700)], from: 1500)
    call.understood("I need", turn: 1, speechAt: 1480, 2600)
    call.agent("Pardon?", turn: 1, 2700, 3000, cut: "")
    call.understood("an appointment", turn: 2, speechAt: 2820, 4000)
    call.agent("Which day is good for you?", turn: 2, 4100, 5000)
    let result = call.judged()
    #expect(result.turns[0].understood == "I need an appointment")
    #expect(result.turns[0].wordErrors?.errors == 0)
    #expect(result.turns[0].latency == .milliseconds(600))
    #expect(result.turns[0].reply == "Which day is good for you?")
    #expect(result.metrics.agentInterruptions == 1)
    #expect(result.metrics.falseEnds == 1)
    #expect(result.blamed == [.interruption])
  }

  @Test("A turn that was taken back counts as it was understood in the end")
  func takenBack() {
    var call = StagedCall()
    call.say([(.words("Tuesday"), 500), (.pause(.milliseconds(600)), 600), (.words("at ten"), 400)], from: 1500)
    call.understood("Tuesday", turn: 1, speechAt: 1520, 2550)
    call.understood("Tuesday at ten", turn: 1, speechAt: 1520, 3500)
    call.agent("I have put you down", turn: 1, 3600, 4600)
    let result = call.judged()
    #expect(result.turns[0].understood == "Tuesday at ten")
    #expect(result.verdict == .passed)
  }

  @Test("Neither a filler nor a stumble is a word error, heard or not; another word is")
  func slips() {
    func errors(_ heard: String) -> Int? {
      var call = StagedCall()
      call.say(
        [
          (.filler("uh"), 300), (.stumble("on on"), 400), (.words("on Tuesday"), 600), (.filler("um"), 300),
          (.words("at ten"), 400),
        ],
        from: 1500)
      call.understood(heard, turn: 1, speechAt: 1500, 4000)
      call.agent("I have put you down", turn: 1, 4100, 5000)
      return call.judged().turns[0].wordErrors?.errors
    }
    #expect(errors("On Tuesday at 10.") == 0)
    #expect(errors("uh on on on Tuesday um at ten") == 0)
    #expect(errors("uh on Tuesday at ten") == 0)
    #expect(errors("on Thursday at ten") == 1)
  }

  @Test("Keys are answered from the last one on, and silence has no latency")
  func keysAndSilence() throws {
    var call = StagedCall()
    let keys = try "471".map { try #require(Key($0)) }
    call.caller(.press(keys), 1500, 1800)
    call.agent("Thank you for that", turn: 1, 1900, 2600)
    call.caller(.staySilent, 2900, 11_000)
    call.agent("Are you still there?", turn: 1, 10_000, 11_000)
    let result = call.judged()
    #expect(result.verdict == .passed)
    #expect(result.turns[0].action == "presses 4 7 1")
    #expect(result.turns[0].latency == .milliseconds(100))
    #expect(result.turns[1].latency == nil)
    #expect(result.turns[1].reply == "Are you still there?")
  }

  @Test("What was announced and never heard was not said")
  func inaudible() {
    var call = StagedCall.oneTurn()
    call.evidence.agentSpeech = []
    let result = call.judged()
    #expect(result.turns[0].reply.isEmpty)
    #expect(result.blamed.first == .reply)
    #expect(result.metrics.missedTurns == 1)
  }

  @Test("The stages of the server stand beside the turn that they belong to")
  func stages() {
    var call = StagedCall.oneTurn()
    let latency = TurnLatency(
      turn: TurnID(1), endpoint: .milliseconds(500), recognition: .zero, flow: .zero, synthesis: .zero,
      playout: .milliseconds(20))
    call.tell(.turn(latency), 3110)
    call.say("Tuesday", 4500, 5000)
    call.agent("Fine by me", turn: 2, 5600, 6000)
    let result = call.judged()
    #expect(result.turns[0].stages == latency)
    #expect(result.turns[1].stages == nil)
  }
}
