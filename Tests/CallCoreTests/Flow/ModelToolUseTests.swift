import CallCore
import Testing

@Suite("What is told of the tools that a language model uses")
struct ModelToolUseTests {
  private static func asked(_ text: String, calling calls: [(name: String, arguments: String)]) -> CallHarness {
    var harness = GenerationTests.asked(text)
    harness.modelEnds(calling: calls)
    return harness
  }

  /// Every state of every call, in order.
  private static func told(_ harness: CallHarness) -> [ToolCallEntry] {
    harness.reports.compactMap { if case .toolUsed(let entry) = $0 { entry } else { nil } }
  }

  @Test(
    "A request is told when it is made and when it is answered, with the time between, and without what was answered")
  func request() throws {
    var harness = Self.asked("tomorrow", calling: [("find-times", #"{"wanted": "2026-03-03", "made-up": "x"}"#)])
    let begun = harness.now
    harness.idle(for: .milliseconds(400))
    let (request, _) = try #require(harness.requests.last)
    harness.send(.toolAnswered(request, .answered(status: 200, values: ["free": "planted"])))
    var entry = ToolCallEntry(
      number: 1, turn: TurnID(1), at: begun, name: "find-times", arguments: ["wanted": "2026-03-03"])
    let called = entry
    (entry.state, entry.duration, entry.detail) = (.done, .milliseconds(400), "status 200")
    #expect(Self.told(harness) == [called, entry])
    #expect(harness.call.record.toolCalls == [entry])
  }

  @Test(
    "What becomes of a call is said in a few words",
    arguments: [
      ("person", "{}", ToolCallEntry.State.done, "goes to person", [:]),
      ("save", #"{"day": "2026-03-03"}"#, .done, "kept day", ["day": "2026-03-03"]),
      (
        "save", #"{"day": "2026-03-03", "code": "4711", "more": 1}"#, .failed,
        "kept day; not said by the caller: code", ["day": "2026-03-03", "code": "4711"]
      ),
      ("save", #"{"code": "12"}"#, .failed, "not of their kind: code (digits)", ["code": "12"]),
      ("save", "{}", .done, "nothing to keep", [:]),
      ("save", "[]", .failed, "the arguments are no JSON object", [:]),
      ("dance", #"{"key": "planted"}"#, .failed, "there is no such tool", [:]),
      ("find-times", #"{"wanted": "blue"}"#, .failed, "the argument wanted is no date", ["wanted": "blue"]),
      ("find-times", "{}", .failed, "the argument wanted is missing", [:]),
    ])
  func results(
    name: String, arguments: String, state: ToolCallEntry.State, detail: String, shown: [String: String]
  ) throws {
    let harness = Self.asked("on Tuesday, the third of March", calling: [(name, arguments)])
    let entry = try #require(harness.call.record.toolCalls.first)
    #expect(entry.name == name && entry.state == state && entry.detail == detail && entry.arguments == shown)
    #expect(entry.duration == .zero)
    #expect(Self.told(harness) == [entry])
  }

  @Test("A failed request says why, one that is late that it is", arguments: [true, false])
  func failures(isLate: Bool) throws {
    var harness = Self.asked("tomorrow", calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    let (request, _) = try #require(harness.requests.last)
    harness.send(.toolAnswered(request, isLate ? .timedOut : .failed("status 500")))
    #expect(harness.call.record.toolCalls.map(\.detail) == [isLate ? "timed out" : "status 500"])
    #expect(harness.call.record.toolCalls.map(\.state) == [.failed])
  }

  @Test("What the name of an argument says to be a credential is not shown; a value is cut and stands in one line")
  func bounded() {
    let long = String(repeating: "x", count: 300)
    let tool = LanguageModelTool(
      "look", about: "Looks.",
      arguments: ["pin", "api_key", "note"].map { LanguageModelSlot($0, kind: .text) }, effect: .go("person"))
    var states = ModelFlow.states()
    guard case .llm(var state) = states[0].kind else { return #expect(Bool(false)) }
    state.tools.append(tool)
    states[0].kind = .llm(state)
    var harness = GenerationTests.asked("hello", states)
    harness.modelEnds(calling: [
      ("look", "{\"pin\": \"4711\", \"api_key\": \"planted\", \"note\": \"a\\u0000b\\n\(long)\"}")
    ])
    #expect(
      harness.call.record.toolCalls.first?.arguments == [
        "pin": "…", "api_key": "…", "note": "a b " + long.prefix(96),
      ])
  }

  @Test("A request that goes on when the call ends has a result, too, before the end is told")
  func hangUp() throws {
    var harness = Self.asked("tomorrow", calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    harness.idle(for: .milliseconds(200))
    harness.send(.hungUp)
    let entry = try #require(harness.call.record.toolCalls.last)
    #expect(entry.state == .failed && entry.detail == "the call ended first" && entry.duration == .milliseconds(200))
    #expect(Self.told(harness).count == 2)
    #expect(harness.actions.last == .end(.callerHungUp))
  }

  @Test("A caller who goes on takes back what was kept of the words before")
  func takenBack() throws {
    var harness = Self.asked("on Tuesday", calling: [("save", #"{"day": "2026-03-03"}"#)])
    #expect(harness.call.record.slots == ["day": "2026-03-03"])
    harness.pause(for: .milliseconds(64))
    harness.speak(for: .milliseconds(320))
    #expect(harness.call.record.slots.isEmpty)
    let entry = try #require(harness.call.record.toolCalls.last)
    #expect(entry.state == .failed && entry.detail == "taken back: the caller went on")
    #expect(Self.told(harness).last == entry)
  }

  @Test("So many calls are kept and told; what is beyond them is counted")
  func overflow() {
    var limits = TurnLimits()
    limits.toolCallsMax = 2
    let flow = Flow(name: "test", start: "desk", variables: ["house": "Lee"], states: ModelFlow.states())
    var harness = CallHarness(flow: FlowMachine(flow: flow, library: FlowLibrary([flow])), limits: limits)
    harness.send(.began)
    harness.say("hello there")
    harness.modelEnds(calling: [("dance", "{}"), ("sing", "{}"), ("find-times", #"{"wanted": "2026-03-03"}"#)])
    #expect(harness.call.record.toolCalls.map(\.name) == ["dance", "sing"])
    #expect(harness.call.record.toolCallsDropped == 1)
    harness.requests.last.map { harness.send(.toolAnswered($0.0, .timedOut)) }
    #expect(harness.call.record.toolCallsDropped == 2)
    #expect(Self.told(harness).count == 2)
  }

  @Test("A tool of the client goes on until the client tells its result, which is between it and the model")
  func clientTool() throws {
    var settings = ModelRequest([.system("Be kind.")])
    settings.tools = [ModelTool(name: "weather", about: "Tells it.", parameters: "{}")]
    var harness = CallHarness(flow: ModelTalk())
    harness.send(.began)
    harness.send(.commanded(.instruct(.session(settings))))
    harness.say("weather?")
    harness.modelEnds(calling: [("weather", #"{"city": "Kiel", "token": "planted"}"#)])
    #expect(harness.call.record.toolCalls.map(\.arguments) == [["city": "Kiel", "token": "…"]])
    harness.idle(for: .milliseconds(300))
    harness.send(.commanded(.instruct(.message(.toolResult(id: "call-1", "planted")))))
    let entry = try #require(harness.call.record.toolCalls.first)
    #expect(entry.state == .done && entry.duration == .milliseconds(300) && entry.detail == "answered by the client")
    harness.send(.commanded(.instruct(.message(.toolResult(id: "call-1", "again")))))
    #expect(Self.told(harness).count == 2)
  }
}
