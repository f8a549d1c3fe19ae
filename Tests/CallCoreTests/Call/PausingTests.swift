import CallCore
import Testing

/// An agent that pauses for speech over it, and stops only when there are words in it.
@Suite("An interruption when there are words")
struct PausingTests {
  private static let utterance = UtteranceID(1)

  /// The agent says ten sentences of a second; the caller has been silent for the first 320 ms.
  private static func speaking(
    _ words: String?, rule: InterruptRule = .whenWords, expected: Set<String> = [],
    _ change: (inout TurnLimits) -> Void = { _ in }
  ) -> CallHarness {
    let text = String(repeating: "One two three. ", count: 10)
    var flow = ScriptedFlow(answers: [
      [.say(text, interruptible: true), .listen(ListenOptions())], [.listen(ListenOptions())],
    ])
    flow.interruptRule = rule
    flow.expected = expected
    var limits = TurnLimits()
    change(&limits)
    var harness = CallHarness(flow: flow, limits: limits)
    harness.words = words
    harness.send(.began)
    harness.pause(for: .milliseconds(320))
    return harness
  }

  private static func asked(_ harness: CallHarness) -> [RequestID] {
    harness.actions.compactMap { if case .transcribe(let request, .interruption) = $0 { request } else { nil } }
  }

  private static func isTold(_ harness: CallHarness) -> Bool {
    harness.reports.contains {
      switch $0 {
      case .clear, .speechStarted: true
      default: false
      }
    }
  }

  private static func states(_ harness: CallHarness) -> [String] {
    harness.reports.compactMap {
      switch $0 {
      case .agentPaused: "paused"
      case .agentResumed: "resumed"
      case .agentInterrupted: "interrupted"
      case .agentFinished: "finished"
      default: nil
      }
    }
  }

  private static func takenBack(_ harness: CallHarness) -> [Timestamp] { harness.call.record.interruptionsTakenBack }

  @Test("Speech of 160 ms pauses the agent; nothing is cleared or told as speech until there are words")
  func pauses() {
    var harness = Self.speaking(nil)
    harness.speak(for: .milliseconds(128))
    #expect(harness.pausedAt == nil)
    harness.speak(for: .milliseconds(32))
    #expect(harness.pausedAt == harness.now && Self.states(harness) == ["paused"])
    #expect(harness.call.phase.name == "speaking" && !Self.isTold(harness))
    #expect(!harness.actions.contains(.stopPlayout(Self.utterance)))
  }

  @Test("Words make it an interruption within 400 ms; the turn has all that was said, and is answered")
  func words() throws {
    var harness = Self.speaking("What are your opening hours?")
    let begin = harness.now
    harness.speak(for: .milliseconds(416))
    #expect(harness.call.phase == .hearing && harness.now - begin <= .milliseconds(160 + 400))
    #expect(Self.states(harness) == ["paused", "interrupted"] && Self.isTold(harness))
    #expect(Self.takenBack(harness).isEmpty)
    let entry = try #require(harness.call.record.transcript.first { $0.role == .agent })
    // 320 ms of silence and 160 ms of speech: while it paused, nothing was heard.
    #expect(entry.heard == .milliseconds(480))
    harness.speak(for: .milliseconds(480))
    harness.pause(for: .milliseconds(512))
    #expect(harness.inputs == [.begin, .said("What are your opening hours?")])
    let opened = harness.actions.compactMap {
      if case .openTurn(let turn, let start) = $0 { (turn, start) } else { nil }
    }
    #expect(opened.count == 1 && opened[0] == (TurnID(1), begin) && harness.call.record.turns == 1)
  }

  @Test(
    "A back-channel, a cough or a noise is taken back: the agent goes on from where it paused, and no turn was taken",
    arguments: ["Uh-huh.", "Mm-hmm.", "Yeah.", "Okay, yeah.", "", "[cough]"])
  func backchannel(words: String) throws {
    var harness = Self.speaking(words)
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(128))
    #expect(harness.pausedAt == nil && Self.states(harness) == ["paused", "resumed"])
    #expect(Self.takenBack(harness) == [.zero + .milliseconds(480)])
    harness.pause(for: .seconds(10))
    #expect(Self.states(harness) == ["paused", "resumed", "finished"] && !Self.isTold(harness))
    let entry = try #require(harness.call.record.transcript.first { $0.role == .agent })
    #expect(entry.heard == .seconds(10) && !entry.interrupted)
    #expect(harness.inputs == [.begin] && harness.call.record.turns == 0)
    #expect(harness.count { if case .closeTurn = $0 { true } else { false } } == 1)
  }

  @Test(
    "Words that a recogniser makes of a back-channel are taken back, as long as the sound is short and the flow does not wait for them",
    arguments: ["Of her.", "Amen.", "Ham,", "Emmy chum.", "Yes."])
  func misheard(words: String) throws {
    var harness = Self.speaking(words)
    harness.speak(for: .milliseconds(416))
    harness.pause(for: .milliseconds(128))
    #expect(Self.states(harness) == ["paused", "resumed"] && Self.takenBack(harness).count == 1)
    harness.pause(for: .seconds(10))
    #expect(Self.states(harness) == ["paused", "resumed", "finished"] && !Self.isTold(harness))
    #expect(try #require(harness.call.record.transcript.first { $0.role == .agent }).heard == .seconds(10))
    #expect(harness.inputs == [.begin] && harness.count { if case .closeTurn = $0 { true } else { false } } == 1)

    harness = Self.speaking(words, expected: [words])
    harness.speak(for: .milliseconds(416))
    #expect(harness.call.phase == .hearing && Self.states(harness) == ["paused", "interrupted"], "waited for")
  }

  @Test("Of more than 700 ms of speech any word interrupts, though not by the question that was asked before")
  func longSpeech() throws {
    var harness = Self.speaking(nil)
    harness.speak(for: .milliseconds(736))
    harness.send(.transcribed(try #require(Self.asked(harness).last), "Tomorrow"))
    #expect(harness.call.phase.name == "speaking" && Self.asked(harness).count == 1)
    harness.words = "Tomorrow afternoon"
    harness.speak(for: .milliseconds(160))
    #expect(Self.asked(harness).count == 2 && harness.call.phase == .hearing)
  }

  @Test("What follows words in doubt within two seconds is heard together with them; the agent has gone on meanwhile")
  func doubt() {
    var harness = Self.speaking("Could you")
    let begin = harness.now
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(320))
    #expect(Self.states(harness) == ["paused", "resumed"])
    harness.words = "Could you repeat that?"
    harness.speak(for: .milliseconds(480))
    harness.pause(for: .milliseconds(96))
    #expect(harness.call.phase == .hearing && Self.states(harness) == ["paused", "resumed", "interrupted"])
    let opened = harness.actions.compactMap { if case .openTurn(_, let start) = $0 { start } else { nil } }
    #expect(opened == [begin])
  }

  @Test("An answer over the end of the agent's words is the caller's turn, while its words are open or in doubt")
  func overTheEnd() throws {
    for words in [nil, "Anna Miller."] {
      var harness = Self.speaking(words)
      let begin = harness.now
      harness.speak(for: .milliseconds(640))
      harness.pause(for: .milliseconds(320))
      #expect(harness.call.phase.name == "speaking")
      harness.send(.playoutFinished(Self.utterance))
      #expect(harness.call.phase == .hearing && Self.states(harness) == ["paused", "resumed", "finished"])
      #expect(!harness.actions.contains(.stopPlayout(Self.utterance)))
      harness.words = "Anna Miller."
      harness.pause(for: .milliseconds(512))
      #expect(harness.inputs == [.begin, .said("Anna Miller.")] && harness.call.record.turns == 1)
      let opened = harness.actions.compactMap { if case .openTurn(_, let start) = $0 { start } else { nil } }
      #expect(opened == [begin])
    }
  }

  @Test("People who talk on behind the caller do not lengthen a back-channel: it is taken back")
  func behind() {
    var harness = Self.speaking("Uh-huh.")
    harness.hear(950, for: .milliseconds(320), level: -20)
    harness.hear(950, for: .milliseconds(480), level: -40)
    #expect(Self.states(harness) == ["paused", "resumed"])
    #expect(harness.count { if case .closeTurn = $0 { true } else { false } } == 1)
    harness.hear(950, for: .seconds(2), level: -40)
    #expect(Self.states(harness) == ["paused", "resumed"] && Self.asked(harness).count <= 2)
  }

  @Test("Back-channels one after another are each judged by their own words, and silence between them is no speech")
  func twice() {
    var harness = Self.speaking("Of her.")
    harness.speak(for: .milliseconds(416))
    harness.pause(for: .milliseconds(288))
    harness.words = "Of her. Of her."
    harness.speak(for: .milliseconds(416))
    harness.pause(for: .milliseconds(96))
    #expect(Self.states(harness) == ["paused", "resumed"] && harness.call.phase.name == "speaking")
    harness.words = "Of her. Of her. Where are you?"
    harness.speak(for: .milliseconds(416))
    harness.pause(for: .milliseconds(96))
    #expect(harness.call.phase == .hearing)
  }

  @Test("A caller who sends nothing while silent is asked for once more and then taken back")
  func silentLine() {
    var harness = Self.speaking("Of her.")
    harness.speak(for: .milliseconds(256))
    harness.idle(for: .milliseconds(600))
    #expect(Self.asked(harness).count <= 2 && Self.states(harness) == ["paused", "resumed"])
    harness.idle(for: .seconds(2))
    #expect(Self.asked(harness).count <= 2)
    #expect(harness.count { if case .closeTurn = $0 { true } else { false } } == 1)
  }

  @Test("Without words after 400 ms the agent goes on, whatever still sounds; words that come later stop it")
  func late() throws {
    var harness = Self.speaking(nil)
    harness.speak(for: .milliseconds(160 + 384))
    #expect(harness.pausedAt != nil)
    harness.speak(for: .milliseconds(32))
    #expect(harness.pausedAt == nil && Self.states(harness) == ["paused", "resumed"])
    harness.send(.transcribed(try #require(Self.asked(harness).last), "Wait a moment"))
    #expect(harness.call.phase == .hearing && Self.states(harness) == ["paused", "resumed", "interrupted"])
  }

  @Test("Who goes on after a back-channel is asked again, and stops the agent by what follows")
  func goesOn() throws {
    var harness = Self.speaking("Yeah,")
    harness.speak(for: .milliseconds(800))
    #expect(Self.states(harness) == ["paused", "resumed"])
    harness.words = "Yeah, but what about Tuesday?"
    harness.speak(for: .milliseconds(480))
    #expect(harness.call.phase == .hearing && harness.call.record.turns == 1)
  }

  @Test("A noise that goes on pauses the agent once, and its words are asked for 8 times, and once when it is over")
  func noise() {
    var harness = Self.speaking("")
    harness.speak(for: .seconds(8))
    #expect(Self.asked(harness).count == 8 && Self.states(harness) == ["paused", "resumed"])
    harness.pause(for: .milliseconds(128))
    #expect(Self.asked(harness).count == 9 && Self.takenBack(harness).count == 1)
    #expect(harness.count { if case .closeTurn = $0 { true } else { false } } == 1)
  }

  @Test("The recogniser fails, or never answers: the agent goes on, and the next speech pauses it again")
  func noAnswer() throws {
    for fails in [false, true] {
      var harness = Self.speaking(nil)
      harness.speak(for: .milliseconds(320))
      harness.pause(for: .milliseconds(128))
      let request = try #require(Self.asked(harness).last)
      if fails { harness.send(.recognitionFailed(request, .timedOut(limit: .seconds(1)))) }
      harness.pause(for: .milliseconds(2100))
      #expect(Self.states(harness) == ["paused", "resumed"])
      #expect(harness.actions.contains(.cancel(request)) != fails)
      harness.speak(for: .milliseconds(160))
      #expect(Self.states(harness) == ["paused", "resumed", "paused"])
    }
  }

  @Test("A key stops an agent that pauses at once, and what was said over it is not used")
  func key() throws {
    var harness = Self.speaking(nil)
    harness.speak(for: .milliseconds(320))
    harness.send(.keyPressed(try #require(Key("4"))))
    #expect(harness.call.phase.name == "keying" && Self.states(harness) == ["paused", "interrupted"])
    #expect(harness.count { if case .closeTurn = $0 { true } else { false } } == 1)
  }

  @Test("The end of the agent's words, or of the call, ends a pause; speech that goes on is then a turn")
  func ends() {
    var harness = Self.speaking(nil)
    harness.speak(for: .milliseconds(320))
    harness.send(.playoutFinished(Self.utterance))
    #expect(harness.call.phase == .hearing && harness.call.record.turns == 1)
    harness = Self.speaking(nil)
    harness.speak(for: .milliseconds(320))
    harness.send(.hungUp)
    #expect(harness.call.isOver && harness.count { if case .closeTurn = $0 { true } else { false } } == 1)
  }

  @Test("At once unless the flow says otherwise, and where the wire knows no pause")
  func atOnce() {
    for harness in [Self.speaking("Yeah.", rule: .atOnce), Self.speaking("Yeah.") { $0.pausesForWords = false }] {
      var harness = harness
      harness.speak(for: .milliseconds(160))
      #expect(harness.call.phase == .hearing && Self.isTold(harness) && Self.states(harness) == ["interrupted"])
    }
  }

  @Test(
    "What words interrupt",
    arguments: [
      ("Stop.", true), ("No.", true), ("Yes.", true), ("Yeah, but not on Monday.", true), ("What?", true),
      ("Four.", true), ("4", true),
      ("Uh-huh.", false), ("Mhm", false), ("Mm-hmm, okay.", false), ("Okay.", false), ("Yeah yeah", false), ("", false),
      ("...", false),
      ("(coughs)", false), ("*cough*", false), ("*cough* Wait.", true),
    ])
  func interrupting(text: String, interrupts: Bool) {
    #expect(InterruptionWords(text).interrupt == interrupts)
  }

  @Test(
    "What words are certain, however short the sound is",
    arguments: [
      ("Stop.", true), ("No, no.", true), ("What?", true), ("4711", true), ("Four.", true), ("What are your", true),
      ("Hold on.", true), ("I would like", true),
      ("Of her.", false), ("Amen.", false), ("Yes.", false), ("Great.", false), ("I see.", false), ("", false),
    ])
  func certain(text: String, isCertain: Bool) {
    #expect(InterruptionWords(text).areCertain() == isCertain)
  }
}
