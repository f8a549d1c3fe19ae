import CallCore
import Testing

/// Keys and typed texts: first come, first used, whatever the call is doing when they come.
@Suite("Keys and texts keep their order")
struct InputOrderTests {
  /// A flow that asks for four digits again and again.
  static func call(interruptible: Bool = true, keysMax: Int? = 4) -> CallHarness {
    var listening = ListenOptions()
    listening.keysMax = keysMax
    return CallHarness([[.say("Which number?", interruptible: interruptible), .listen(listening)]])
  }

  /// What the flow was told, without its beginning.
  private func told(_ harness: CallHarness) -> [FlowInput] { Array(harness.inputs.dropFirst()) }

  private func press(_ keys: String, _ harness: inout CallHarness) throws {
    for key in keys { harness.send(.keyPressed(try #require(Key(key)))) }
  }

  /// The first sentence is made now and begins to play.
  private func startPlaying(_ harness: inout CallHarness) {
    let speaks = harness.actions.compactMap { if case .speak(let utterance, _) = $0 { utterance } else { nil } }
    guard let utterance = speaks.last else { return }
    harness.send(.sentenceReady(utterance, sentence: 0, .seconds(1)))
    harness.send(.playoutStarted(utterance))
  }

  @Test("before the first sentence is made, all of them or some", arguments: 0...4)
  func whilePreparing(early: Int) throws {
    var harness = Self.call()
    harness.sentence = nil
    harness.send(.began)
    try press(String("4711".prefix(early)), &harness)
    #expect(harness.call.phase.name == "preparing")
    startPlaying(&harness)
    // What was kept interrupts at once; nothing waits for the sentence's end.
    #expect(harness.call.phase.name == ["speaking", "keying", "keying", "keying", "preparing"][early])
    try press(String("4711".dropFirst(early)), &harness)
    #expect(told(harness) == [.pressed("4711")])
  }

  @Test("over an agent that must be heard out, they wait for its end")
  func whileSpeaking() throws {
    var harness = Self.call(interruptible: false)
    harness.send(.began)
    try press("47", &harness)
    harness.send(.typed("hello"))
    try press("1", &harness)
    #expect(told(harness) == [])
    harness.idle(for: .milliseconds(1020))
    #expect(told(harness) == [.pressed("47")])
    harness.idle(for: .milliseconds(1020))
    #expect(told(harness) == [.pressed("47"), .said("hello")])
    harness.idle(for: .milliseconds(1020))
    #expect(harness.call.phase.name == "keying")
  }

  @Test("typed lines right after the beginning are each used once, in order")
  func lines() {
    var harness = Self.call()
    harness.sentence = nil
    harness.send(.began)
    for line in ["book", "tomorrow", "noon", "yes"] { harness.send(.typed(line)) }
    var used = 0
    while used < 4 {
      startPlaying(&harness)
      used += 1
      #expect(told(harness).count == used)
    }
    #expect(told(harness) == [.said("book"), .said("tomorrow"), .said("noon"), .said("yes")])
    startPlaying(&harness)
    #expect(harness.call.phase.name == "speaking")
  }

  @Test("a line behind unfinished keys ends them and comes after them")
  func lineBehindKeys() throws {
    var harness = Self.call()
    harness.send(.began)
    try press("47", &harness)
    #expect(harness.call.phase.name == "keying")
    harness.send(.typed("hello"))
    #expect(told(harness) == [.pressed("47"), .said("hello")])
  }

  @Test("while the words of a turn are awaited")
  func whileRecognizing() throws {
    var harness = CallHarness([[.listen(ListenOptions())]])
    harness.send(.began)
    harness.words = nil
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(512))
    try typeAndPress(&harness, in: "recognizing")
    harness.send(.transcribed(RequestID(1), "hello"))
    #expect(told(harness) == [.said("hello"), .pressed("1"), .said("two"), .pressed("3")])
  }

  @Test("while a tool works")
  func whileWorking() throws {
    let tool = ToolRequest(
      state: "t", method: "GET", url: "http://127.0.0.1/", headers: [], body: nil, wanted: [], timeout: .seconds(5))
    var harness = CallHarness([[.listen(ListenOptions())], [.callTool(tool)], [.listen(ListenOptions())]])
    harness.send(.began)
    harness.send(.typed("go"))
    try typeAndPress(&harness, in: "working")
    harness.send(.toolAnswered(RequestID(1), .timedOut))
    #expect(told(harness) == [.said("go"), .toolAnswered(.timedOut), .pressed("1"), .said("two"), .pressed("3")])
  }

  private func typeAndPress(_ harness: inout CallHarness, in phase: String) throws {
    #expect(harness.call.phase.name == phase)
    try press("1#", &harness)
    harness.send(.typed("two"))
    try press("3#", &harness)
    #expect(harness.call.phase.name == phase)
  }

  @Test("a key that came before the caller went on to speak is not overtaken by that")
  func keyBeforeSpeech() throws {
    var harness = Self.call(keysMax: 1)
    harness.pause(for: .milliseconds(32))
    harness.send(.began)
    harness.idle(for: .milliseconds(1020))
    harness.sentence = nil
    harness.words = "hello"
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(512))
    #expect(harness.call.phase.name == "preparing")
    try press("7", &harness)
    harness.words = "and more"
    harness.speak(for: .milliseconds(320))
    startPlaying(&harness)
    #expect(told(harness) == [.said("hello"), .pressed("7")])
  }

  @Test("a # alone over speech tells that this came to nothing; alone it tells nothing", arguments: [true, false])
  func bareTerminator(overSpeech: Bool) throws {
    var harness = Self.call()
    harness.send(.began)
    harness.idle(for: .milliseconds(1020))
    if overSpeech { harness.speak(for: .milliseconds(320)) }
    #expect(harness.call.phase.name == (overSpeech ? "hearing" : "waiting"))
    try press("#", &harness)
    let none = harness.reports.filter {
      if case .transcript(let entry, final: true) = $0 { entry.text.isEmpty && entry.source == .keys } else { false }
    }
    #expect(none.count == (overSpeech ? 1 : 0))
    #expect(told(harness) == [.notUnderstood])
  }

  @Test("more than the limit are refused with an error, and those before are kept")
  func overflow() throws {
    var limits = TurnLimits()
    limits.inputAheadMax = 3
    var harness = CallHarness([[.say("Hello.", interruptible: true), .listen(ListenOptions())]], limits: limits)
    harness.sentence = nil
    harness.send(.began)
    for line in ["a", "b", "c", "d"] { harness.send(.typed(line)) }
    let refused = harness.reports.filter { if case .trouble("too-early", _) = $0 { true } else { false } }
    #expect(refused.count == 1)
    for _ in 0..<4 { startPlaying(&harness) }
    #expect(told(harness) == [.said("a"), .said("b"), .said("c")])
  }
}
