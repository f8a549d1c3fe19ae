import CallCore
import Testing

@Suite("Flow machine: collecting a slot")
struct FlowCollectTests {
  private let order = collect("order", .digits(4...4), confirm: ["Was that {order | digits}?"])

  @Test("Without confirmation the value counts at once")
  func plain() {
    var harness = FlowHarness.begun([collect("order", .digits(4...4)), end("done", "{order}")])
    #expect(harness.listening?.keysMax == 4)
    #expect(harness.listening?.endOfTurnSilence == .seconds(1))
    harness.handle(.said("It's four seven one one."))
    #expect(
      harness.outputs.prefix(2) == [
        .filled(slot: "order", value: "4711"), .entered(state: "done", from: "order", because: "order"),
      ])
    #expect(harness.machine.slots == ["order": "4711"])
  }

  @Test(
    "The words of its intents and values of its kind are what a state waits for; free text takes any words, and so waits for none"
  )
  func expected() {
    let help = intent("help", "an advisor", go: "done")
    var harness = FlowHarness([order, end("done")], everywhere: [help])
    #expect(!harness.machine.expects("4711"), "nothing was asked yet")
    harness.handle(.begin)
    for words in ["4711", "Four seven one one.", "An advisor, please."] { #expect(harness.machine.expects(words)) }
    for words in ["Of her.", "Amen.", "Yes.", "", "I was told that an advisor would call"] {
      #expect(!harness.machine.expects(words), "\(words)")
    }
    harness.handle(.said("4711"))
    #expect(harness.machine.expects("Yes.") && harness.machine.expects("4712"), "while it is confirmed")
    harness.handle(.said("yes"))
    #expect(!harness.machine.expects("4711"), "the flow has ended")
    for kind in [SlotKind.text, .name] {
      let harness = FlowHarness.begun([collect("it", kind), end("done")], everywhere: [help])
      #expect(!harness.machine.expects("Amen.") && harness.machine.expects("Advisor? An advisor!"))
    }
  }

  @Test("Keys fill a slot, and too few are asked again")
  func keys() {
    var harness = FlowHarness.begun([collect("order", .digits(4...4)), end("done")])
    harness.handle(.pressed("471"))
    #expect(harness.said == ["Sorry, I did not get that. What order?"])
    harness.handle(.pressed("4711"))
    #expect(harness.machine.slots == ["order": "4711"])
  }

  @Test(
    "A confirmed value counts only after yes", arguments: [.said("Yes."), .pressed("1"), .said("4711")] as [FlowInput])
  func confirmed(answer: FlowInput) {
    var harness = FlowHarness.begun([order, end("done")])
    harness.handle(.said("4711"))
    #expect(harness.said == ["Was that four seven one one?"])
    #expect(harness.machine.slots.isEmpty)
    harness.handle(answer)
    #expect(harness.machine.slots == ["order": "4711"])
    #expect(harness.ending?.outcome == "done")
  }

  @Test(
    "A wrong value is corrected in one breath",
    arguments: [
      "No, 4712.", "no, it's four seven one two", "The last digit is two.", "no, the fourth digit is a 2",
      "4712", "The last one should be two",
    ])
  func corrected(words: String) {
    var harness = FlowHarness.begun([order, end("done")])
    harness.handle(.said("4711"))
    harness.handle(.said(words))
    #expect(harness.said == ["Was that four seven one two?"])
    harness.handle(.said("right"))
    #expect(harness.machine.slots == ["order": "4712"])
  }

  @Test(
    "After no the question is asked again; after too many the state gives up",
    arguments: [.said("No."), .pressed("2")] as [FlowInput])
  func refused(answer: FlowInput) {
    var harness = FlowHarness.begun([order, end("done")])
    for _ in 0..<2 {
      harness.handle(.said("4711"))
      harness.handle(answer)
      #expect(harness.said == ["What order?"])
    }
    harness.handle(.said("4711"))
    harness.handle(answer)
    #expect(harness.ending == FlowEnding(reason: .noMatch, outcome: ""))
    #expect(harness.machine.slots.isEmpty)
  }

  @Test("Corrections without end give up too")
  func correctionsBounded() {
    var harness = FlowHarness.begun([order, end("done")])
    for number in 4711...4713 {
      harness.handle(.said("\(number)"))
      #expect(harness.ending == nil)
    }
    harness.handle(.said("4714"))
    #expect(harness.ending?.reason == .noMatch)
  }

  @Test("What is neither yes nor no is asked again as the confirmation, not as the question")
  func unclear() {
    let rule = AskAgain(texts("Which order, please?", "Sorry. {prompt}"), times: 2)
    let state = collect("order", .digits(4...4), confirm: ["Was that {order}?", "{order}, yes or no?"], noMatch: rule)
    var harness = FlowHarness.begun([state, end("done")])
    harness.handle(.said("4711"))
    harness.handle(.said("well"))
    #expect(harness.said == ["4711, yes or no?"])
    harness.handle(.said("well"))
    #expect(harness.said == ["Sorry. 4711, yes or no?"])
    harness.handle(.said("well"))
    #expect(harness.ending?.reason == .noMatch)
  }

  @Test("An intent of the state leads away, also while confirming")
  func intents() {
    let state = collect(
      "order", .digits(4...4), confirm: ["{order}?"], intents: [intent("lost", "lost it", go: "done")])
    var harness = FlowHarness.begun([state, end("done")])
    harness.handle(.said("I lost it"))
    #expect(harness.ending?.outcome == "done")
    harness = FlowHarness.begun([state, end("done")])
    harness.handle(.said("4711"))
    harness.handle(.said("I have lost it"))
    #expect(harness.ending?.outcome == "done")
  }

  @Test("In free text a global intent must be most of what was said")
  func freeText() {
    let agent = intent("agent", "agent", go: "desk")
    let states = [collect("problem", .text), end("done"), end("desk")]
    var harness = FlowHarness.begun(states, everywhere: [agent])
    harness.handle(.said("Your agent was rude to me yesterday."))
    #expect(harness.machine.slots == ["problem": "Your agent was rude to me yesterday"])
    harness = FlowHarness.begun(states, everywhere: [agent])
    harness.handle(.said("An agent."))
    #expect(harness.ending?.outcome == "desk")
  }

  @Test(
    "An intent goes before free text and names where nothing else was said than asking for it",
    arguments: [
      ("Can you repeat that?", "again"), ("Could you repeat that, please?", "again"),
      ("Sorry, what was that again?", "again"),
      ("agent please", "desk"), ("I would like to speak to an agent", "desk"), ("Agent!", "desk"), ("help", "help"),
      ("I need some help", "help"), ("Help me please, I don't know what to say", "help"),
      ("Grace Hopper", "Grace Hopper"),
    ])
  func requests(words: String, outcome: String) {
    let everywhere = [
      intent("again", "repeat", "again", go: "again"), intent("agent", "agent", go: "desk"),
      intent("help", "help", go: "help"),
    ]
    for kind in [SlotKind.name, .text] {
      let states = [collect("value", kind), end("done", "{value}"), end("again"), end("desk"), end("help")]
      var harness = FlowHarness.begun(states, everywhere: everywhere)
      harness.handle(.said(words))
      #expect(harness.ending?.outcome == outcome)
    }
  }

  @Test("A name that holds the word of an intent is a name")
  func nameOfIntent() {
    let states = [collect("name", .name), end("done", "{name}"), end("desk")]
    var harness = FlowHarness.begun(states, everywhere: [intent("agent", "grace", go: "desk")])
    harness.handle(.said("Grace Hopper"))
    #expect(harness.ending?.outcome == "Grace Hopper")
  }

  @Test("The call hears what was asked: heard is a variable")
  func heard() {
    let rule = AskAgain(texts("I heard {heard}."), times: 1)
    var harness = FlowHarness.begun([collect("order", .digits(4...4), noMatch: rule), end("done")])
    harness.handle(.said("blue"))
    #expect(harness.said == ["I heard blue."])
  }

  @Test("A value counts more than an intent that was only nearly said")
  func valueBeforeSlip() {
    let states = [
      collect("day", .date, intents: [intent("other", "tomorow", go: "other")]), end("done", "{day}"), end("other"),
    ]
    var harness = FlowHarness.begun(states)
    harness.handle(.said("Tomorrow."))
    #expect(harness.ending?.outcome == "tomorrow")
  }

  @Test(
    "In a call that began half an hour before midnight it is tomorrow after that",
    arguments: [(20, "2026-03-03"), (40, "2026-03-04"), (24 * 60 + 40, "2026-03-05")])
  func pastMidnight(minutes: Int, tomorrow: String) {
    let states = [collect("day", .date), end("done", "{day}")]
    var harness = FlowHarness.begun(states, variables: ["today": "2026-03-02", "now": "23:30"])
    harness.machine.advance(to: .zero + .seconds(60 * minutes))
    harness.handle(.said("Tomorrow."))
    #expect(harness.ending?.outcome == tomorrow)
  }

  @Test(
    "A turn ends by meaning where its flow says so, but not where pauses belong to the answer",
    arguments: [
      (.text, .meaning), (.date, .meaning), (.time, .meaning), (.digits(4...4), .silence), (.yesNo, .silence),
      (.number(least: nil, most: nil), .silence), (.name, .silence), (.choice([SlotChoice("red", hear: [])]), .silence),
    ] as [(SlotKind, EndOfTurnRule)])
  func endOfTurn(kind: SlotKind, rule: EndOfTurnRule) {
    for given in [EndOfTurnRule.meaning, .silence, nil] {
      var flow = Flow(
        name: "test", start: "value", states: [collect("value", kind, confirm: ["Is it {value}?"]), end("done")])
      flow.endOfTurn = given
      var harness = FlowHarness(FlowMachine(flow: flow, library: FlowLibrary([flow]), seed: 0))
      harness.handle(.begin)
      #expect(harness.listening?.endOfTurn == (rule == .meaning ? given : .silence))
      guard kind == .text else { continue }
      harness.handle(.said("something"))
      #expect(harness.listening?.endOfTurn == .silence, "yes or no is asked")
    }
  }
}
