import CallCore
import Testing

@Suite("Flow machine")
struct FlowMachineTests {
  @Test("A flow greets, asks, hears and ends")
  func story() {
    var harness = FlowHarness.begun([
      say("hello", "Hello.", next: "menu"),
      listen("menu", "Tea or coffee?", intents: [intent("tea", "tea", go: "bye")]),
      end("bye", "tea", say: "Goodbye."),
    ])
    var waiting = ListenOptions()
    waiting.keysMax = nil
    #expect(
      harness.outputs == [
        .entered(state: "hello", from: "", because: "begin"), .say("Hello.", interruptible: true),
        .entered(state: "menu", from: "hello", because: "said"), .say("Tea or coffee?", interruptible: true),
        .listen(waiting),
      ])
    harness.handle(.said("Tea, please."))
    #expect(
      harness.outputs == [
        .entered(state: "bye", from: "menu", because: "tea"), .say("Goodbye.", interruptible: false),
        .end(FlowEnding(reason: .completed, outcome: "tea")),
      ])
    #expect(harness.machine.hasEnded)
  }

  @Test("Silence is asked again as often as the state says, then it ends with no input")
  func noInput() {
    let again = AskAgain(texts("Hello?", "Still there? {prompt}"), times: 3)
    var harness = FlowHarness.begun([listen("menu", "Tea?", "Tea or not?", intents: [], noInput: again)])
    for expected in ["Hello?", "Still there? Tea or not?", "Still there? Tea or not?"] {
      harness.handle(.nothingSaid)
      #expect(harness.said == [expected])
      #expect(harness.listening != nil)
    }
    harness.handle(.nothingSaid)
    #expect(harness.said == ["Sorry, bye."])
    #expect(harness.ending == FlowEnding(reason: .noInput, outcome: ""))
  }

  @Test("What does not fit is counted apart from silence and leads where the state says")
  func noMatch() {
    let noMatch = AskAgain(texts("What?"), times: 1, next: "help")
    var harness = FlowHarness.begun([listen("menu", "Tea?", intents: [], noMatch: noMatch), end("help")])
    harness.handle(.nothingSaid)
    harness.handle(.notUnderstood)
    #expect(harness.said == ["What?"])
    harness.handle(.nothingSaid)
    #expect(harness.said == ["Sorry, I did not hear anything. Tea?"])
    harness.handle(.said("gibberish"))
    #expect(harness.outputs.first == .entered(state: "help", from: "menu", because: "no match"))
  }

  @Test("after 300 turns that were ignored the flow gives up; silence is no turn, and another visit counts anew")
  func ignoredLimit() {
    let states = [
      listen(
        "holding", "Of course.", intents: [intent("tea", "tea", go: "again")], noInput: .ignored, noMatch: .ignored),
      say("again", "Again.", next: "holding"), end("bye"),
    ]
    var flow = FlowHarness.begun(states)
    for visit in 1...2 {
      for turn in 1...300 {
        flow.handle([FlowInput.said("You"), .notUnderstood, .pressed("7")][turn % 3])
        flow.handle(.nothingSaid)
        #expect(flow.said == [] && flow.listening != nil && flow.ending == nil, "turn \(turn) of visit \(visit)")
      }
      guard visit == 1 else { break }
      flow.handle(.said("tea"))
      #expect(flow.said == ["Again.", "Of course."])
    }
    flow.handle(.said("You"))
    #expect(flow.said == ["Sorry, bye."] && flow.ending?.reason == .noMatch)
  }

  @Test("what is ignored is not answered, and the state's own intent is")
  func ignored() {
    let states = [
      listen(
        "holding", "Of course.", intents: [intent("tea", "tea", go: "bye")], noInput: .ignored, noMatch: .ignored),
      end("bye", say: "Thank you."),
    ]
    var flow = FlowHarness.begun(states)
    #expect(flow.said == ["Of course."])
    for _ in 0..<20 {
      for input in [FlowInput.said("You"), .notUnderstood, .nothingSaid, .pressed("7")] {
        flow.handle(input)
        #expect(flow.said == [] && flow.listening != nil && flow.ending == nil)
      }
    }
    flow.handle(.said("tea please"))
    #expect(flow.said == ["Thank you."])
  }

  @Test("A question is not asked again without an apology, unless the flow has words of its own or another language")
  func apology() {
    var harness = FlowHarness.begun([listen("menu", "Tea?", intents: [])])
    harness.handle(.notUnderstood)
    #expect(harness.said == ["Sorry, I did not get that. Tea?"])
    #expect(
      harness.machine.flow.fixedSentences == [
        "Tea?", "Sorry, I did not hear anything.", "Sorry, I did not get that.", "Sorry, bye.",
      ])
    harness = FlowHarness.begun([listen("menu", "Tea?", "Tea or coffee?", intents: [])])
    harness.handle(.notUnderstood)
    #expect(harness.said == ["Tea or coffee?"])
    let state = listen("menu", "Du thé ?", intents: [])
    let flow = Flow(name: "test", language: "fr-FR", start: "menu", states: [state])
    harness = FlowHarness(FlowMachine(flow: flow))
    harness.handle(.begin)
    harness.handle(.nothingSaid)
    #expect(harness.said == ["Du thé ?"])
  }

  @Test("A state that is visited again says its next text, and the last one stays")
  func textsOfVisits() {
    var harness = FlowHarness.begun([
      listen("menu", "First?", "Second?", intents: [intent("again", "again", go: "menu")])
    ])
    var said = harness.said
    for _ in 0..<2 {
      harness.handle(.said("again"))
      said += harness.said
    }
    #expect(said == ["First?", "Second?", "Second?"])
  }

  @Test("Keys choose an intent; one key ends the turn where every key is one digit")
  func keys() {
    var harness = FlowHarness.begun([
      listen("menu", "Press.", intents: [intent("one", "one", keys: "1", go: "bye")]), end("bye"),
    ])
    #expect(harness.listening?.keysMax == 1)
    harness.handle(.pressed("2"))
    #expect(harness.said == ["Sorry, I did not get that. Press."])
    harness.handle(.pressed("1"))
    #expect(harness.outputs.first == .entered(state: "bye", from: "menu", because: "one (key 1)"))
  }

  @Test(
    "A global intent with text says it and asks again; repeat says everything again, and neither counts as a failure")
  func helpAndRepeat() {
    let help = FlowIntent(
      "help", hear: [UtterancePattern("help")].compactMap(\.self), says: FlowText("Say tea."), then: .askAgain)
    let again = FlowIntent("again", hear: [UtterancePattern("repeat")].compactMap(\.self), then: .repeatLast)
    var harness = FlowHarness.begun(
      [say("hello", "Hello.", next: "menu"), listen("menu", "Tea?", intents: [], noMatch: AskAgain(times: 0))],
      everywhere: [help, again])
    for _ in 0..<5 {
      harness.handle(.said("Help!"))
      #expect(harness.said == ["Say tea.", "Tea?"])
      harness.handle(.said("Repeat, please."))
      #expect(harness.said == ["Hello.", "Tea?"])
      #expect(harness.listening != nil)
    }
  }

  @Test("An intent can set variables and say something on the way")
  func intentSets() {
    let tea = FlowIntent(
      "tea", hear: [UtterancePattern("tea")].compactMap(\.self), says: FlowText("Tea it is."),
      sets: [FlowAssignment(name: "drink", value: FlowText("tea"))], then: .go("bye"))
    var harness = FlowHarness.begun([listen("menu", "What?", intents: [tea]), end("bye", "{drink}")])
    harness.handle(.said("tea"))
    #expect(harness.said == ["Tea it is."])
    #expect(harness.outputs.contains(.filled(slot: "drink", value: "tea")))
    #expect(harness.ending?.outcome == "tea")
  }

  @Test(
    "A variable that doubles itself stays within its limit, also when it is one character of many marks",
    arguments: [("x", FlowMachine.valueMax), ("\u{301}", 8)])
  func doubling(value: String, length: Int) {
    let grow = FlowIntent(
      "more", hear: [UtterancePattern("more")].compactMap(\.self),
      sets: [FlowAssignment(name: "mark", value: FlowText("{mark}{mark}"))], then: .go("menu"))
    var harness = FlowHarness.begun([listen("menu", "What?", intents: [grow])], variables: ["mark": value])
    for _ in 0..<14 { harness.handle(.said("more")) }
    let filled = harness.outputs.compactMap { if case .filled("mark", let value) = $0 { value } else { nil } }
    #expect(filled.map { $0.unicodeScalars.count } == [length])
  }

  @Test("A flow that would say more than anybody listens to says its last word and ends")
  func tooMuchSaid() {
    let long = String(repeating: "Word ", count: 190)  // 950 characters
    let states = (0..<8).map { say("s\($0)", "{x}{x}", next: "s\($0 + 1)") }
    var harness = FlowHarness(states + [listen("s8", "What?", intents: [])], variables: ["x": long])
    harness.handle(.begin)
    #expect(harness.said.count == 3 && harness.said.last == "Sorry, bye.")
    #expect(harness.said.dropLast().allSatisfy { $0 == long + long })
    #expect(harness.ending?.reason == .engineFailed && harness.listening == nil && harness.machine.hasEnded)
    #expect(harness.ending?.outcome.contains("says more than 4000 characters") == true)
  }

  @Test(
    "A decision takes the first branch that holds",
    arguments: [
      ("shipped", "one"), ("SHIPPED", "one"), ("late", "two"), ("lost", "two"), ("12", "three"), ("-3", "four"),
      ("X17", "five"), ("", "six"), ("else", "seven"),
    ])
  func decides(value: String, outcome: String) {
    let tests: [FlowTest] = [
      .equals("shipped"), .oneOf(["late", "lost"]), .above(10), .below(0), .matches("^x[0-9]+$"), .empty(true),
    ]
    let names = ["one", "two", "three", "four", "five", "six"]
    let branches = zip(tests, names).map { FlowBranch("status", $0, next: $1) }
    let decide = FlowState(name: "decide", kind: .decide(branches, otherwise: "seven"))
    var harness = FlowHarness([decide] + (names + ["seven"]).map { end($0) }, variables: ["status": value])
    harness.handle(.begin)
    #expect(harness.ending?.outcome == outcome)
  }

  @Test(
    "Decisions that would take long go to their else",
    arguments: [("a", "five"), (String(repeating: "a", count: 1000), "else")])
  func dearDecision(value: String, outcome: String) {
    let slow = FlowTest.matches("(a?){30}a{30}b")
    let branches = (0..<49).map { _ in FlowBranch("status", slow, next: "else") }
    let decide = FlowStateKind.decide(
      branches + [FlowBranch("status", .matches("a"), next: "five")], otherwise: "else")
    var harness = FlowHarness(
      [FlowState(name: "decide", kind: decide), end("five"), end("else")], variables: ["status": value])
    harness.handle(.begin)
    #expect(harness.ending?.outcome == outcome)
  }

  @Test("A test that says what must not be", arguments: [("tea", false), ("coffee", true)])
  func differs(value: String, holds: Bool) {
    #expect(FlowTest.differs("Tea").holds(for: value) == holds)
    #expect(FlowTest.empty(false).holds(for: value))
  }

  @Test("Variables of the driver replace those of the flow")
  func variables() {
    let flow = Flow(
      name: "f", start: "hi", variables: ["who": "you"], states: [say("hi", "Hi {who}.", next: "bye"), end("bye")])
    var harness = FlowHarness(FlowMachine(flow: flow, variables: ["who": "Ada"]))
    harness.handle(.begin)
    #expect(harness.said == ["Hi Ada."])
  }

  @Test("The reference has six digits, the same for one seed and others for others")
  func reference() {
    let references = (0..<UInt64(50)).map { seed in
      var harness = FlowHarness([end("bye", "{reference}")], seed: seed)
      harness.handle(.begin)
      return harness.ending?.outcome ?? ""
    }
    #expect(references.allSatisfy { $0.count == 6 && Int($0) != nil })
    #expect(Set(references).count == 50)
    var again = FlowHarness([end("bye", "{reference}")], seed: 7)
    again.handle(.begin)
    #expect(again.ending?.outcome == references[7])
  }

  @Test("States that go round without listening end the call instead of hanging it")
  func loop() {
    let harness = FlowHarness.begun([say("a", "A.", next: "b"), say("b", "B.", next: "a")])
    #expect(harness.ending == FlowEnding(reason: .engineFailed, outcome: "flow loops"))
    #expect(harness.entered.count == FlowMachine.entriesMax)
  }

  @Test("A target that is not there ends the call")
  func missingState() {
    let harness = FlowHarness.begun([say("a", "A.", next: "nowhere")])
    #expect(harness.ending == FlowEnding(reason: .engineFailed, outcome: "no state nowhere"))
  }

  @Test("A phone transfer is an end with the number as its outcome")
  func phoneTransfer() {
    let state = FlowStateKind.phoneTransfer(number: FlowText("{desk}"), says: FlowText("One moment."))
    var harness = FlowHarness([FlowState(name: "desk", kind: state)], variables: ["desk": "+15550100"])
    harness.handle(.begin)
    #expect(harness.said == ["One moment."])
    #expect(harness.ending == FlowEnding(reason: .transferred, outcome: "+15550100"))
  }

  @Test("Input that nobody waits for changes nothing, in every phase")
  func strayInput() {
    let inputs: [FlowInput] = [.said("tea"), .pressed("1"), .nothingSaid, .notUnderstood, .toolAnswered(.timedOut)]
    let tool = ToolState(url: FlowText("http://x"), next: "bye")
    let states = [FlowState(name: "tool", kind: .tool(tool)), end("bye")]
    var harness = FlowHarness(states)
    for input in inputs {
      harness.handle(input)
      #expect(harness.outputs.isEmpty, "\(input) before the call began")
    }
    harness.handle(.begin)
    for input in inputs.dropLast() + [.begin] {
      harness.handle(input)
      #expect(harness.outputs.isEmpty, "\(input) while a tool works")
    }
    harness.handle(.toolAnswered(.answered(status: 200, values: [:])))
    #expect(harness.ending != nil)
    for input in inputs + [.begin] {
      harness.handle(input)
      #expect(harness.outputs.isEmpty, "\(input) after the end")
    }
    var asking = FlowHarness.begun([listen("menu", "Tea?", intents: [])])
    for input in [.begin, .toolAnswered(.timedOut)] as [FlowInput] {
      asking.handle(input)
      #expect(asking.outputs.isEmpty, "\(input) while the caller is asked")
    }
  }
}
