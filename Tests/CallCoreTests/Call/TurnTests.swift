import CallCore
import Testing

@Suite("The caller's turn")
struct TurnTests {
  static let greeting: [[FlowOutput]] = [
    [.say("Hello.", interruptible: true), .listen(ListenOptions())],
    [.say("Good to hear.", interruptible: true), .listen(ListenOptions())],
  ]

  /// A call whose greeting has been played.
  static func afterGreeting(limits: TurnLimits = TurnLimits()) -> CallHarness {
    var harness = CallHarness(greeting, limits: limits)
    harness.send(.began)
    harness.pause(for: .milliseconds(1200))
    return harness
  }

  @Test("500 ms of silence end the turn, 480 ms do not", arguments: [(480, 1), (512, 2)])
  func silenceEndsTurn(milliseconds: Int, inputs: Int) {
    var harness = Self.afterGreeting()
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(milliseconds))
    #expect(harness.inputs.count == inputs)
  }

  @Test("A click of two windows is not a turn; three windows are", arguments: [(64, 0), (96, 1)])
  func clicksAreNotTurns(milliseconds: Int, turns: Int) {
    var harness = Self.afterGreeting()
    harness.speak(for: .milliseconds(milliseconds))
    harness.pause(for: .seconds(1))
    #expect(harness.call.record.turns == turns)
  }

  @Test("A pause in mid-turn starts a trial; going on cancels or forgets it, and the turn's words come from its end")
  func speculation() {
    var harness = Self.afterGreeting()
    harness.words = nil
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(224))
    #expect(harness.count { if case .transcribe(_, .speculative) = $0 { true } else { false } } == 1)
    harness.speak(for: .milliseconds(320))
    #expect(harness.actions.contains(.cancel(RequestID(1))))
    harness.words = "one two three"
    harness.pause(for: .milliseconds(512))
    #expect(harness.inputs.last == .said("one two three"))
  }

  @Test("A turn that ends before its trial is answered hurries it, and asks for nothing else")
  func hurriedSpeculation() {
    var harness = Self.afterGreeting()
    harness.words = nil
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(512))
    let questions = harness.actions.filter { if case .transcribe = $0 { true } else { $0 == .hurry(RequestID(1)) } }
    #expect(questions == [.transcribe(RequestID(1), .speculative), .hurry(RequestID(1))])
    harness.send(.transcribed(RequestID(1), "one two three"))
    #expect(harness.inputs.last == .said("one two three"))
  }

  @Test("With the words known on trial, the reply starts in the very window that ends the turn")
  func latency() throws {
    var harness = Self.afterGreeting()
    harness.speak(for: .seconds(1))
    harness.pause(for: .seconds(1))
    let latency = try #require(harness.call.record.turnLatencies.first)
    #expect(latency.total == .milliseconds(512))
    #expect(latency.endpoint == latency.total)
  }

  @Test("A turn of 30 s is cut and answered; what goes on is not a second turn")
  func longestTurn() {
    var limits = TurnLimits()
    limits.turnDurationMax = .seconds(3)
    var harness = Self.afterGreeting(limits: limits)
    harness.words = nil
    harness.speak(for: .milliseconds(3300))
    #expect(harness.call.phase.name == "recognizing")
    #expect(harness.call.record.timeline.contains { $0.kind == .limitReached })
  }

  @Test("A caller who goes on before the reply is heard takes the turn back, and the flow forgets the first half")
  func turnTakenBack() {
    var harness = Self.afterGreeting()
    harness.sentence = nil
    harness.words = "I want to"
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(512))
    #expect(harness.call.phase.name == "preparing")
    harness.words = "I want to book"
    harness.speak(for: .milliseconds(320))
    #expect(harness.call.phase == .hearing)
    #expect(harness.inputs == [.begin])
    harness.pause(for: .milliseconds(512))
    #expect(harness.inputs == [.begin, .said("I want to book")])
    #expect(harness.call.record.transcript.filter { $0.role == .caller }.map(\.text) == ["I want to book"])
    #expect(harness.call.record.turns == 1)
  }

  @Test("A caller whose audio stops coming has finished")
  func stalledCaller() {
    var harness = Self.afterGreeting()
    harness.speak(for: .seconds(1))
    harness.idle(for: .milliseconds(980))
    #expect(harness.call.phase == .hearing)
    harness.idle(for: .milliseconds(60))
    #expect(harness.inputs.last == .said("hello there"))
  }

  @Test("A caller who sends nothing while silent is heard once, and then found silent")
  func sendsNoSilence() {
    var harness = Self.afterGreeting()
    harness.speak(for: .seconds(1))
    harness.idle(for: .seconds(7))
    #expect(harness.inputs == [.begin, .said("hello there")])
    harness.idle(for: .seconds(3))
    #expect(harness.inputs == [.begin, .said("hello there"), .nothingSaid])
    #expect(harness.call.record.turns == 1)
    harness.speak(for: .milliseconds(320))
    harness.idle(for: .milliseconds(1040))
    #expect(harness.inputs.last == .said("hello there"))
    #expect(harness.call.record.turns == 2)
  }

  @Test(
    "Speech that broke off while the call did something else is no turn afterwards",
    arguments: ["recognizing", "preparing", "speaking", "keying", "working"])
  func brokenOff(phase: String) throws {
    let tool = ToolRequest(
      state: "t", method: "GET", url: "http://127.0.0.1/", headers: [], body: nil, wanted: [], timeout: .seconds(5))
    var harness = CallHarness([
      [.say("Hello.", interruptible: phase != "speaking"), .listen(ListenOptions())],
      phase == "working" ? [.callTool(tool)] : [.say("Well.", interruptible: false), .listen(ListenOptions())],
      [.listen(ListenOptions())],
    ])
    if phase == "speaking" { harness.sentence = .seconds(3) }
    harness.send(.began)
    if phase != "speaking" { harness.pause(for: .milliseconds(1200)) }
    switch phase {
    case "recognizing":
      harness.words = nil
      harness.speak(for: .seconds(1))
      harness.idle(for: .milliseconds(1040))
    case "preparing":
      harness.sentence = nil
      harness.send(.typed("hello"))
      harness.speak(for: .seconds(1))
    case "keying":
      harness.send(.keyPressed(try #require(Key("1"))))
      harness.speak(for: .seconds(1))
    case "working":
      harness.send(.typed("hello"))
      harness.speak(for: .seconds(1))
    default: harness.speak(for: .seconds(1))
    }
    #expect(harness.call.phase.name == phase)
    let turns = harness.call.record.turns
    harness.idle(for: .seconds(1200))
    let said = harness.inputs.filter { if case .said = $0 { true } else { false } }
    #expect(said == (["preparing", "working"].contains(phase) ? [.said("hello")] : []))
    #expect(harness.call.record.turns == turns)
  }

  @Test("A click before nothing more comes does not keep the caller's silence from being noticed")
  func clickAndNothing() {
    var harness = Self.afterGreeting()
    harness.speak(for: .milliseconds(64))
    harness.idle(for: .seconds(8))
    #expect(harness.inputs == [.begin, .nothingSaid])
  }

  @Test("Nothing understood is told to the flow as such")
  func nothingUnderstood() {
    var harness = Self.afterGreeting()
    harness.words = ""
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(512))
    #expect(harness.inputs.last == .notUnderstood)
  }

  @Test("A silent caller is told to the flow after the listening's own time")
  func noInput() {
    var listening = ListenOptions()
    listening.noInputAfter = .seconds(3)
    var harness = CallHarness([[.listen(listening)], [.end(FlowEnding(reason: .noInput, outcome: ""))]])
    harness.send(.began)
    harness.pause(for: .milliseconds(2976))
    #expect(harness.inputs == [.begin])
    harness.pause(for: .milliseconds(64))
    #expect(harness.inputs == [.begin, .nothingSaid])
    #expect(harness.call.phase == .ended(.noInput))
  }

  @Test("A state may ask for a longer silence, because people pause inside numbers")
  func patientListening() {
    var listening = ListenOptions()
    listening.endOfTurnSilence = .milliseconds(1200)
    var harness = CallHarness([[.listen(listening)]])
    harness.send(.began)
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(1100))
    #expect(harness.inputs.count == 1)
    harness.pause(for: .milliseconds(128))
    #expect(harness.inputs.count == 2)
  }

  @Test("While the caller speaks, words so far are asked for at the interval that was set")
  func partials() {
    var limits = TurnLimits()
    limits.partialInterval = .seconds(1)
    var harness = Self.afterGreeting(limits: limits)
    harness.speak(for: .milliseconds(3200))
    #expect(harness.count { if case .transcribe(_, .partial) = $0 { true } else { false } } == 3)
    #expect(harness.reports.contains { if case .transcript(_, false) = $0 { true } else { false } })
  }
}
