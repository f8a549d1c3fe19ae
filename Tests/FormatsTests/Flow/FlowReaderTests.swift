import CallCore
import Formats
import Testing

@Suite("Flow reader: files that are right")
struct FlowReaderTests {
  private func flow(_ text: String, file: String = "menu.yaml") throws -> Flow {
    try FlowReader.read(text, file: file).get()
  }

  @Test("The smallest flow is two lines; its name is the file's, its outcome the state's")
  func smallest() throws {
    let flow = try flow("states:\n  bye: {end: }\n", file: "flows/so-short.yaml")
    #expect(
      flow
        == Flow(
          name: "so-short", title: "so-short", start: "bye",
          states: [
            FlowState(name: "bye", kind: .end(outcome: FlowText("{state}")))
          ]))
  }

  @Test("A byte order mark and CRLF, as editors of Windows write them, change nothing")
  func windows() throws {
    let text = "flow: so-short\nstates:\n  bye: {end: }\n"
    #expect(try flow("\u{FEFF}" + text.replacing("\n", with: "\r\n")) == flow(text))
  }

  @Test("The head of a file")
  func head() throws {
    let flow = try flow(
      """
      flow: front-desk
      title: "Front desk: day"
      description: Answers.
      language: en-GB
      voice: heart
      start: bye
      end-of-turn-silence: 800ms
      end-of-turn: meaning
      interrupt: when-words
      give-up: So long, {who}.
      variables: {who: you, today: }
      states:
        bye: {end: done, say: Bye.}
      """)
    #expect(flow.name == "front-desk" && flow.title == "Front desk: day" && flow.description == "Answers.")
    #expect(flow.language == "en-GB" && flow.voice == "heart" && flow.start == "bye")
    #expect(flow.endOfTurnSilence == .milliseconds(800) && flow.endOfTurn == .meaning && flow.endsTurnsByMeaning)
    #expect(flow.interrupt == .whenWords)
    #expect(flow.giveUp.source == "So long, {who}.")
    #expect(flow.variables == ["who": "you", "today": ""])
    #expect(
      flow.states == [
        FlowState(name: "bye", kind: .end(outcome: FlowText("done"), says: FlowText("Bye.")))
      ])
  }

  @Test("A question takes from the state first, then from the file's defaults, then what is built in")
  func defaults() throws {
    let flow = try flow(
      """
      defaults:
        no-input: {say: Hello?, times: 4}
        no-match: [What?, 'Sorry? {prompt}']
        else: bye
        no-input-after: 5s
      intents:
        tea: [tea, a cuppa]
      states:
        one: {listen: Tea?, intents: {tea: two}}
        two:
          listen: [Tea?, No tea?]
          interruptible: false
          intents:
            tea: {keys: 1, set: {drink: tea}, next: three}
            coffee: {hear: /coffee|espresso/, say: No coffee here.}
          no-input: Still there?
          no-match: {times: 0, next: three}
          else: one
          no-input-after: 1.5s
          end-of-turn-silence: 2s
          end-of-turn: meaning
          interrupt: at-once
        three: {say: "{drink}", next: bye}
        bye: {end: }
      """)
    let one = try #require(flow.states[0].kind.question)
    #expect(one.noInput == AskAgain([FlowText("Hello?")], times: 4, next: "bye"))
    #expect(one.noMatch == AskAgain([FlowText("What?"), FlowText("Sorry? {prompt}")], times: 2, next: "bye"))
    #expect(one.listening.noInputAfter == .seconds(5) && one.interruptible)
    #expect(
      one.intents == [
        FlowIntent("tea", hear: heard("tea", "a cuppa"), then: .go("two"))
      ])
    let two = try #require(flow.states[1].kind.question)
    #expect(two.prompts.map(\.source) == ["Tea?", "No tea?"])
    #expect(two.noInput == AskAgain([FlowText("Still there?")], times: 4, next: "one"))
    #expect(two.noMatch == AskAgain([FlowText("What?"), FlowText("Sorry? {prompt}")], times: 0, next: "three"))
    #expect(two.listening.noInputAfter == .milliseconds(1500) && !two.interruptible)
    #expect(two.listening.endOfTurnSilence == .seconds(2) && two.listening.endOfTurn == .meaning)
    #expect(two.listening.interrupt == .atOnce && one.listening.interrupt == nil)
    #expect(one.listening.endOfTurn == nil && flow.endOfTurn == nil && flow.endsTurnsByMeaning)
    #expect(two.intents[0].keys == "1" && two.intents[0].patterns.count == 2)
    #expect(two.intents[0].sets == [FlowAssignment(name: "drink", value: FlowText("tea"))])
    #expect(two.intents[1].patterns == heard("/coffee|espresso/"))
    #expect(two.intents[1].then == .askAgain && two.intents[1].says?.source == "No coffee here.")
  }

  @Test("What does not fit, and silence, can be ignored, in a state or in the whole file")
  func ignored() throws {
    let flow = try flow(
      """
      defaults:
        no-input: {ignore: true}
        else: bye
      states:
        one: {listen: Hm?, intents: {b: {hear: b, next: two}}, no-match: {ignore: true}}
        two: {listen: Hm?, intents: {b: {hear: b, next: three}}, no-input: {ignore: false}}
        three: {listen: Hm?, intents: {b: {hear: b, next: bye}}, no-input: Hello?}
        bye: {end: }
      """)
    let questions = try flow.states.prefix(3).map { try #require($0.kind.question) }
    #expect(questions.map(\.noMatch.isIgnored) == [true, false, false])
    #expect(questions.map(\.noInput.isIgnored) == [true, false, false])
    #expect(questions.map(\.noInput.next) == [nil, "bye", "bye"])
    #expect(flow.states[0].transitions.map(\.to) == ["two"])
  }

  @Test("A state that waits for a beep says nothing and hears nothing else")
  func beep() throws {
    let flow = try flow(
      """
      defaults: {no-input-after: 9s}
      states:
        one: {await-beep: two, no-beep: bye}
        two: {await-beep: bye, no-beep: bye, no-beep-after: 1500ms}
        bye: {end: }
      """)
    let (one, two) = (try #require(flow.states[0].kind.question), try #require(flow.states[1].kind.question))
    #expect(one.afterBeep == "two" && one.listening.awaitsBeep && one.prompts.isEmpty && one.intents.isEmpty)
    #expect(one.noInput == AskAgain(times: 0, next: "bye") && one.listening.noInputAfter == .seconds(3))
    #expect(two.listening.noInputAfter == .milliseconds(1500))
    #expect(flow.states[0].kind.word == "await-beep" && flow.states[0].transitions.map(\.to) == ["two", "bye"])
  }

  @Test(
    "Every kind of slot",
    arguments: [
      ("as: digits\n    length: 4", SlotKind.digits(4...4)), ("as: digits\n    length: 4-8", .digits(4...8)),
      ("as: number", .number(least: nil, most: nil)), ("as: number\n    range: 18-", .number(least: 18, most: nil)),
      ("as: number\n    range: 1 - 12", .number(least: 1, most: 12)), ("as: date", .date), ("as: time", .time),
      ("as: yes-no", .yesNo), ("as: name", .name), ("as: text", .text),
      ("as: choice\n    choices: [red]", .choice([SlotChoice("red", hear: heard("red"))])),
      (
        "as: choice\n    choices: {red: [crimson], blue: , green: {hear: [grass], keys: 3}}",
        .choice([
          SlotChoice("red", hear: heard("red", "crimson")),
          SlotChoice("blue", hear: heard("blue")),
          SlotChoice("green", hear: heard("green", "grass"), keys: "3"),
        ])
      ),
    ])
  func slots(written: String, kind: SlotKind) throws {
    let flow = try flow(
      "states:\n  ask:\n    collect: it\n    \(written)\n    ask: It?\n    next: bye\n  bye: {end: '{it}'}\n")
    guard case .collect(let collect) = flow.states[0].kind else {
      Issue.record("not a collect state")
      return
    }
    #expect(collect.kind == kind && collect.slot == "it" && collect.next == "bye" && collect.confirm.isEmpty)
  }

  @Test("Decisions in both forms")
  func decisions() throws {
    let flow = try flow(
      """
      variables: {status: x, total: 1}
      states:
        short: {decide: status, cases: {yes: bye, 7: bye}, else: long}
        long:
          decide:
            - {if: total, above: 10, next: bye}
            - {if: total, below: -1.5, next: bye}
            - {if: status, in: [a, b], next: bye}
            - {if: status, is-not: c, next: bye}
            - {if: status, matches: /^x/, next: bye}
            - {if: status, empty: false, next: bye}
          else: bye
        bye: {end: }
      """)
    #expect(
      flow.states[0].kind
        == .decide(
          [
            FlowBranch("status", .equals("yes"), next: "bye"), FlowBranch("status", .equals("7"), next: "bye"),
          ], otherwise: "long"))
    guard case .decide(let branches, _) = flow.states[1].kind else {
      Issue.record("not a decision")
      return
    }
    #expect(
      branches.map(\.test) == [
        .above(10), .below(-1.5), .oneOf(["a", "b"]), .differs("c"), .matches("^x"), .empty(false),
      ])
  }

  @Test("A tool in full, and in one line")
  func tools() throws {
    let flow = try flow(
      """
      variables: {base: "http://h"}
      states:
        short: {tool: "{base}/x", next: long}
        long:
          tool: post https://h/{reference}
          headers: {Accept: application/json}
          body: '{"a": "{reference}"}'
          save: {status: order.status}
          say: One moment.
          timeout: 2500ms
          retries: 2
          next: bye
          failed: bye
          timed-out: short
        bye: {end: "{status}"}
      """)
    #expect(flow.states[0].kind == .tool(ToolState(url: FlowText("{base}/x"), next: "long")))
    #expect(
      flow.states[1].kind
        == .tool(
          ToolState(
            method: "POST", url: FlowText("https://h/{reference}"),
            headers: [FlowAssignment(name: "Accept", value: FlowText("application/json"))],
            body: FlowText("{\"a\": \"{reference}\"}"), saves: [ToolSave("status", path: "order.status")],
            says: FlowText("One moment."), timeout: .milliseconds(2500), retries: 2, next: "bye", failed: "bye",
            timedOut: "short")))
  }

  @Test("Transfers, by telephone and to flows that may transfer back")
  func library() throws {
    let one = "states:\n  hand: {transfer: two, say: One moment.}\n"
    let two =
      "variables: {desk: '+155501'}\nstates:\n  menu: {listen: Hm?, intents: {a: {hear: a, next: back}}, else: phone}\n"
      + "  back: {transfer: one}\n  phone: {phone-transfer: '{desk}', say: Bye.}\n"
    let library = try FlowReader.readLibrary([("one.yaml", one), ("two.yaml", two)]).get()
    #expect(library.names == ["one", "two"])
    #expect(library["one"]?.states[0].kind == .transfer(flow: "two", says: FlowText("One moment.")))
    #expect(
      library["two"]?.states[2].kind
        == .phoneTransfer(number: FlowText("{desk}"), says: FlowText("Bye.")))
  }
}

/// What a flow listens for.
private func heard(_ written: String...) -> [UtterancePattern] { written.compactMap { UtterancePattern($0) } }
