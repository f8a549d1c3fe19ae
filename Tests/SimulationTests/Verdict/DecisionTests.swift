import CallCore
import Wires
import Formats
import Simulation
import Testing

@Suite("What a case comes to")
struct DecisionTests {
  @Test("Coverage divides by the turns that were written")
  func coverage() {
    var call = StagedCall.oneTurn()
    call.write(.say([.words("Tuesday")]))
    call.write(.say([.words("At ten")]))
    let result = call.judged()
    #expect(result.blamed == [.coverage])
    #expect(result.metrics.turnsWritten == 3)
    #expect(result.metrics.turnsReached == 1)
    #expect(result.reasons.first?.expected == "3 of 3 turns")
    #expect(result.reasons.first?.actual == "1 were reached, and the call ended: caller-hung-up")
    #expect(result.turns.map(\.isReached) == [true, false, false])
  }

  @Test("A caller cannot hang up on an agent that has ended the call")
  func hangUp() {
    var call = StagedCall.oneTurn()
    call.write(.hangUp)
    #expect(call.judged().blamed == [.coverage])
    call.evidence.record?.reason = .completed
    #expect(call.judged().verdict == .passed)
  }

  @Test(
    "Without a call there is no verdict on the agent",
    arguments: [
      CallFailure.unreachable("nobody listens"), .refused(code: "no-lines", message: "full"), .callerEngine("no voice"),
    ])
  func noCall(failure: CallFailure) {
    var call = StagedCall()
    call.evidence = CallEvidence(mode: .live)
    call.write(.say([.words("Tuesday")]), expecting: [Expected(.keywords(["day"]))])
    call.evidence.failure = failure
    let result = call.judged()
    #expect(result.verdict == .invalid)
    #expect(result.reasons.map(\.kind) == [.line])
    #expect(result.reasons.first?.actual == failure.description)
  }

  @Test(
    "A target that breaks the call fails",
    arguments: [CallFailure.brokenOff("eof"), .hung("ready"), .rubbish("{"), .tooLong("180 s")])
  func brokenCall(failure: CallFailure) {
    var call = StagedCall()
    call.say("I need an appointment", 1500, 2500)
    call.write(.say([.words("Tuesday")]))
    call.evidence.failure = failure
    call.evidence.duration = .seconds(4)
    call.evidence.record = nil
    let result = call.judged()
    #expect(result.verdict == .failed)
    #expect(result.blamed == [.line, .coverage])
  }

  @Test("A failed engine of the agent fails the line, unless the case asks for it")
  func engine() {
    var call = StagedCall.oneTurn()
    call.tell(.error(code: "recognition-failed", message: "the recogniser failed", fatal: false), 3000)
    #expect(call.judged().blamed == [.line])
    #expect(call.judged().reasons.first?.at == StagedCall.at(3000))
    call.testCase.world.engineTroubles = [CallWorld.EngineTrouble(engine: .recognition, fromTurn: 1, delay: nil)]
    #expect(call.judged().verdict == .passed)
    call.evidence.record?.reason = .engineFailed
    call.write(.say([.words("Tuesday")]))
    #expect(call.judged().verdict == .passed, "the turns after it cannot be reached")
  }

  @Test("Reasons are in the order of the turns, and what explains the others comes first")
  func order() {
    var call = StagedCall()
    call.say("I need an appointment", 1500, 2500, expecting: [.keywords(["day"])])
    call.say("Hello?", 11_000, 11_500, expecting: [.state("greeting")])
    call.write(.hangUp)
    let reasons = call.judged().reasons
    #expect(reasons.map(\.kind) == [.reply, .keywords, .reply, .state, .coverage])
    #expect(reasons.map(\.turn) == [1, 1, 2, 2, nil])
  }

  @Test("A case that must fail passes when it fails by just that")
  func mustFail() {
    var call = StagedCall()
    call.say("I need an appointment", 1500, 2500, expecting: [.keywords(["day"])])
    call.testCase.mustFail = .reply
    #expect(call.judged().verdict == .passed)
    #expect(call.judged().reasons.isEmpty)
    #expect(call.judged().checks(.reply).map(\.verdict) == [.failed])
    call.testCase.mustFail = .keywords
    let other = call.judged()
    #expect(other.verdict == .failed)
    #expect(other.reasons.first?.actual == "it failed by reply first: an answer within 8 s")
  }

  @Test("A case that must fail and passes has failed; one that says nothing stays invalid")
  func mustFailOtherwise() {
    var call = StagedCall.oneTurn()
    call.testCase.mustFail = .yield
    let passed = call.judged()
    #expect(passed.verdict == .failed)
    #expect(passed.reasons.map(\.actual) == ["it passed"])
    call.evidence.callerSpeech = []
    #expect(call.judged().verdict == .invalid)
  }

  @Test("What identifies the attempt goes through unchanged")
  func identity() {
    let result = StagedCall.oneTurn().judged()
    #expect(result.attempt == 1)
    #expect(result.seed == 7)
    #expect(result.mode == .virtual)
    #expect(result.replay == "voiceforge test staged")
    #expect(result.metrics.duration == .seconds(30))
  }
}
