import CallCore
import Testing

/// A state in which a language model speaks, with a request, two ways on and two values to find out.
enum ModelFlow {
  static func state(
    first: String? = "Hello, what can I do for you?", next: String? = nil, failed: String? = "sorry",
    turnsMax: Int = 10, noMatch: AskAgain = AskAgain(), intents: [FlowIntent] = []
  ) -> FlowState {
    let question = FlowQuestion(first.map { [FlowText($0)] } ?? [], intents: intents, noMatch: noMatch)
    return FlowState(
      name: "desk",
      kind: .llm(
        LanguageModelState(
          prompt: FlowText("You are the desk of {house}."), question: question,
          tools: [
            LanguageModelTool(
              "find-times", about: "Free times of a day", arguments: [LanguageModelSlot("wanted", kind: .date)],
              effect: .call("times")),
            LanguageModelTool("person", about: "The caller wants a person", effect: .go("person")),
            LanguageModelTool("spell", about: "Has the name spelled", effect: .go("spell")),
          ],
          slots: [LanguageModelSlot("day", kind: .date), LanguageModelSlot("code", kind: .digits(4...4))],
          next: next, failed: failed, turnsMax: turnsMax)))
  }

  static func states(
    first: String? = "Hello, what can I do for you?", next: String? = nil, failed: String? = "sorry",
    turnsMax: Int = 10, noMatch: AskAgain = AskAgain(), intents: [FlowIntent] = []
  ) -> [FlowState] {
    let times = ToolState(
      url: FlowText("http://127.0.0.1/times/{wanted}"), saves: [ToolSave("free", path: "free")],
      says: FlowText("One moment, I am looking."), next: "desk")
    return [
      state(
        first: first, next: next, failed: failed, turnsMax: turnsMax, noMatch: noMatch, intents: intents),
      FlowState(name: "times", kind: .tool(times)),
      collect("spell", .text, next: "desk"),
      end("person", "person", say: "I put you through."), end("sorry", "sorry", say: "Sorry, bye."), end("booked"),
    ]
  }

  static func harness(_ states: [FlowState] = states(), limits: TurnLimits = TurnLimits()) -> CallHarness {
    let flow = Flow(name: "test", start: "desk", variables: ["house": "Lee"], states: states)
    var harness = CallHarness(
      flow: FlowMachine(flow: flow, library: FlowLibrary([flow]), variables: ["today": "2026-03-02"]), limits: limits)
    harness.send(.began)
    return harness
  }
}

extension CallHarness {
  /// The caller speaks so and is silent until the turn is over, and what the agent was saying is over before.
  mutating func say(_ text: String) {
    for _ in 0..<1000 where call.phase.name == "speaking" { idle(for: .milliseconds(20)) }
    words = text
    speak(for: .milliseconds(640))
    pause(for: .milliseconds(608))
  }
}

@Suite("A language model in a flow")
struct LanguageModelFlowTests {
  @Test("What the agent says first is no question; the model then gets prompt, tools and both sides' words")
  func question() throws {
    var harness = ModelFlow.harness()
    #expect(harness.questions.isEmpty)
    harness.say("I need a date")
    let question = try #require(harness.questions.last?.1)
    #expect(
      question.messages == [
        .system("You are the desk of Lee.\n\n\(FlowMachine.mannerOfSpeech)"),
        .assistant("Hello, what can I do for you?", calls: []), .user("I need a date"),
      ])
    #expect(question.tools.map(\.name) == ["find-times", "person", "spell", "save"])
    #expect(
      question.tools.last?.parameters
        == #"{"type":"object","properties":{"day":{"type":"string","description":"a day as YYYY-MM-DD"},"#
        + #""code":{"type":"string","description":"4 digits"}},"required":[],"additionalProperties":false}"#)
  }

  @Test("Without words of its own for the beginning, the model begins")
  func modelBegins() {
    let harness = ModelFlow.harness(ModelFlow.states(first: nil))
    #expect(harness.conversation == [.user(FlowMachine.callerIsThere)])
    #expect(harness.call.phase.name == "thinking")
  }

  @Test("A request is made with the model's arguments, and its result is in the next question")
  func request() throws {
    var harness = ModelFlow.harness()
    harness.say("tomorrow")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    let (request, tool) = try #require(harness.requests.last)
    #expect(tool.url == "http://127.0.0.1/times/2026-03-03")
    harness.send(.toolAnswered(request, .answered(status: 200, values: ["free": "10:00"])))
    #expect(
      harness.conversation.suffix(2) == [
        .assistant(
          "", calls: [ModelToolCall(id: "call-1", name: "find-times", arguments: #"{"wanted": "2026-03-03"}"#)]),
        .toolResult(id: "call-1", #"{"result":"done","values":{"free":"10:00"}}"#),
      ])
  }

  @Test("A tool's failure reaches the model in a few words")
  func failedRequest() throws {
    var harness = ModelFlow.harness()
    harness.say("tomorrow")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    let (request, _) = try #require(harness.requests.last)
    harness.send(.toolAnswered(request, .failed("status 500")))
    #expect(harness.conversation.last == .toolResult(id: "call-1", #"{"error":"status 500"}"#))
  }

  @Test(
    "Calls that cannot be made are refused by name, and the model is asked again",
    arguments: [
      ("dance", "{}", "there is no such tool; there are: find-times, person, spell, save"),
      ("find-times", "{\"wanted\":", "the arguments are no JSON object"),
      ("find-times", "{}", "the argument wanted is missing"),
      ("find-times", #"{"wanted": "blue"}"#, "the argument wanted is no date: blue"),
      ("save", "[]", "the arguments are no JSON object"),
    ])
  func refusedCalls(name: String, arguments: String, why: String) {
    var harness = ModelFlow.harness()
    harness.say("tomorrow")
    harness.modelEnds(calling: [(name, arguments)])
    #expect(harness.conversation.last == .toolResult(id: "call-1", "{\"error\":\"\(why)\"}"))
    #expect(harness.questions.count == 2)
  }

  @Test("The model leads the caller to another state, and comes back knowing what was found out there")
  func otherState() throws {
    var harness = ModelFlow.harness()
    harness.say("my name is Ada")
    harness.modelEnds(calling: [("spell", "{}")])
    #expect(harness.call.record.finalState == "spell")
    harness.say("A D A")
    #expect(harness.call.record.finalState == "desk")
    #expect(harness.conversation.last == .toolResult(id: "call-1", #"{"result":"done","values":{"spell":"A D A"}}"#))
  }

  @Test("The model ends the call by a state with an end")
  func endByTool() {
    var harness = ModelFlow.harness()
    harness.say("a person please")
    harness.modelEnds(calling: [("person", "{}")])
    harness.idle(for: .seconds(5))
    #expect(harness.call.record.outcome == "person")
    #expect(harness.call.record.reason == .completed)
  }

  @Test("Values are kept when the caller said them, and when they agreed to them; then the flow goes on")
  func save() {
    var harness = ModelFlow.harness(ModelFlow.states(next: "booked"))
    harness.say("on Tuesday")
    harness.modelEnds(calling: [("save", #"{"day": "2026-03-03", "code": "4711"}"#)])
    let unsaid = "not said by the caller: code; say them and ask whether they are right"
    #expect(harness.conversation.last == .toolResult(id: "call-1", "{\"error\":\"\(unsaid)\"}"))
    #expect(harness.call.record.slots == ["day": "2026-03-03"])
    harness.model("Your code is four seven one one, right? ")
    harness.modelEnds()
    harness.say("yes")
    harness.modelEnds(calling: [("save", #"{"code": "4711"}"#)])
    #expect(harness.call.record.slots == ["day": "2026-03-03", "code": "4711"])
    harness.idle(for: .seconds(5))
    #expect(harness.call.record.outcome == "booked")
  }

  @Test("A word that the flow listens for counts before the model is asked")
  func intentFirst() {
    var harness = ModelFlow.harness(ModelFlow.states(intents: [intent("person", "operator", go: "person")]))
    harness.say("operator")
    #expect(harness.questions.isEmpty)
    #expect(harness.call.record.finalState == "person")
  }

  @Test("More turns than the limit lead to the state for failures")
  func turnLimit() {
    var harness = ModelFlow.harness(ModelFlow.states(turnsMax: 2))
    for _ in 0..<2 {
      harness.say("hello")
      harness.model("Yes? ")
      harness.modelEnds()
    }
    harness.say("hello")
    harness.idle(for: .seconds(5))
    #expect(harness.questions.count == 2)
    #expect(harness.call.record.outcome == "sorry")
  }

  @Test("A model that does nothing but call tools is given up")
  func roundLimit() {
    var harness = ModelFlow.harness()
    harness.say("hello")
    for _ in 0..<20 { harness.modelEnds(calling: [("dance", "{}")]) }
    harness.idle(for: .seconds(5))
    #expect(harness.questions.count == 8)
    #expect(harness.call.record.outcome == "sorry")
  }

  @Test("A state for failures that leads back to the model does not go round for ever: the call ends")
  func failureRing() {
    var states = ModelFlow.states(failed: "again")
    states.append(say("again", "One moment.", next: "desk"))
    var harness = ModelFlow.harness(states)
    harness.say("hello")
    for _ in 0..<40 {
      guard let request = harness.questions.last?.request else { return }
      harness.send(.modelFailed(request, ModelFault(.unreachable, "down")))
      for _ in 0..<200 where harness.call.phase.name == "speaking" { harness.idle(for: .milliseconds(20)) }
    }
    #expect(harness.call.record.reason == .engineFailed)
    #expect(harness.questions.count <= 10)
  }

  @Test("Of an answer with too many calls only eight are made, and each has a result")
  func tooManyCalls() {
    var harness = ModelFlow.harness()
    harness.say("tomorrow")
    harness.modelEnds(calling: Array(repeating: ("find-times", #"{"wanted": "2026-03-03"}"#), count: 20))
    for number in 0..<20 {
      guard harness.requests.count > number else { break }
      harness.send(.toolAnswered(harness.requests[number].0, .answered(status: 200, values: [:])))
    }
    #expect(harness.requests.count == 8)
    let results = harness.conversation.compactMap { if case .toolResult(let id, _) = $0 { id } else { nil } }
    #expect(Set(results).count == 20 && results.count == 20)
  }

  @Test("A call that stands in the text of a model without tools is a call, and is not read aloud")
  func callInText() {
    var harness = ModelFlow.harness()
    harness.say("a person please")
    harness.model("```json\n{\"name\": \"person\", ", "\"arguments\": {}}\n```")
    harness.modelEnds()
    #expect(harness.call.record.finalState == "person")
    #expect(!harness.trace.contains { $0.contains("arguments") && $0.contains("speak") })
  }

  @Test("The conversation stays within its bounds, and no call is without its result")
  func bounded() {
    var conversation = ModelConversation()
    for turn in 0..<500 {
      conversation.add(caller: "turn \(turn)")
      conversation.add(agent: "words", calls: [ModelToolCall(id: "", name: "x", arguments: "{}")])
      conversation.add(result: "{}", of: "call-\(turn + 1)")
    }
    #expect(conversation.messages.count <= ModelConversation.messagesMax + 2)
    if case .user = conversation.messages[0] {} else { Issue.record("does not begin with a turn of the caller") }
  }
}

extension CallHarness {
  /// Requests of tools so far.
  var requests: [(RequestID, ToolRequest)] {
    actions.compactMap { if case .callTool(let request, let tool) = $0 { (request, tool) } else { nil } }
  }
}
