import CallCore
import Formats
import Testing

@Suite("Flow reader: states with a language model")
struct LanguageModelReaderTests {
  @Test("Everything that such a state may have")
  func whole() throws {
    let flow = try FlowReader.read(
      """
      variables: {clinic: Lee}
      states:
        desk:
          llm: |
            You are the desk of {clinic}: answer as {"json": true}.
          say-first: Hello.
          tools:
            times: {about: Free times, arguments: {wanted: date}, call: ask}
            book: {about: Books, arguments: {who: {as: name, about: the caller}}, go: booked}
          save:
            day: date
            code: {as: digits, length: 4-6, about: the code}
            size: {as: choice, choices: [small, large]}
          next: booked
          intents:
            person: {hear: [operator], next: booked}
          limits: {turns: 5, time: 60s, tokens: 64, early: 0}
          failed: sorry
        ask: {tool: "GET http://x.example/{wanted}", save: {free: free}, next: desk}
        booked: {end: }
        sorry: {end: }
      """, file: "desk.yaml"
    ).get()
    guard case .llm(let state) = flow.states[0].kind else { return #expect(Bool(false), "\(flow.states[0])") }
    #expect(state.prompt.source == #"You are the desk of {clinic}: answer as {"json": true}."#)
    #expect(state.question.prompts == [FlowText("Hello.")] && state.question.intents.map(\.name) == ["person"])
    #expect(
      state.tools == [
        LanguageModelTool(
          "times", about: "Free times", arguments: [LanguageModelSlot("wanted", kind: .date)], effect: .call("ask")),
        LanguageModelTool(
          "book", about: "Books", arguments: [LanguageModelSlot("who", about: "the caller", kind: .name)],
          effect: .go("booked")),
      ])
    #expect(state.slots.map(\.name) == ["day", "code", "size"] && state.slots[1].kind == .digits(4...6))
    #expect(state.next == "booked" && state.failed == "sorry")
    #expect((state.turnsMax, state.timeMax, state.tokensMax) == (5, .seconds(60), 64))
    #expect(state.earlyAnswersMax == 0)
    #expect(
      flow.states[0].transitions.map { "\($0.to) \($0.kind.rawValue) \($0.label)" } == [
        "booked value day, code, size", "ask called times", "booked called book", "booked intent person",
        "sorry failed failed",
      ])
  }

  private static func state(_ kind: FileFaultKind, _ line: Int, says: String, _ lines: String...) -> FileFaultCase {
    let text = lines.map { "    \($0)\n" }.joined()
    let rest = "  bye: {end: }\n  ask: {tool: \"http://x.example\", next: bye}\n"
    return FileFaultCase(kind, line: line + 2, says: says, "states:\n  desk:\n\(text)\(rest)")
  }

  static let faults: [FileFaultCase] = [
    state(
      .emptyText, 1, says: "what the model is to be", "llm:",
      "tools: {a: {about: A, go: bye}, b: {about: B, call: ask}}"),
    state(
      .unknownKey, 2, says: "did you mean `tools`", "llm: Hi.", "tolls: {}",
      "tools: {a: {about: A, go: bye}, b: {about: B, call: ask}}"),
    state(
      .badName, 3, says: "name of a tool", "llm: Hi.", "tools:", "  a b: {about: A, go: bye}",
      "  b: {about: B, call: ask}"),
    state(
      .badName, 3, says: "`save` is the tool", "llm: Hi.", "tools:", "  save: {about: A, go: bye}",
      "  b: {about: B, call: ask}"),
    state(
      .missingKey, 3, says: "tell the model what", "llm: Hi.", "tools:", "  a: {go: bye}", "  b: {about: B, call: ask}"),
    state(.deadEnd, 3, says: "has no `call` or `go`", "llm: Hi.", "tools:", "  a: {about: A}"),
    state(
      .unknownKey, 3, says: "it can do one of them", "llm: Hi.", "tools:", "  a: {about: A, call: ask, go: bye}",
      "  b: {about: B, call: ask}"),
    state(
      .wrongType, 3, says: "makes no request", "llm: Hi.", "tools:", "  a: {about: A, call: bye}",
      "  b: {about: B, call: ask}"),
    state(
      .unknownState, 3, says: "there is no state `by`", "llm: Hi.", "tools:", "  a: {about: A, go: by}",
      "  b: {about: B, call: ask}"),
    state(.wrongType, 3, says: "cannot be collected as `dat`", "llm: Hi.", "save:", "  day: dat", "next: ask"),
    state(.wrongType, 3, says: "needs more", "llm: Hi.", "save:", "  size: choice", "next: ask"),
    state(.deadEnd, 2, says: "list something there", "llm: Hi.", "next: ask"),
    state(.outOfLimits, 3, says: "1 to 100", "llm: Hi.", "next: ask", "limits: {turns: 101}", "save: {day: date}"),
    state(.outOfLimits, 3, says: "16 to 4096", "llm: Hi.", "next: ask", "limits: {tokens: 1}", "save: {day: date}"),
    state(.outOfLimits, 3, says: "0 to 1", "llm: Hi.", "next: ask", "limits: {early: 2}", "save: {day: date}"),
    state(.unknownVariable, 1, says: "nothing gives `who`", "llm: You are {who}.", "save: {day: date}", "next: ask"),
  ]

  @Test("What is wrong is found by its line, with what to do", arguments: faults)
  func faulty(fault: FileFaultCase) {
    let found = FormatsTests.faults(in: fault.text)
    let matches = found.contains { $0.kind == fault.kind && $0.line == fault.line && $0.message.contains(fault.says) }
    #expect(matches, "\(found)")
  }
}
