import CallCore
import Testing

@Suite("The caller's turn")
struct TurnTests {
  static let greeting: [[FlowOutput]] = [
    [.say("Hello.", interruptible: true), .listen(ListenOptions())],
    [.say("Good to hear.", interruptible: true), .listen(ListenOptions())],
  ]

  /// A call whose greeting has been played.
  static func afterGreeting(limits: TurnLimits = TurnLimits()) -> CallBench {
    var bench = CallBench(greeting, limits: limits)
    bench.send(.began)
    bench.pause(for: .milliseconds(1200))
    return bench
  }

  @Test("500 ms of silence end the turn, 480 ms do not", arguments: [(480, 1), (512, 2)])
  func silenceEndsTurn(milliseconds: Int, inputs: Int) {
    var bench = Self.afterGreeting()
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(milliseconds))
    #expect(bench.inputs.count == inputs)
  }

  @Test("A click of two windows is not a turn; three windows are", arguments: [(64, 0), (96, 1)])
  func clicksAreNotTurns(milliseconds: Int, turns: Int) {
    var bench = Self.afterGreeting()
    bench.speak(for: .milliseconds(milliseconds))
    bench.pause(for: .seconds(1))
    #expect(bench.call.record.turns == turns)
  }

  @Test("A pause in mid-turn starts a trial; going on cancels or forgets it, and the turn's words come from its end")
  func speculation() {
    var bench = Self.afterGreeting()
    bench.words = nil
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(224))
    #expect(bench.count { if case .transcribe(_, .speculative) = $0 { true } else { false } } == 1)
    bench.speak(for: .milliseconds(320))
    #expect(bench.actions.contains(.cancel(RequestID(1))))
    bench.words = "one two three"
    bench.pause(for: .milliseconds(512))
    #expect(bench.inputs.last == .said("one two three"))
  }

  @Test("A turn that ends before its trial is answered hurries it, and asks for nothing else")
  func hurriedTrial() {
    var bench = Self.afterGreeting()
    bench.words = nil
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(512))
    let questions = bench.actions.filter { if case .transcribe = $0 { true } else { $0 == .hurry(RequestID(1)) } }
    #expect(questions == [.transcribe(RequestID(1), .speculative), .hurry(RequestID(1))])
    bench.send(.transcribed(RequestID(1), "one two three"))
    #expect(bench.inputs.last == .said("one two three"))
  }

  @Test("With the words known on trial, the reply starts in the very window that ends the turn")
  func latency() throws {
    var bench = Self.afterGreeting()
    bench.speak(for: .seconds(1))
    bench.pause(for: .seconds(1))
    let latency = try #require(bench.call.record.turnLatencies.first)
    #expect(latency.total == .milliseconds(512))
    #expect(latency.endpoint == latency.total)
  }

  @Test("A turn of 30 s is cut and answered; what goes on is not a second turn")
  func longestTurn() {
    var limits = TurnLimits()
    limits.turnDurationMax = .seconds(3)
    var bench = Self.afterGreeting(limits: limits)
    bench.words = nil
    bench.speak(for: .milliseconds(3300))
    #expect(bench.call.phase.name == "recognizing")
    #expect(bench.call.record.timeline.contains { $0.kind == .limitReached })
  }

  @Test("A caller who goes on before the reply is heard takes the turn back, and the flow forgets the first half")
  func turnTakenBack() {
    var bench = Self.afterGreeting()
    bench.sentence = nil
    bench.words = "I want to"
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(512))
    #expect(bench.call.phase.name == "preparing")
    bench.words = "I want to book"
    bench.speak(for: .milliseconds(320))
    #expect(bench.call.phase == .hearing)
    #expect(bench.inputs == [.begin])
    bench.pause(for: .milliseconds(512))
    #expect(bench.inputs == [.begin, .said("I want to book")])
    #expect(bench.call.record.transcript.filter { $0.role == .caller }.map(\.text) == ["I want to book"])
    #expect(bench.call.record.turns == 1)
  }

  @Test("A caller whose audio stops coming has finished")
  func stalledCaller() {
    var bench = Self.afterGreeting()
    bench.speak(for: .seconds(1))
    bench.idle(for: .milliseconds(980))
    #expect(bench.call.phase == .hearing)
    bench.idle(for: .milliseconds(60))
    #expect(bench.inputs.last == .said("hello there"))
  }

  @Test("A caller who sends nothing while silent is heard once, and then found silent")
  func sendsNoSilence() {
    var bench = Self.afterGreeting()
    bench.speak(for: .seconds(1))
    bench.idle(for: .seconds(7))
    #expect(bench.inputs == [.begin, .said("hello there")])
    bench.idle(for: .seconds(3))
    #expect(bench.inputs == [.begin, .said("hello there"), .nothingSaid])
    #expect(bench.call.record.turns == 1)
    bench.speak(for: .milliseconds(320))
    bench.idle(for: .milliseconds(1040))
    #expect(bench.inputs.last == .said("hello there"))
    #expect(bench.call.record.turns == 2)
  }

  @Test(
    "Speech that broke off while the call did something else is no turn afterwards",
    arguments: ["recognizing", "preparing", "speaking", "keying", "working"])
  func brokenOff(phase: String) throws {
    let tool = ToolRequest(
      state: "t", method: "GET", url: "http://127.0.0.1/", headers: [], body: nil, wanted: [], timeout: .seconds(5))
    var bench = CallBench([
      [.say("Hello.", interruptible: phase != "speaking"), .listen(ListenOptions())],
      phase == "working" ? [.callTool(tool)] : [.say("Well.", interruptible: false), .listen(ListenOptions())],
      [.listen(ListenOptions())],
    ])
    if phase == "speaking" { bench.sentence = .seconds(3) }
    bench.send(.began)
    if phase != "speaking" { bench.pause(for: .milliseconds(1200)) }
    switch phase {
    case "recognizing":
      bench.words = nil
      bench.speak(for: .seconds(1))
      bench.idle(for: .milliseconds(1040))
    case "preparing":
      bench.sentence = nil
      bench.send(.typed("hello"))
      bench.speak(for: .seconds(1))
    case "keying":
      bench.send(.keyPressed(try #require(Key("1"))))
      bench.speak(for: .seconds(1))
    case "working":
      bench.send(.typed("hello"))
      bench.speak(for: .seconds(1))
    default: bench.speak(for: .seconds(1))
    }
    #expect(bench.call.phase.name == phase)
    let turns = bench.call.record.turns
    bench.idle(for: .seconds(1200))
    let said = bench.inputs.filter { if case .said = $0 { true } else { false } }
    #expect(said == (["preparing", "working"].contains(phase) ? [.said("hello")] : []))
    #expect(bench.call.record.turns == turns)
  }

  @Test("A click before nothing more comes does not keep the caller's silence from being noticed")
  func clickAndNothing() {
    var bench = Self.afterGreeting()
    bench.speak(for: .milliseconds(64))
    bench.idle(for: .seconds(8))
    #expect(bench.inputs == [.begin, .nothingSaid])
  }

  @Test("Nothing understood is told to the flow as such")
  func nothingUnderstood() {
    var bench = Self.afterGreeting()
    bench.words = ""
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(512))
    #expect(bench.inputs.last == .notUnderstood)
  }

  @Test("A silent caller is told to the flow after the listening's own time")
  func noInput() {
    var listening = ListenOptions()
    listening.noInputAfter = .seconds(3)
    var bench = CallBench([[.listen(listening)], [.end(FlowEnding(reason: .noInput, outcome: ""))]])
    bench.send(.began)
    bench.pause(for: .milliseconds(2976))
    #expect(bench.inputs == [.begin])
    bench.pause(for: .milliseconds(64))
    #expect(bench.inputs == [.begin, .nothingSaid])
    #expect(bench.call.phase == .ended(.noInput))
  }

  @Test("A state may ask for a longer silence, because people pause inside numbers")
  func patientListening() {
    var listening = ListenOptions()
    listening.endOfTurnSilence = .milliseconds(1200)
    var bench = CallBench([[.listen(listening)]])
    bench.send(.began)
    bench.speak(for: .seconds(1))
    bench.pause(for: .milliseconds(1100))
    #expect(bench.inputs.count == 1)
    bench.pause(for: .milliseconds(128))
    #expect(bench.inputs.count == 2)
  }

  @Test("While the caller speaks, words so far are asked for at the interval that was set")
  func partials() {
    var limits = TurnLimits()
    limits.partialInterval = .seconds(1)
    var bench = Self.afterGreeting(limits: limits)
    bench.speak(for: .milliseconds(3200))
    #expect(bench.count { if case .transcribe(_, .partial) = $0 { true } else { false } } == 3)
    #expect(bench.reports.contains { if case .transcript(_, false) = $0 { true } else { false } })
  }
}
