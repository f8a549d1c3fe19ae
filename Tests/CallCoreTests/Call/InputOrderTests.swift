import CallCore
import Testing

/// Keys and typed texts: first come, first used, whatever the call is doing when they come.
@Suite("Keys and texts keep their order")
struct InputOrderTests {
  /// A flow that asks for four digits again and again.
  static func call(interruptible: Bool = true, keysMax: Int? = 4) -> CallBench {
    var listening = ListenOptions()
    listening.keysMax = keysMax
    return CallBench([[.say("Which number?", interruptible: interruptible), .listen(listening)]])
  }

  /// What the flow was told, without its beginning.
  private func told(_ bench: CallBench) -> [FlowInput] { Array(bench.inputs.dropFirst()) }

  private func press(_ keys: String, _ bench: inout CallBench) throws {
    for key in keys { bench.send(.keyPressed(try #require(Key(key)))) }
  }

  /// The first sentence is made now and begins to play.
  private func startPlaying(_ bench: inout CallBench) {
    let speaks = bench.actions.compactMap { if case .speak(let utterance, _) = $0 { utterance } else { nil } }
    guard let utterance = speaks.last else { return }
    bench.send(.sentenceReady(utterance, sentence: 0, .seconds(1)))
    bench.send(.playoutStarted(utterance))
  }

  @Test("before the first sentence is made, all of them or some", arguments: 0...4)
  func whilePreparing(early: Int) throws {
    var bench = Self.call()
    bench.sentence = nil
    bench.send(.began)
    try press(String("4711".prefix(early)), &bench)
    #expect(bench.call.phase.name == "preparing")
    startPlaying(&bench)
    // What was kept interrupts at once; nothing waits for the sentence's end.
    #expect(bench.call.phase.name == ["speaking", "keying", "keying", "keying", "preparing"][early])
    try press(String("4711".dropFirst(early)), &bench)
    #expect(told(bench) == [.pressed("4711")])
  }

  @Test("over an agent that must be heard out, they wait for its end")
  func whileSpeaking() throws {
    var bench = Self.call(interruptible: false)
    bench.send(.began)
    try press("47", &bench)
    bench.send(.typed("hello"))
    try press("1", &bench)
    #expect(told(bench) == [])
    bench.idle(for: .milliseconds(1020))
    #expect(told(bench) == [.pressed("47")])
    bench.idle(for: .milliseconds(1020))
    #expect(told(bench) == [.pressed("47"), .said("hello")])
    bench.idle(for: .milliseconds(1020))
    #expect(bench.call.phase.name == "keying")
  }

  @Test("typed lines right after the beginning are each used once, in order")
  func lines() {
    var bench = Self.call()
    bench.sentence = nil
    bench.send(.began)
    for line in ["book", "tomorrow", "noon", "yes"] { bench.send(.typed(line)) }
    var used = 0
    while used < 4 {
      startPlaying(&bench)
      used += 1
      #expect(told(bench).count == used)
    }
    #expect(told(bench) == [.said("book"), .said("tomorrow"), .said("noon"), .said("yes")])
    startPlaying(&bench)
    #expect(bench.call.phase.name == "speaking")
  }

  @Test("a line behind unfinished keys ends them and comes after them")
  func lineBehindKeys() throws {
    var bench = Self.call()
    bench.send(.began)
    try press("47", &bench)
    #expect(bench.call.phase.name == "keying")
    bench.send(.typed("hello"))
    #expect(told(bench) == [.pressed("47"), .said("hello")])
  }

  @Test("while the words of a turn are awaited")
  func whileRecognizing() throws {
    var bench = CallBench([[.listen(ListenOptions())]])
    bench.send(.began)
    bench.words = nil
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(512))
    try typeAndPress(&bench, in: "recognizing")
    bench.send(.transcribed(RequestID(1), "hello"))
    #expect(told(bench) == [.said("hello"), .pressed("1"), .said("two"), .pressed("3")])
  }

  @Test("while a tool works")
  func whileWorking() throws {
    let tool = ToolRequest(
      state: "t", method: "GET", url: "http://127.0.0.1/", headers: [], body: nil, wanted: [], timeout: .seconds(5))
    var bench = CallBench([[.listen(ListenOptions())], [.callTool(tool)], [.listen(ListenOptions())]])
    bench.send(.began)
    bench.send(.typed("go"))
    try typeAndPress(&bench, in: "working")
    bench.send(.toolAnswered(RequestID(1), .timedOut))
    #expect(told(bench) == [.said("go"), .toolAnswered(.timedOut), .pressed("1"), .said("two"), .pressed("3")])
  }

  private func typeAndPress(_ bench: inout CallBench, in phase: String) throws {
    #expect(bench.call.phase.name == phase)
    try press("1#", &bench)
    bench.send(.typed("two"))
    try press("3#", &bench)
    #expect(bench.call.phase.name == phase)
  }

  @Test("a key that came before the caller went on to speak is not overtaken by that")
  func keyBeforeSpeech() throws {
    var bench = Self.call(keysMax: 1)
    bench.pause(for: .milliseconds(32))
    bench.send(.began)
    bench.idle(for: .milliseconds(1020))
    bench.sentence = nil
    bench.words = "hello"
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(512))
    #expect(bench.call.phase.name == "preparing")
    try press("7", &bench)
    bench.words = "and more"
    bench.speak(for: .milliseconds(320))
    startPlaying(&bench)
    #expect(told(bench) == [.said("hello"), .pressed("7")])
  }

  @Test("more than the limit are refused with an error, and those before are kept")
  func overflow() throws {
    var limits = TurnLimits()
    limits.inputAheadMax = 3
    var bench = CallBench([[.say("Hello.", interruptible: true), .listen(ListenOptions())]], limits: limits)
    bench.sentence = nil
    bench.send(.began)
    for line in ["a", "b", "c", "d"] { bench.send(.typed(line)) }
    let refused = bench.reports.filter { if case .trouble("too-early", _) = $0 { true } else { false } }
    #expect(refused.count == 1)
    for _ in 0..<4 { startPlaying(&bench) }
    #expect(told(bench) == [.said("a"), .said("b"), .said("c")])
  }
}
