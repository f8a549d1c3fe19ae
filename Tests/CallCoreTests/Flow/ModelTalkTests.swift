import CallCore
import Testing

@Suite("A language model with the client's instructions")
struct ModelTalkTests {
  private static func harness() -> CallHarness {
    var settings = ModelRequest([.system("Be kind.")])
    settings.tools = [ModelTool(name: "weather", about: "Tells it.", parameters: "{}")]
    var harness = CallHarness(flow: ModelTalk())
    harness.send(.began)
    harness.send(.commanded(.instruct(.session(settings))))
    return harness
  }

  private static let call = ModelToolCall(id: "call-1", name: "weather", arguments: "{}")

  @Test("it says nothing before somebody speaks, and answers what was said with instructions and tools")
  func answers() throws {
    var harness = Self.harness()
    #expect(harness.call.phase.name == "waiting")
    harness.say("hello")
    let question = try #require(harness.questions.last?.1)
    #expect(question.messages == [.system("Be kind."), .user("hello")] && question.tools.map(\.name) == ["weather"])
  }

  @Test("the client may have it speak first, and whenever it likes")
  func unasked() {
    var harness = Self.harness()
    harness.send(.commanded(.reply))
    #expect(harness.questions.count == 1)
    harness.model("Welcome. ")
    harness.modelEnds()
    harness.idle(for: .seconds(3))
    harness.send(.commanded(.reply))
    #expect(harness.conversation == [.assistant("Welcome.", calls: [])])
  }

  @Test("a tool of the client is wanted when all was heard, and its result is in the next question")
  func tool() {
    var harness = Self.harness()
    harness.say("weather?")
    harness.model("I will look. ")
    harness.modelEnds(calling: [("weather", "{}")])
    #expect(!harness.reports.contains(.toolsWanted([Self.call])))
    harness.idle(for: .seconds(3))
    #expect(harness.reports.last == .toolsWanted([Self.call]))
    harness.send(.commanded(.instruct(.message(.toolResult(id: "call-1", "sunny")))))
    harness.send(.commanded(.reply))
    #expect(
      harness.conversation == [
        .user("weather?"), .assistant("I will look.", calls: [Self.call]), .toolResult(id: "call-1", "sunny"),
      ])
  }

  @Test(
    "a call that the client never answers has a result all the same, right behind it; a result of no call is left out")
  func unanswered() {
    var harness = Self.harness()
    harness.say("weather?")
    harness.modelEnds(calling: [("weather", "{}")])
    harness.send(.commanded(.instruct(.message(.toolResult(id: "other", "x")))))
    harness.say("hello?")
    #expect(
      harness.conversation == [
        .user("weather?"), .assistant("", calls: [Self.call]),
        .toolResult(id: "call-1", #"{"error":"nobody answered"}"#), .user("hello?"),
      ])
  }

  @Test("speech over what was said before a call: the client is told of the call, and the model of what was heard")
  func interrupted() {
    var harness = Self.harness()
    harness.say("weather?")
    harness.model("One two three four five. Six")
    harness.pause(for: .milliseconds(512))
    harness.words = "stop"
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(608))
    #expect(harness.conversation == [.user("weather?"), .assistant("One two three", calls: []), .user("stop")])
  }

  @Test(
    "a tool that the client never offered is refused to the model, which is asked again, and never asked of the client")
  func unknownTool() {
    var harness = Self.harness()
    harness.say("weather?")
    harness.modelEnds(calling: [("dance", "{}")])
    #expect(harness.questions.count == 2)
    #expect(
      harness.conversation.last == .toolResult(id: "call-1", #"{"error":"there is no such tool; there are: weather"}"#))
    for _ in 0..<20 { harness.modelEnds(calling: [("dance", "{}")]) }
    #expect(harness.questions.count == 9 && harness.call.phase.name == "waiting")
    #expect(!harness.reports.contains { if case .toolsWanted = $0 { true } else { false } })
    harness.say("and now?")
    harness.modelEnds(calling: [("weather", "{}"), ("dance", "{}")])
    guard case .toolsWanted(let calls)? = harness.reports.last else { return #expect(Bool(false)) }
    #expect(calls.map(\.name) == ["weather"])
  }

  @Test("what the client says while its caller goes on holds in the question that is asked then")
  func instructedMeanwhile() {
    var harness = Self.harness()
    harness.words = "I would like"
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(544))
    #expect(harness.questions.count == 1)
    harness.send(.commanded(.instruct(.session(ModelRequest([.system("Sing.")])))))
    harness.words = "I would like a song"
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(608))
    #expect(harness.questions.last?.1.messages == [.system("Sing."), .user("I would like a song")])
  }

  @Test("who asks for an answer gets one or is told that there is none: after noise, and when nothing is for people")
  func askedForNothing() {
    var harness = Self.harness()
    harness.send(.commanded(.reply))
    harness.model("{\"a\": 1}")
    harness.modelEnds()
    guard case .trouble(code: "nothing-to-say", _)? = harness.reports.last else { return #expect(Bool(false)) }
    var manual = TurnSettings()
    (manual.detectsTurns, manual.repliesByItself) = (false, false)
    harness.send(.commanded(.configure(manual)))
    harness.words = ""
    harness.speak(for: .milliseconds(640))
    harness.send(.commanded(.commit))
    harness.send(.commanded(.reply))
    #expect(harness.questions.count == 2)
  }

  @Test("the client's own calls and the model's have different numbers")
  func callNumbers() {
    var harness = Self.harness()
    harness.send(.commanded(.instruct(.message(.assistant("", calls: [Self.call])))))
    harness.send(.commanded(.instruct(.message(.toolResult(id: "call-1", "old")))))
    harness.say("weather?")
    harness.modelEnds(calling: [("weather", "{}")])
    guard case .toolsWanted(let calls)? = harness.reports.last else { return #expect(Bool(false)) }
    #expect(calls.map(\.id) == ["call-2"])
  }

  @Test("what the client takes out of the conversation is not told any more")
  func forgotten() {
    var harness = Self.harness()
    harness.say("my number is seven")
    harness.model("Thank you. ")
    harness.modelEnds()
    harness.send(.commanded(.instruct(.forget(.user("my number is seven")))))
    harness.say("hello")
    #expect(harness.conversation == [.assistant("Thank you.", calls: []), .user("hello")])
  }

  @Test("what holds for one answer is forgotten after it, also when it fails")
  func once() throws {
    var harness = Self.harness()
    harness.send(.commanded(.instruct(.once(ModelRequest([.system("Sing.")])))))
    harness.send(.commanded(.reply))
    #expect(harness.questions.last?.1.messages == [.system("Sing.")])
    harness.send(.modelFailed(try #require(harness.questions.last?.request), ModelFault(.failed, "500")))
    harness.idle(for: .seconds(1))
    #expect(harness.call.phase.name == "waiting")
    harness.send(.commanded(.reply))
    #expect(harness.questions.last?.1.messages == [.system("Be kind.")])
  }
}
