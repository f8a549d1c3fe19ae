import CallCore
import Testing

@Suite("Flow machine")
struct FlowMachineTests {
  @Test("A flow greets, asks, hears and ends")
  func story() {
    var bench = FlowBench.begun([
      say("hello", "Hello.", next: "menu"),
      listen("menu", "Tea or coffee?", intents: [intent("tea", "tea", go: "bye")]),
      end("bye", "tea", say: "Goodbye."),
    ])
    var waiting = ListenOptions()
    waiting.keysMax = nil
    #expect(
      bench.outputs == [
        .entered(state: "hello", from: "", because: "begin"), .say("Hello.", interruptible: true),
        .entered(state: "menu", from: "hello", because: "said"), .say("Tea or coffee?", interruptible: true),
        .listen(waiting),
      ])
    bench.take(.said("Tea, please."))
    #expect(
      bench.outputs == [
        .entered(state: "bye", from: "menu", because: "tea"), .say("Goodbye.", interruptible: false),
        .end(FlowEnding(reason: .completed, outcome: "tea")),
      ])
    #expect(bench.machine.hasEnded)
  }

  @Test("Silence is asked again as often as the state says, then it ends with no input")
  func noInput() {
    let again = AskAgain(texts("Hello?", "Still there? {prompt}"), times: 3)
    var bench = FlowBench.begun([listen("menu", "Tea?", "Tea or not?", intents: [], noInput: again)])
    for expected in ["Hello?", "Still there? Tea or not?", "Still there? Tea or not?"] {
      bench.take(.nothingSaid)
      #expect(bench.said == [expected])
      #expect(bench.listening != nil)
    }
    bench.take(.nothingSaid)
    #expect(bench.said == ["Sorry, bye."])
    #expect(bench.ending == FlowEnding(reason: .noInput, outcome: ""))
  }

  @Test("What does not fit is counted apart from silence and leads where the state says")
  func noMatch() {
    let noMatch = AskAgain(texts("What?"), times: 1, next: "help")
    var bench = FlowBench.begun([listen("menu", "Tea?", intents: [], noMatch: noMatch), end("help")])
    bench.take(.nothingSaid)
    bench.take(.notUnderstood)
    #expect(bench.said == ["What?"])
    bench.take(.nothingSaid)
    #expect(bench.said == ["Tea?"])
    bench.take(.said("gibberish"))
    #expect(bench.outputs.first == .entered(state: "help", from: "menu", because: "no match"))
  }

  @Test("A state that is visited again says its next text, and the last one stays")
  func textsOfVisits() {
    var bench = FlowBench.begun([listen("menu", "First?", "Second?", intents: [intent("again", "again", go: "menu")])])
    var said = bench.said
    for _ in 0..<2 {
      bench.take(.said("again"))
      said += bench.said
    }
    #expect(said == ["First?", "Second?", "Second?"])
  }

  @Test("Keys choose an intent; one key ends the turn where every key is one digit")
  func keys() {
    var bench = FlowBench.begun([
      listen("menu", "Press.", intents: [intent("one", "one", keys: "1", go: "bye")]), end("bye"),
    ])
    #expect(bench.listening?.keysMax == 1)
    bench.take(.pressed("2"))
    #expect(bench.said == ["Press."])
    bench.take(.pressed("1"))
    #expect(bench.outputs.first == .entered(state: "bye", from: "menu", because: "one (key 1)"))
  }

  @Test(
    "A global intent with text says it and asks again; repeat says everything again, and neither counts as a failure")
  func helpAndRepeat() {
    let help = FlowIntent(
      "help", hear: [UtterancePattern("help")].compactMap(\.self), says: FlowText("Say tea."), then: .askAgain)
    let again = FlowIntent("again", hear: [UtterancePattern("repeat")].compactMap(\.self), then: .repeatLast)
    var bench = FlowBench.begun(
      [say("hello", "Hello.", next: "menu"), listen("menu", "Tea?", intents: [], noMatch: AskAgain(times: 0))],
      everywhere: [help, again])
    for _ in 0..<5 {
      bench.take(.said("Help!"))
      #expect(bench.said == ["Say tea.", "Tea?"])
      bench.take(.said("Repeat, please."))
      #expect(bench.said == ["Hello.", "Tea?"])
      #expect(bench.listening != nil)
    }
  }

  @Test("An intent can set variables and say something on the way")
  func intentSets() {
    let tea = FlowIntent(
      "tea", hear: [UtterancePattern("tea")].compactMap(\.self), says: FlowText("Tea it is."),
      sets: [FlowAssignment(name: "drink", value: FlowText("tea"))], then: .go("bye"))
    var bench = FlowBench.begun([listen("menu", "What?", intents: [tea]), end("bye", "{drink}")])
    bench.take(.said("tea"))
    #expect(bench.said == ["Tea it is."])
    #expect(bench.outputs.contains(.filled(slot: "drink", value: "tea")))
    #expect(bench.ending?.outcome == "tea")
  }

  @Test(
    "A variable that doubles itself stays within its limit, also when it is one character of many marks",
    arguments: [("x", FlowMachine.valueMax), ("\u{301}", 8)])
  func doubling(value: String, length: Int) {
    let grow = FlowIntent(
      "more", hear: [UtterancePattern("more")].compactMap(\.self),
      sets: [FlowAssignment(name: "mark", value: FlowText("{mark}{mark}"))], then: .go("menu"))
    var bench = FlowBench.begun([listen("menu", "What?", intents: [grow])], variables: ["mark": value])
    for _ in 0..<14 { bench.take(.said("more")) }
    let filled = bench.outputs.compactMap { if case .filled("mark", let value) = $0 { value } else { nil } }
    #expect(filled.map { $0.unicodeScalars.count } == [length])
  }

  @Test("A flow that would say more than anybody listens to says its last word and ends")
  func tooMuchSaid() {
    let long = String(repeating: "Word ", count: 190)  // 950 characters
    let states = (0..<8).map { say("s\($0)", "{x}{x}", next: "s\($0 + 1)") }
    var bench = FlowBench(states + [listen("s8", "What?", intents: [])], variables: ["x": long])
    bench.take(.begin)
    #expect(bench.said.count == 3 && bench.said.last == "Sorry, bye.")
    #expect(bench.said.dropLast().allSatisfy { $0 == long + long })
    #expect(bench.ending?.reason == .engineFailed && bench.listening == nil && bench.machine.hasEnded)
    #expect(bench.ending?.outcome.contains("says more than 4000 characters") == true)
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
    let decide = FlowState(name: "decide", kind: .decide(DecideState(branches, otherwise: "seven")))
    var bench = FlowBench([decide] + (names + ["seven"]).map { end($0) }, variables: ["status": value])
    bench.take(.begin)
    #expect(bench.ending?.outcome == outcome)
  }

  @Test(
    "Decisions that would take long go to their else",
    arguments: [("a", "five"), (String(repeating: "a", count: 1000), "else")])
  func dearDecision(value: String, outcome: String) {
    let slow = FlowTest.matches("(a?){30}a{30}b")
    let branches = (0..<49).map { _ in FlowBranch("status", slow, next: "else") }
    let decide = DecideState(branches + [FlowBranch("status", .matches("a"), next: "five")], otherwise: "else")
    var bench = FlowBench(
      [FlowState(name: "decide", kind: .decide(decide)), end("five"), end("else")], variables: ["status": value])
    bench.take(.begin)
    #expect(bench.ending?.outcome == outcome)
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
    var bench = FlowBench(FlowMachine(flow: flow, variables: ["who": "Ada"]))
    bench.take(.begin)
    #expect(bench.said == ["Hi Ada."])
  }

  @Test("The reference has six digits, the same for one seed and others for others")
  func reference() {
    let references = (0..<UInt64(50)).map { seed in
      var bench = FlowBench([end("bye", "{reference}")], seed: seed)
      bench.take(.begin)
      return bench.ending?.outcome ?? ""
    }
    #expect(references.allSatisfy { $0.count == 6 && Int($0) != nil })
    #expect(Set(references).count == 50)
    var again = FlowBench([end("bye", "{reference}")], seed: 7)
    again.take(.begin)
    #expect(again.ending?.outcome == references[7])
  }

  @Test("States that go round without listening end the call instead of hanging it")
  func loop() {
    let bench = FlowBench.begun([say("a", "A.", next: "b"), say("b", "B.", next: "a")])
    #expect(bench.ending == FlowEnding(reason: .engineFailed, outcome: "flow loops"))
    #expect(bench.entered.count == FlowMachine.entriesMax)
  }

  @Test("A target that is not there ends the call")
  func missingState() {
    let bench = FlowBench.begun([say("a", "A.", next: "nowhere")])
    #expect(bench.ending == FlowEnding(reason: .engineFailed, outcome: "no state nowhere"))
  }

  @Test("A phone transfer is an end with the number as its outcome")
  func phoneTransfer() {
    let state = PhoneTransferState(number: FlowText("{desk}"), says: FlowText("One moment."))
    var bench = FlowBench([FlowState(name: "desk", kind: .phoneTransfer(state))], variables: ["desk": "+15550100"])
    bench.take(.begin)
    #expect(bench.said == ["One moment."])
    #expect(bench.ending == FlowEnding(reason: .transferred, outcome: "+15550100"))
  }

  @Test("Input that nobody waits for changes nothing, in every phase")
  func strayInput() {
    let inputs: [FlowInput] = [.said("tea"), .pressed("1"), .nothingSaid, .notUnderstood, .toolAnswered(.timedOut)]
    let tool = ToolState(url: FlowText("http://x"), next: "bye")
    let states = [FlowState(name: "tool", kind: .tool(tool)), end("bye")]
    var bench = FlowBench(states)
    for input in inputs {
      bench.take(input)
      #expect(bench.outputs.isEmpty, "\(input) before the call began")
    }
    bench.take(.begin)
    for input in inputs.dropLast() + [.begin] {
      bench.take(input)
      #expect(bench.outputs.isEmpty, "\(input) while a tool works")
    }
    bench.take(.toolAnswered(.answered(status: 200, values: [:])))
    #expect(bench.ending != nil)
    for input in inputs + [.begin] {
      bench.take(input)
      #expect(bench.outputs.isEmpty, "\(input) after the end")
    }
    var asking = FlowBench.begun([listen("menu", "Tea?", intents: [])])
    for input in [.begin, .toolAnswered(.timedOut)] as [FlowInput] {
      asking.take(input)
      #expect(asking.outputs.isEmpty, "\(input) while the caller is asked")
    }
  }
}
