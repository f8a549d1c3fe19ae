import CallCore
import Testing

@Suite("Where the time of an answer goes that a language model makes")
struct ReplyStageTests {
  private func latency(_ harness: CallHarness) throws -> TurnLatency {
    let latency = try #require(harness.call.record.turnLatencies.last)
    #expect(harness.reports.contains(.turnAnswered(latency)))
    return latency
  }

  /// The question is asked when the turn is over; `say` returns so much later.
  private static let asked = CallDuration.milliseconds(96)

  @Test("The wait for the first piece, and from there to the first sentence")
  func words() throws {
    var harness = GenerationTests.asked()
    harness.idle(for: .milliseconds(300))
    harness.model("We are")
    harness.idle(for: .milliseconds(200))
    harness.model(" open", " today. And")
    let latency = try latency(harness)
    #expect(
      latency.model == ModelLatency(firstToken: Self.asked + .milliseconds(300), firstSentence: .milliseconds(200)))
    #expect(latency.flow == Self.asked + .milliseconds(500))
    harness.idle(for: .milliseconds(400))
    harness.model(" tomorrow.")
    harness.modelEnds()
    harness.idle(for: .seconds(5))
    #expect(harness.call.record.turnLatencies.count == 1, "what comes behind the first sentence keeps nobody waiting")
  }

  @Test("A request of a tool, and the questions before and after it together")
  func tool() throws {
    var harness = GenerationTests.asked("tomorrow")
    harness.idle(for: .milliseconds(300))
    harness.send(
      .modelDelta(
        harness.questions[0].request,
        .toolCall(ModelToolCallPiece(index: 0, id: "a", name: "find-times", arguments: #"{"wanted":"#))))
    harness.idle(for: .milliseconds(60))
    harness.send(
      .modelDelta(
        harness.questions[0].request, .toolCall(ModelToolCallPiece(index: 0, arguments: #" "2026-03-03"}"#))))
    harness.send(.modelFinished(harness.questions[0].request))
    harness.idle(for: .milliseconds(400))
    let (request, _) = try #require(harness.requests.last)
    harness.send(.toolAnswered(request, .answered(status: 200, values: ["free": "ten"])))
    harness.idle(for: .milliseconds(200))
    harness.model("Ten")
    harness.idle(for: .milliseconds(20))
    harness.model(" is free. ")
    let latency = try latency(harness)
    #expect(
      latency.model
        == ModelLatency(
          firstToken: Self.asked + .milliseconds(500), firstSentence: .milliseconds(80), tools: .milliseconds(400)))
    #expect(latency.flow == Self.asked + .milliseconds(980))
  }

  @Test("A request that takes long counts until something is said about it")
  func filler() throws {
    var harness = GenerationTests.asked("tomorrow")
    harness.idle(for: .milliseconds(100))
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    harness.idle(for: .seconds(2))
    #expect(
      try latency(harness).model == ModelLatency(firstToken: Self.asked + .milliseconds(100), tools: .milliseconds(700))
    )
  }

  @Test("A model that fails: the wait for it, and then the flow's own words")
  func failure() throws {
    var harness = GenerationTests.asked()
    harness.idle(for: .milliseconds(240))
    harness.send(.modelFailed(harness.questions[0].request, ModelFault(.unreachable, "nobody there")))
    #expect(try latency(harness).model == ModelLatency(firstToken: Self.asked + .milliseconds(240)))
  }

  @Test("A caller who goes on: the time before that is no wait")
  func resumed() throws {
    var harness = GenerationTests.asked("I would like")
    harness.pause(for: .milliseconds(320))
    harness.words = "I would like a date"
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(608))
    #expect(harness.questions.count == 2)
    harness.idle(for: .milliseconds(100))
    harness.model("Which? ")
    let latency = try latency(harness)
    // The turn is over within the last pause, one window before its end.
    #expect(latency.model?.firstToken == latency.flow)
    #expect(latency.flow < .milliseconds(300))
  }

  @Test("No model, no stages of one: not in a flow without any, and not in a turn that the flow answers itself")
  func none() throws {
    var scripted = CallHarness([
      [.listen(ListenOptions())], [.say("Yes.", interruptible: true), .listen(ListenOptions())],
    ])
    scripted.send(.began)
    scripted.say("hello")
    #expect(try latency(scripted).model == nil)
    var harness = ModelFlow.harness(ModelFlow.states(intents: [intent("person", "operator", go: "person")]))
    harness.say("operator")
    #expect(try latency(harness).model == nil)
  }
}
