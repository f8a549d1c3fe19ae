import CallCore
import Testing

/// A turn that ends by its meaning: the turn detector and the words of a pause decide together.
@Suite("The end of a turn by its meaning")
struct TurnEndingTests {
  private static let sentence = "I would like to see a doctor."
  private static let fragment = "I would like to see the"

  /// The caller has said `words` where turns end by `rule`, and makes a pause of `length`.
  private static func paused(
    _ words: String?, _ completeness: Int?, for length: CallDuration, rule: EndOfTurnRule? = .meaning,
    _ change: (inout CallHarness) -> Void = { _ in }
  ) -> CallHarness {
    var listening = ListenOptions()
    listening.endOfTurn = rule
    var harness = CallHarness([[.listen(listening)], [.say("All right.", interruptible: true), .listen(listening)]])
    (harness.words, harness.completeness) = (words, completeness)
    change(&harness)
    harness.send(.began)
    harness.speak(for: .milliseconds(960))
    harness.pause(for: length)
    return harness
  }

  private static func judged(_ harness: CallHarness) -> [RequestID] {
    harness.actions.compactMap { if case .judgeTurn(let request) = $0 { request } else { nil } }
  }

  /// The reply plays, so that the turn's latency is on record.
  private static func latency(_ harness: CallHarness) -> TurnLatency? {
    var harness = harness
    harness.call.handle(.playoutStarted(UtteranceID(1)), at: harness.now, into: &harness.actions)
    return harness.call.record.turnLatencies.last
  }

  @Test("Complete by sound and words: the turn is over after 224 ms of silence, which is told")
  func complete() throws {
    let harness = Self.paused(Self.sentence, 930, for: .milliseconds(224))
    #expect(harness.inputs == [.begin, .said(Self.sentence)])
    #expect(Self.judged(harness).count == 1)
    let latency = try #require(Self.latency(harness))
    #expect(latency.endedBy == .meaning && latency.endpoint == .milliseconds(224))
  }

  @Test(
    "Where sound and words differ, or words do not tell, the usual silence ends the turn",
    arguments: [(sentence, 120), (fragment, 930), ("Tomorrow morning.", 990), ("Yes.", 990), ("", 990)])
  func undecided(words: String, completeness: Int) throws {
    var harness = Self.paused(words, completeness, for: .milliseconds(480))
    #expect(harness.inputs == [.begin])
    harness.pause(for: .milliseconds(32))
    #expect(harness.inputs.count == 2)
    #expect(try #require(Self.latency(harness)).endedBy == .silence)
  }

  @Test("Unfinished by sound and words: the caller gets 1.2 s, which is told")
  func unfinished() throws {
    var harness = Self.paused(Self.fragment, 80, for: .milliseconds(1184))
    #expect(harness.inputs == [.begin])
    harness.pause(for: .milliseconds(32))
    #expect(harness.inputs == [.begin, .said(Self.fragment)])
    #expect(try #require(Self.latency(harness)).endedBy == .longSilence)
  }

  @Test("Whoever goes on after an unfinished pause is judged anew in the next one, with the usual silence until then")
  func goesOn() {
    var harness = Self.paused(Self.fragment, 80, for: .milliseconds(800))
    (harness.words, harness.completeness) = ("I would like to see the doctor.", 20)
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(512))
    #expect(harness.inputs == [.begin, .said("I would like to see the doctor.")])
    #expect(Self.judged(harness).count == 2)
  }

  @Test("A longer silence of the state holds for a turn that is unfinished, and not for one that is complete")
  func ownSilence() {
    var listening = ListenOptions()
    (listening.endOfTurn, listening.endOfTurnSilence) = (.meaning, .seconds(2))
    for (words, completeness, silence) in [
      (Self.sentence, 900, 224), (Self.sentence, 80, 2016), (Self.fragment, 80, 2016),
    ] {
      var harness = CallHarness([[.listen(listening)]])
      (harness.words, harness.completeness) = (words, completeness)
      harness.send(.began)
      harness.speak(for: .milliseconds(960))
      harness.pause(for: .milliseconds(silence - 32))
      #expect(harness.inputs == [.begin], "\(words) \(completeness)")
      harness.pause(for: .milliseconds(32))
      #expect(harness.inputs.count == 2, "\(words) \(completeness)")
    }
  }

  @Test("No answer of the turn detector, or a failure: the old rule, and the question is given up with the turn")
  func noAnswer() throws {
    for fails in [false, true] {
      var harness = Self.paused(Self.sentence, nil, for: .milliseconds(256))
      let request = try #require(Self.judged(harness).first)
      if fails { harness.send(.turnJudgementFailed(request, .overloaded(queue: "turn detector", limit: 4))) }
      harness.pause(for: .milliseconds(224))
      #expect(harness.inputs == [.begin] && Self.judged(harness) == [request], "asked once a pause")
      harness.pause(for: .milliseconds(32))
      #expect(harness.inputs.count == 2)
      #expect(harness.actions.contains(.cancel(request)) != fails)
      harness.send(.turnJudged(request, TurnCompleteness(thousandths: 990)))
      #expect(harness.inputs.count == 2)
    }
  }

  @Test(
    "Settings of the client that come in the pause give the question up: neither its answer nor what it said before ends the turn"
  )
  func configured() throws {
    var settings = TurnSettings()
    settings.detectsTurns = false
    for isAnswered in [false, true] {
      var harness = Self.paused(nil, isAnswered ? 930 : nil, for: .milliseconds(256))
      let request = try #require(Self.judged(harness).first)
      harness.send(.commanded(.configure(settings)))
      #expect(harness.actions.contains(.cancel(request)) != isAnswered)
      harness.send(.turnJudged(request, TurnCompleteness(thousandths: 930)))
      let asked = harness.actions.compactMap { if case .transcribe(let asked, _) = $0 { asked } else { nil } }.last
      harness.send(.transcribed(try #require(asked), Self.sentence))
      harness.pause(for: .seconds(2))
      #expect(harness.inputs == [.begin] && harness.call.phase.name == "hearing")
    }
  }

  @Test("An answer that comes before the words is kept for them; an answer to an earlier pause counts for nothing")
  func order() throws {
    var harness = Self.paused(nil, nil, for: .milliseconds(256))
    let words = try #require(
      harness.actions.compactMap { if case .transcribe(let request, .speculative) = $0 { request } else { nil } }.last)
    harness.send(.turnJudged(try #require(Self.judged(harness).last), TurnCompleteness(thousandths: 900)))
    #expect(harness.inputs == [.begin])
    harness.send(.transcribed(words, Self.sentence))
    #expect(harness.inputs == [.begin, .said(Self.sentence)])

    harness = Self.paused(Self.sentence, nil, for: .milliseconds(256))
    let old = try #require(Self.judged(harness).last)
    harness.speak(for: .milliseconds(320))
    #expect(harness.actions.contains(.cancel(old)))
    harness.pause(for: .milliseconds(256))
    harness.send(.turnJudged(old, TurnCompleteness(thousandths: 990)))
    #expect(harness.inputs == [.begin])
  }

  @Test("A caller who goes on before the reply is heard takes a turn back that ended by meaning")
  func takenBack() {
    var harness = Self.paused(Self.sentence, 900, for: .milliseconds(224)) { $0.sentence = nil }
    #expect(harness.inputs.count == 2)
    harness.words = Self.sentence + " On Tuesday."
    harness.speak(for: .milliseconds(320))
    #expect(harness.call.phase == .hearing)
    harness.pause(for: .milliseconds(224))
    #expect(harness.inputs == [.begin, .said(Self.sentence + " On Tuesday.")])
  }

  @Test(
    "Silence ends turns unless a state, or the limits, say otherwise; a client that sets the silence has the last word")
  func whoDecides() {
    #expect(Self.judged(Self.paused(Self.sentence, 990, for: .milliseconds(448), rule: nil)).isEmpty)
    #expect(Self.judged(Self.paused(Self.sentence, 990, for: .milliseconds(448), rule: .silence)).isEmpty)
    let byLimits = Self.paused(Self.sentence, 990, for: .milliseconds(224), rule: nil) { harness in
      var limits = TurnLimits()
      limits.endOfTurn = .meaning
      harness.call = CallMachine(flow: harness.call.flow, flowName: "scripted", voice: "test", limits: limits)
    }
    #expect(byLimits.inputs.count == 2)
    let byClient = Self.paused(Self.sentence, 990, for: .milliseconds(256)) { harness in
      var settings = TurnSettings()
      settings.endOfTurnSilence = .milliseconds(300)
      harness.send(.commanded(.configure(settings)))
    }
    #expect(byClient.inputs == [.begin] && Self.judged(byClient).isEmpty)
  }

  @Test("Where turns are not to end by their meaning at all, silence ends them, whatever the flow and its states say")
  func never() {
    let harness = Self.paused(Self.sentence, 990, for: .milliseconds(512)) { harness in
      var limits = TurnLimits()
      (limits.endOfTurn, limits.endsTurnsByMeaning) = (.meaning, false)
      harness.call = CallMachine(flow: harness.call.flow, flowName: "scripted", voice: "test", limits: limits)
    }
    #expect(harness.inputs.count == 2 && Self.judged(harness).isEmpty)
  }

  @Test("Why a turn ended stands with its latency, however it ended")
  func keys() throws {
    var harness = Self.paused(nil, nil, for: .milliseconds(256))
    harness.send(.keyPressed(try #require(Key("4"))))
    harness.send(.keyPressed(.terminator))
    #expect(harness.actions.contains(.cancel(try #require(Self.judged(harness).first))))
    #expect(try #require(Self.latency(harness)).endedBy == .keys)
    harness = Self.paused(nil, nil, for: .milliseconds(64))
    harness.send(.typed("a doctor"))
    #expect(try #require(Self.latency(harness)).endedBy == .text)
  }

  @Test(
    "What words say of the end of a sentence",
    arguments: [
      ("I would like to see a doctor.", true), ("Can I come in tomorrow?", true), ("That is not what I said!", true),
      ("I would like to see a", false), ("I would like to see a.", false), ("It is about my order and", false),
      ("My flight is from.", false), ("I am not sure...", false), ("well that would be, um,", false),
      ("Two hundred.", nil), ("Yes.", nil), ("", nil),
    ] as [(String, Bool?)])
  func words(text: String, isComplete: Bool?) {
    #expect(TurnWords(text).isComplete == isComplete)
  }
}
