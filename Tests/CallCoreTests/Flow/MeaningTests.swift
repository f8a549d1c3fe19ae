import CallCore
import Testing

/// Intents that are known by examples, with similarities as a model would give them.
@Suite("Intents by meaning")
struct MeaningTests {
  private static let states = [
    FlowState(
      name: "ask",
      kind: .listen(
        FlowQuestion(
          [FlowText("How can I help?")],
          intents: [
            FlowIntent(
              "book", hear: [UtterancePattern("appointment")].compactMap(\.self),
              like: ["I want to see a doctor", "I need a check-up"],
              then: .go("booked")),
            FlowIntent("pay", hear: [UtterancePattern("bill")].compactMap(\.self), then: .go("paid")),
            FlowIntent("move", hear: [], like: ["I would like to reschedule"], then: .go("moved")),
          ],
          noMatch: AskAgain([FlowText("Sorry?")])))),
    FlowState(name: "booked", kind: .end(outcome: FlowText("booked"), says: FlowText("Booked."))),
    FlowState(name: "paid", kind: .end(outcome: FlowText("paid"), says: FlowText("Paid."))),
    FlowState(name: "moved", kind: .end(outcome: FlowText("moved"), says: FlowText("Moved."))),
  ]

  private func similarities(_ thousandths: Int...) -> FlowInput {
    .compared(thousandths.map { Similarity(thousandths: $0) })
  }

  private func question(_ outputs: [FlowOutput]) -> MeaningQuestion? {
    outputs.compactMap { if case .compare(let question) = $0 { question } else { nil } }.last
  }

  @Test("words come first: who says them is not asked about")
  func wordsFirst() {
    var flow = FlowHarness.begun(Self.states)
    flow.handle(.said("an appointment please"))
    #expect(flow.entered == ["booked"] && question(flow.outputs) == nil)
  }

  @Test("where no words fit, the meaning is asked for, with every example in the order of the intents")
  func asks() {
    var flow = FlowHarness.begun(
      Self.states,
      everywhere: [
        FlowIntent("person", hear: [], like: ["Give me a human"], then: .go("paid"))
      ])
    flow.handle(.said("my knee hurts"))
    #expect(
      question(flow.outputs)
        == MeaningQuestion(
          "my knee hurts",
          phrases: [
            "I want to see a doctor", "I need a check-up", "I would like to reschedule", "Give me a human",
          ]))
    #expect(flow.said == [])
  }

  @Test("the nearest example decides, and the state says so")
  func nearest() {
    var flow = FlowHarness.begun(Self.states)
    flow.handle(.said("my knee hurts"))
    flow.handle(similarities(300, 714, 200))
    #expect(flow.outputs.first == .entered(state: "booked", from: "ask", because: "book (by meaning, 0.71)"))
    #expect(flow.said == ["Booked."] && flow.machine.slots["heard"] == nil)
  }

  @Test(
    "what is too far, or nearly as near to another intent, is not understood",
    arguments: [
      ([449, 100, 100], []), ([450, 100, 100], ["booked"]), ([600, 590, 551], []), ([600, 590, 550], ["booked"]),
      ([100, 100, 900], ["moved"]), ([], []), ([600], ["booked"]),
    ] as [([Int], [String])])
  func limits(thousandths: [Int], entered: [String]) {
    var flow = FlowHarness.begun(Self.states)
    flow.handle(.said("my knee hurts"))
    flow.handle(.compared(thousandths.map { Similarity(thousandths: $0) }))
    #expect(flow.entered == entered)
    if entered.isEmpty { #expect(flow.said == ["Sorry?"] && flow.listening != nil) }
  }

  @Test("what cannot be found out is not understood, and the call goes on")
  func failed() {
    var flow = FlowHarness.begun(Self.states)
    flow.handle(.said("my knee hurts"))
    flow.handle(.comparisonFailed)
    #expect(flow.said == ["Sorry?"])
    flow.handle(.said("the bill"))
    #expect(flow.entered == ["paid"])
  }

  @Test("while the meaning is not known, nothing else is taken; an answer that nobody waits for does nothing")
  func outOfTurn() {
    var flow = FlowHarness.begun(Self.states)
    flow.handle(similarities(900, 0, 0))
    #expect(flow.outputs == [])
    flow.handle(.said("my knee hurts"))
    for input in [FlowInput.said("the bill"), .pressed("1"), .nothingSaid, .notUnderstood, .begin] {
      flow.handle(input)
      #expect(flow.outputs == [])
    }
    flow.handle(similarities(900, 0, 0))
    #expect(flow.entered == ["booked"])
    flow.handle(similarities(900, 0, 0))
    #expect(flow.outputs == [])
  }

  // MARK: - In a call

  private func call() -> CallHarness {
    let flow = Flow(name: "test", start: "ask", giveUp: FlowText("Bye."), states: Self.states)
    var harness = CallHarness(flow: FlowMachine(flow: flow, library: FlowLibrary([flow])))
    harness.words = "my knee hurts"
    harness.send(.began)
    harness.idle(for: .seconds(2))
    return harness
  }

  private func asked(_ call: CallHarness) -> [RequestID] {
    call.actions.compactMap { if case .compare(let request, _) = $0 { request } else { nil } }
  }

  @Test("a turn whose words fit no intent is compared once it is over, and answered when the answer comes")
  func spokenTurn() throws {
    var call = call()
    call.speak(for: .seconds(1))
    call.pause(for: .milliseconds(600))
    let request = try #require(asked(call).first)
    #expect(asked(call).count == 1 && call.call.phase.name == "comparing")
    call.send(.compared(request, [.init(thousandths: 600), .init(thousandths: 0), .init(thousandths: 0)]))
    #expect(call.reports.contains(.stateEntered(name: "booked", from: "ask", because: "book (by meaning, 0.60)")))
    call.idle(for: .seconds(3))
    #expect(call.call.record.outcome == "booked")
  }

  @Test("a caller who goes on takes the turn back: what was asked is given up, and its answer does nothing")
  func resumed() throws {
    var call = call()
    call.speak(for: .seconds(1))
    call.pause(for: .milliseconds(600))
    let request = try #require(asked(call).first)
    call.speak(for: .milliseconds(300))
    #expect(call.call.phase == .hearing && call.actions.contains(.cancel(request)))
    call.send(.compared(request, [.init(thousandths: 900), .init(thousandths: 0), .init(thousandths: 0)]))
    #expect(
      call.call.phase == .hearing
        && !call.reports.contains { if case .stateEntered("booked", _, _) = $0 { true } else { false } })
    call.words = "an appointment"
    call.pause(for: .milliseconds(600))
    call.idle(for: .seconds(3))
    #expect(call.call.record.outcome == "booked" && call.call.record.turns == 1)
    #expect(call.call.record.transcript.filter { $0.role == .caller }.map(\.text) == ["an appointment"])
  }

  @Test(
    "an answer that never comes is waited for as long as for a recognition; the caller is asked again and told nothing more"
  )
  func late() throws {
    var call = call()
    call.send(.typed("my knee hurts"))
    let request = try #require(asked(call).first)
    call.idle(for: .milliseconds(4_900))
    #expect(call.call.phase.name == "comparing")
    call.idle(for: .milliseconds(200))
    #expect(call.actions.contains(.cancel(request)))
    #expect(call.reports.contains { if case .trouble("meaning-failed", _) = $0 { true } else { false } })
    call.idle(for: .seconds(3))
    #expect(call.call.phase.name == "waiting" && call.call.record.transcript.last?.text == "Sorry?")
  }

  @Test("engines that cannot do it end no call, however often")
  func engineFails() throws {
    var call = call()
    for _ in 0..<2 {
      call.send(.typed("my knee hurts"))
      call.send(.comparisonFailed(try #require(asked(call).last), .modelUnavailable(path: "/minilm")))
      call.idle(for: .seconds(2))
    }
    #expect(!call.call.isOver)
    call.send(.typed("the bill"))
    call.idle(for: .seconds(2))
    #expect(call.call.record.outcome == "paid")
  }

  @Test("who hangs up is not answered, and the question is given up")
  func hangsUp() throws {
    var call = call()
    call.send(.typed("my knee hurts"))
    let request = try #require(asked(call).first)
    call.send(.hungUp)
    #expect(call.actions.contains(.cancel(request)) && call.actions.last == .end(.callerHungUp))
    let count = call.actions.count
    call.send(.compared(request, []))
    #expect(call.actions.count == count)
  }
}
