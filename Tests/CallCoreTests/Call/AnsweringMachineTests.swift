import CallCore
import Testing

/// Calls that an answering machine takes.
@Suite("Answering machines")
struct AnsweringMachineTests {
  private static let states: [FlowState] = {
    let question = FlowQuestion([], noInput: AskAgain(times: 0, next: "person"), afterBeep: "message")
    return [
      FlowState(name: "answered", kind: .listen(question)),
      FlowState(name: "message", kind: .end(outcome: FlowText("left"), says: FlowText("Call us back."))),
      FlowState(name: "person", kind: .end(outcome: FlowText("person"), says: FlowText("Hello."))),
    ]
  }()

  private static var flow: FlowMachine { FlowMachine(flow: Flow(name: "reminder", start: "answered", states: states)) }

  private static func spoken(_ harness: CallHarness) -> [String] {
    harness.actions.flatMap { if case .speak(_, let sentences) = $0 { sentences.map(\.words) } else { [String]() } }
  }

  @Test("a flow says nothing to a greeting, and goes on after the beep or after silence without one")
  func flow() {
    var harness = FlowHarness.begun(Self.states)
    #expect(harness.listening?.awaitsBeep == true && harness.said == [])
    for input in [FlowInput.said("You have reached Anna"), .pressed("1"), .notUnderstood] {
      harness.handle(input)
      #expect(harness.listening?.awaitsBeep == true && harness.said == [])
    }
    var silent = harness
    harness.handle(.beepHeard)
    #expect(harness.said == ["Call us back."] && harness.ending?.outcome == "left")
    silent.handle(.nothingSaid)
    #expect(silent.said == ["Hello."] && silent.ending?.outcome == "person")
  }

  @Test("the message follows the beep, soon or long after the greeting or while that is being recognised")
  func beep() {
    for gap in [2000, 200, 520] {
      var harness = CallHarness(flow: Self.flow)
      harness.words = nil
      harness.send(.began)
      harness.speak(for: .seconds(3))
      harness.pause(for: .milliseconds(gap))
      if gap == 2000 { answer(&harness) }
      harness.send(.beepHeard)
      if gap != 2000 {
        #expect(Self.spoken(harness) == [], "\(gap)")
        answer(&harness)
      }
      #expect(Self.spoken(harness) == ["Call us back."], "\(gap)")
      #expect(harness.call.record.transcript.first?.text == "leave a message", "\(gap)")
    }
  }

  private func answer(_ harness: inout CallHarness) {
    let asked = harness.actions.compactMap { if case .transcribe(let request, _) = $0 { request } else { nil } }
    if let request = asked.last { harness.send(.transcribed(request, "leave a message")) }
  }

  @Test("a beep before anybody spoke, and where none is awaited, changes nothing")
  func stray() {
    var harness = CallHarness(flow: Self.flow)
    harness.send(.began)
    harness.pause(for: .seconds(1))
    harness.send(.beepHeard)
    #expect(Self.spoken(harness) == [] && harness.call.phase.name == "waiting")
    var other = CallHarness([[.say("Hello.", interruptible: true), .listen(ListenOptions())]])
    other.send(.began)
    other.idle(for: .seconds(2))
    other.speak(for: .seconds(1))
    other.send(.beepHeard)
    #expect(other.call.phase.name == "hearing")
  }

  @Test("a beep while other words are recognised is not kept for a state that awaits one later")
  func early() {
    var awaiting = ListenOptions()
    awaiting.awaitsBeep = true
    var harness = CallHarness([
      [.listen(ListenOptions())], [.listen(awaiting)], [.say("A message.", interruptible: true)],
    ])
    harness.words = nil
    harness.send(.began)
    harness.speak(for: .seconds(1))
    harness.pause(for: .milliseconds(520))
    #expect(harness.call.phase.name == "recognizing")
    harness.send(.beepHeard)
    answer(&harness)
    #expect(harness.call.phase.name == "waiting" && Self.spoken(harness) == [])
  }

  @Test(
    "a person or a radio that talks on is not listened to for ever: after 20 turns without a beep the state takes its way out"
  )
  func talksOn() {
    var harness = FlowHarness.begun(Self.states)
    for _ in 1..<20 { harness.handle(.said("Blah.")) }
    #expect(harness.listening?.awaitsBeep == true && harness.said == [])
    harness.handle(.said("Blah."))
    #expect(harness.said == ["Hello."] && harness.ending?.outcome == "person")
  }
}
