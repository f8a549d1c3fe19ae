import CallCore
import Testing

@Suite("Flow machine: collecting a slot")
struct FlowCollectTests {
  private let order = collect("order", .digits(4...4), confirm: ["Was that {order | digits}?"])

  @Test("Without confirmation the value counts at once")
  func plain() {
    var bench = FlowBench.begun([collect("order", .digits(4...4)), end("done", "{order}")])
    #expect(bench.listening?.keysMax == 4)
    #expect(bench.listening?.endOfTurnSilence == .seconds(1))
    bench.take(.said("It's four seven one one."))
    #expect(
      bench.outputs.prefix(2) == [
        .filled(slot: "order", value: "4711"), .entered(state: "done", from: "order", because: "order"),
      ])
    #expect(bench.machine.slots == ["order": "4711"])
  }

  @Test("Keys fill a slot, and too few are asked again")
  func keys() {
    var bench = FlowBench.begun([collect("order", .digits(4...4)), end("done")])
    bench.take(.pressed("471"))
    #expect(bench.said == ["What order?"])
    bench.take(.pressed("4711"))
    #expect(bench.machine.slots == ["order": "4711"])
  }

  @Test(
    "A confirmed value counts only after yes", arguments: [.said("Yes."), .pressed("1"), .said("4711")] as [FlowInput])
  func confirmed(answer: FlowInput) {
    var bench = FlowBench.begun([order, end("done")])
    bench.take(.said("4711"))
    #expect(bench.said == ["Was that four seven one one?"])
    #expect(bench.machine.slots.isEmpty)
    bench.take(answer)
    #expect(bench.machine.slots == ["order": "4711"])
    #expect(bench.ending?.outcome == "done")
  }

  @Test(
    "A wrong value is corrected in one breath",
    arguments: [
      "No, 4712.", "no, it's four seven one two", "The last digit is two.", "no, the fourth digit is a 2",
      "4712", "The last one should be two",
    ])
  func corrected(words: String) {
    var bench = FlowBench.begun([order, end("done")])
    bench.take(.said("4711"))
    bench.take(.said(words))
    #expect(bench.said == ["Was that four seven one two?"])
    bench.take(.said("right"))
    #expect(bench.machine.slots == ["order": "4712"])
  }

  @Test(
    "After no the question is asked again; after too many the state gives up",
    arguments: [.said("No."), .pressed("2")] as [FlowInput])
  func refused(answer: FlowInput) {
    var bench = FlowBench.begun([order, end("done")])
    for _ in 0..<2 {
      bench.take(.said("4711"))
      bench.take(answer)
      #expect(bench.said == ["What order?"])
    }
    bench.take(.said("4711"))
    bench.take(answer)
    #expect(bench.ending == FlowEnding(reason: .noMatch, outcome: ""))
    #expect(bench.machine.slots.isEmpty)
  }

  @Test("Corrections without end give up too")
  func correctionsBounded() {
    var bench = FlowBench.begun([order, end("done")])
    for number in 4711...4713 {
      bench.take(.said("\(number)"))
      #expect(bench.ending == nil)
    }
    bench.take(.said("4714"))
    #expect(bench.ending?.reason == .noMatch)
  }

  @Test("What is neither yes nor no is asked again as the confirmation, not as the question")
  func unclear() {
    let rule = AskAgain(texts("Which order, please?", "Sorry. {prompt}"), times: 2)
    let state = collect("order", .digits(4...4), confirm: ["Was that {order}?", "{order}, yes or no?"], noMatch: rule)
    var bench = FlowBench.begun([state, end("done")])
    bench.take(.said("4711"))
    bench.take(.said("well"))
    #expect(bench.said == ["4711, yes or no?"])
    bench.take(.said("well"))
    #expect(bench.said == ["Sorry. 4711, yes or no?"])
    bench.take(.said("well"))
    #expect(bench.ending?.reason == .noMatch)
  }

  @Test("An intent of the state leads away, also while confirming")
  func intents() {
    let state = collect(
      "order", .digits(4...4), confirm: ["{order}?"], intents: [intent("lost", "lost it", go: "done")])
    var bench = FlowBench.begun([state, end("done")])
    bench.take(.said("I lost it"))
    #expect(bench.ending?.outcome == "done")
    bench = FlowBench.begun([state, end("done")])
    bench.take(.said("4711"))
    bench.take(.said("I have lost it"))
    #expect(bench.ending?.outcome == "done")
  }

  @Test("In free text a global intent must be most of what was said")
  func freeText() {
    let agent = intent("agent", "agent", go: "desk")
    let states = [collect("problem", .text), end("done"), end("desk")]
    var bench = FlowBench.begun(states, everywhere: [agent])
    bench.take(.said("Your agent was rude to me yesterday."))
    #expect(bench.machine.slots == ["problem": "Your agent was rude to me yesterday"])
    bench = FlowBench.begun(states, everywhere: [agent])
    bench.take(.said("An agent."))
    #expect(bench.ending?.outcome == "desk")
  }

  @Test("The call hears what was asked: heard is a variable")
  func heard() {
    let rule = AskAgain(texts("I heard {heard}."), times: 1)
    var bench = FlowBench.begun([collect("order", .digits(4...4), noMatch: rule), end("done")])
    bench.take(.said("blue"))
    #expect(bench.said == ["I heard blue."])
  }

  @Test("A value counts more than an intent that was only nearly said")
  func valueBeforeSlip() {
    let states = [
      collect("day", .date, intents: [intent("other", "tomorow", go: "other")]), end("done", "{day}"), end("other"),
    ]
    var bench = FlowBench.begun(states)
    bench.take(.said("Tomorrow."))
    #expect(bench.ending?.outcome == "tomorrow")
  }
}
