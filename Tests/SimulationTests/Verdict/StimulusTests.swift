import CallCore
import Simulation
import Testing

@Suite("Whether the caller did what was written")
struct StimulusTests {
  @Test("Words that are not in the track make the case invalid")
  func missingWords() {
    var call = StagedCall.oneTurn()
    #expect(call.judged().checks(.stimulus).map(\.verdict) == [.passed])
    call.evidence.callerSpeech = []
    let result = call.judged()
    #expect(result.verdict == .invalid)
    #expect(result.reasons.first?.actual == "the caller's words are not in the track")
    #expect(result.reasons.first?.line == 10)
  }

  @Test("What is said between two pauses has to be heard, a filler alone, too")
  func missingPiece() {
    var call = StagedCall()
    let pause = SpokenPiece.pause(.milliseconds(200))
    call.say(
      [(.words("I need"), 600), (pause, 200), (.filler("uh"), 300), (pause, 200), (.words("a doctor"), 700)],
      from: 1500)
    call.understood("I need a doctor", turn: 1, speechAt: 1500, 4000)
    call.agent("Which day is good?", turn: 1, 4100, 4700)
    #expect(call.judged().verdict == .passed)
    call.evidence.callerSpeech.remove(at: 1)
    let result = call.judged()
    #expect(result.verdict == .invalid)
    #expect(result.reasons.first?.expected == "the caller says “uh”")
    #expect(result.reasons.first?.at == StagedCall.at(2300))
  }

  @Test("A call that ends while the caller speaks or presses keys leaves the rest undone, and that is no fault")
  func cutShort() throws {
    var call = StagedCall()
    call.say([(.words("I need"), 600), (.pause(.milliseconds(400)), 400), (.words("a doctor"), 700)], from: 1500)
    call.evidence.callerSpeech = [StagedCall.span(1500, 2100)]
    call.evidence.acts[0].ended = StagedCall.at(2300)
    call.evidence.record?.reason = .completed
    #expect(call.judged().blamed == [.stimulus])
    call.evidence.duration = .milliseconds(2300)
    #expect(call.judged().verdict == .passed)
    var keying = StagedCall()
    keying.caller(.press(try "4711".map { try #require(Key($0)) }), 1500, 1950)
    keying.evidence.acts[0].keys.removeLast(2)
    keying.evidence.record?.reason = .completed
    #expect(keying.judged().blamed == [.stimulus])
    keying.evidence.duration = .milliseconds(1700)
    #expect(keying.judged().verdict == .passed)
  }

  @Test("In text mode a recording without known words makes no sound")
  func textMode() {
    var call = StagedCall()
    call.caller(.play(file: "cough.wav", text: nil), 1500, 2500)
    call.agent("Excuse me?", turn: 1, 3000, 3500)
    call.evidence.callerSpeech = []
    call.evidence.mode = .text
    #expect(call.judged().verdict == .passed)
  }

  @Test("A recording has to be heard")
  func silentRecording() {
    var call = StagedCall()
    call.caller(.play(file: "calls/cough.wav", text: nil), 1500, 2500)
    call.agent("Excuse me?", turn: 1, 3000, 3500)
    #expect(call.judged().verdict == .passed)
    #expect(call.judged().turns[0].action == "plays cough.wav")
    call.evidence.callerSpeech = []
    #expect(call.judged().verdict == .invalid)
  }

  @Test("A written pause has to be silent, and as long as written")
  func pauses() {
    func result(pause: Int, speech: SpeechSpan? = nil) -> CaseResult {
      var call = StagedCall()
      call.say([(.words("I need"), 600), (.pause(.milliseconds(400)), pause), (.words("a doctor"), 700)], from: 1500)
      call.understood("I need a doctor", turn: 1, speechAt: 1500, 3700)
      call.agent("Which day is good?", turn: 1, 3800, 4500)
      if let speech { call.evidence.callerSpeech.append(speech) }
      return call.judged()
    }
    #expect(result(pause: 400).verdict == .passed)
    #expect(result(pause: 400, speech: StagedCall.span(2200, 2300)).blamed == [.stimulus])
    #expect(result(pause: 300).blamed == [.stimulus])
  }

  @Test("Keys have to be sent, all of them")
  func keys() throws {
    let keys = try "4711".map { try #require(Key($0)) }
    var call = StagedCall()
    call.caller(.press(keys), 1500, 1950)
    call.agent("Thank you for that", turn: 1, 2100, 2600)
    #expect(call.judged().verdict == .passed)
    call.evidence.acts[0].keys.removeLast()
    let result = call.judged()
    #expect(result.verdict == .invalid)
    #expect(result.reasons.first?.expected == "the caller presses 4711")
    #expect(result.reasons.first?.actual == "sent: 471")
  }

  @Test("An interruption and a backchannel have to overlap the agent", arguments: [true, false])
  func overlap(isBackchannel: Bool) {
    func result(at start: Int) -> CaseResult {
      var call = StagedCall()
      let cue = CallerCue.overAgent(after: .milliseconds(500))
      if isBackchannel {
        call.caller(.backchannel("uh-huh"), start, start + 300, cue: cue)
      } else {
        call.say("Stop please", start, start + 800, cue: cue)
        call.understood("Stop please", turn: 1, speechAt: start, start + 1400)
        call.agent("What can I do for you?", turn: 1, start + 1500, start + 2500)
      }
      return call.judged()
    }
    #expect(result(at: 700).verdict == .passed)
    let late = result(at: 1190)
    #expect(late.verdict == .invalid)
    #expect(late.reasons.first?.actual == "the agent was not speaking")
  }

  @Test(
    "A key that breaks the agent off between two of its words has overlapped it, one after its end has not",
    arguments: [true, false])
  func keyInGap(isCut: Bool) throws {
    var call = StagedCall()
    // The greeting is audible from 0.2 to 1.2 s; then the agent draws breath, and the caller is told of its end 40 ms later.
    if isCut {
      call.agent("Press one to book, or two to cancel", turn: 0, 1300, 1800, cut: "Press one")
    } else {
      call.agent("Press one to book.", turn: 0, 1300, 1800)
    }
    call.caller(.press([try #require(Key("1"))]), 1830, 1830, cue: .overAgent(after: .milliseconds(500)))
    call.agent("Which day?", turn: 1, 2100, 2900)
    let result = call.judged()
    #expect(result.verdict == (isCut ? .passed : .invalid))
    if isCut { #expect(result.metrics.yields == [.zero]) }
  }

  @Test("What failed before the missing stimulus failed all the same; what failed after it says nothing")
  func precedence() {
    var call = StagedCall.oneTurn(expecting: [Expected(.keywords(["month"]))])
    call.say("Tuesday", 4500, 5000)
    call.agent("Fine by me", turn: 2, 5600, 6000)
    call.evidence.callerSpeech.removeLast()
    #expect(call.judged().verdict == .failed)
    call.testCase.turns[0].expectations = []
    call.testCase.turns[1].expectations = [Expected(.keywords(["month"]))]
    let result = call.judged()
    #expect(result.verdict == .invalid)
    #expect(result.blamed == [.stimulus, .keywords])
  }
}
