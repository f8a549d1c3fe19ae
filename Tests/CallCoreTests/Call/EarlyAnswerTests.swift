import CallCore
import Testing

/// Each test is named after what people complain about in voice agents that begin to answer before the caller has finished.
@Suite("An answer that is begun before the turn is over")
struct EarlyAnswerTests {
  /// The caller has said `text` and makes a pause, in which the words are known and the turn is still open.
  private static func paused(
    _ text: String = "hello there", _ states: [FlowState] = ModelFlow.states(), limits: TurnLimits = TurnLimits()
  ) -> CallHarness {
    var harness = ModelFlow.harness(states, limits: limits)
    for _ in 0..<1000 where harness.call.phase.name == "speaking" { harness.idle(for: .milliseconds(20)) }
    harness.words = text
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(256))
    return harness
  }

  /// Silence until the turn is over.
  private static let rest = CallDuration.milliseconds(320)

  private static func early(_ harness: CallHarness) -> [RequestID] {
    harness.actions.compactMap { if case .askModelEarly(let request, _) = $0 { request } else { nil } }
  }

  private static func late(_ harness: CallHarness) -> [RequestID] {
    harness.actions.compactMap { if case .askModel(let request, _) = $0 { request } else { nil } }
  }

  @Test(
    "The model is asked only when the turn is over: its first sentence is there at that moment, and is said at once")
  func firstSentence() throws {
    var harness = Self.paused()
    let request = try #require(Self.early(harness).first)
    harness.model("We are open today. And")
    #expect(harness.call.phase == .hearing)
    harness.pause(for: Self.rest)
    #expect(harness.actions.contains(.hurry(request)) && Self.late(harness).isEmpty)
    #expect(harness.actions.contains(.speakPart(UtteranceID(2), sentences: ["We are open today."], isLast: false)))
    #expect(harness.call.phase.name == "speaking")
    harness.model(" tomorrow.")
    harness.modelEnds()
    harness.idle(for: .seconds(5))
    #expect(harness.call.record.transcript.last?.playedText == "We are open today. And tomorrow.")
    #expect(harness.call.phase.name == "waiting")
    let latency = try #require(harness.call.record.turnLatencies.last)
    #expect(latency.flow == .zero && latency.model == ModelLatency())
    let asked = harness.call.record.timeline.filter { $0.kind == .modelAsked }
    #expect(asked.map(\.detail) == ["begun 320 ms early"])
  }

  @Test("An answer that was begun early is not heard before the turn ends, and nobody is told of it")
  func silentUntilThen() {
    var harness = Self.paused()
    let (before, record) = (harness.actions.count, harness.call.record)
    harness.model("We are open today. ", "And tomorrow. ")
    harness.modelEnds(calling: [("person", "{}")])
    #expect(harness.actions.count == before)
    #expect(harness.call.record.transcript == record.transcript && harness.call.record.timeline == record.timeline)
    #expect(harness.call.flow.currentState == "desk")
  }

  @Test(
    "A tool is called although the caller had not finished: calls wait for the end of the turn, and are then made once")
  func tools() throws {
    var harness = Self.paused("tomorrow")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    #expect(harness.requests.isEmpty && harness.call.record.toolCalls.isEmpty)
    harness.pause(for: Self.rest)
    #expect(harness.requests.count == 1 && harness.call.record.toolCalls.count == 1)
    #expect(harness.questions.count == 1)
    harness.idle(for: .milliseconds(300))
    #expect(harness.requests.count == 1)
  }

  @Test("The tool of a turn that went on is never called")
  func toolOfHalfATurn() {
    var harness = Self.paused("tomorrow")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    harness.words = "tomorrow, no, a person please"
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(608))
    harness.modelEnds(calling: [("person", "{}")])
    harness.idle(for: .seconds(5))
    #expect(harness.requests.isEmpty && harness.call.record.outcome == "person")
  }

  @Test("Two answers to one turn: who goes on is answered once, to all that was said; the first answer is given up")
  func resumed() throws {
    var harness = Self.paused("I would like")
    let first = try #require(Self.early(harness).first)
    harness.model("Yes? ")
    harness.words = "I would like a date"
    harness.speak(for: .milliseconds(320))
    #expect(harness.actions.contains(.cancel(first)))
    harness.send(.modelDelta(first, .text("What is it? ")))
    harness.pause(for: .milliseconds(608))
    #expect(Self.early(harness) == [first] && Self.late(harness).count == 1, "at most one early answer a turn")
    harness.model("Which? ")
    #expect(!harness.trace.contains { $0.contains("Yes?") || $0.contains("What is it?") })
    #expect(
      harness.conversation == [
        .assistant("Hello, what can I do for you?", calls: []), .user("I would like a date"),
      ])
  }

  @Test("The questions are the same with early answers and without: history and prompts hold nothing of them")
  func sameQuestions() {
    var none = TurnLimits()
    none.earlyAnswersMax = 0
    let asked = [TurnLimits(), none].map { limits in
      var harness = Self.paused("I would like", limits: limits)
      harness.model("Yes? ")
      harness.words = "I would like a date"
      harness.speak(for: .milliseconds(320))
      harness.pause(for: .milliseconds(608))
      harness.model("Which day? ")
      harness.modelEnds()
      harness.say("tomorrow")
      harness.modelEnds(calling: [("save", #"{"day": "2026-03-03"}"#)])
      harness.model("Noted. ")
      harness.modelEnds()
      harness.say("thank you")
      return harness
    }
    let questions = asked.map { harness in
      let cancelled = harness.actions.compactMap { if case .cancel(let request) = $0 { request } else { nil } }
      return harness.questions.filter { !cancelled.contains($0.request) }.map(\.1)
    }
    #expect(questions[0] == questions[1] && questions[0].count == 4)
    #expect(Self.early(asked[0]).count == 3 && Self.early(asked[1]).isEmpty)
    #expect(asked[0].call.record.transcript.map(\.text) == asked[1].call.record.transcript.map(\.text))
  }

  @Test(
    "A key, typed text, a discarded turn, a hang-up, a broken connection and the end of the server stop the early answer",
    arguments: [
      CallEvent.keyPressed(.terminator), .typed("four"), .commanded(.discardInput), .hungUp, .vanished, .protocolBroken,
      .serverStopping,
    ])
  func stopped(by event: CallEvent) throws {
    var harness = Self.paused()
    let request = try #require(Self.early(harness).first)
    harness.model("Yes. ")
    harness.send(event)
    #expect(harness.count { $0 == .cancel(request) } == 1)
    let questions = harness.questions.count
    harness.send(.modelDelta(request, .text("Late words. ")))
    harness.send(.modelFinished(request))
    harness.idle(for: .seconds(1))
    #expect(!harness.trace.contains { $0.contains("Yes.") || $0.contains("Late words") })
    #expect(harness.questions.count == questions)
  }

  @Test("The longest call stops it, too")
  func longestCall() throws {
    var limits = TurnLimits()
    limits.callDurationMax = .seconds(4)
    var harness = Self.paused(limits: limits)
    let request = try #require(Self.early(harness).first)
    harness.now = .zero + .seconds(4)
    harness.send(.tick)
    #expect(harness.actions.contains(.cancel(request)) && harness.call.phase == .ended(.timeLimit))
  }

  @Test("A client that decides when the agent answers: the early answer is given up where it wants none")
  func committed() throws {
    var harness = Self.paused()
    let request = try #require(Self.early(harness).first)
    harness.model("Yes. ")
    harness.send(.commanded(.commit))
    #expect(harness.actions.contains(.cancel(request)) && harness.call.phase.name == "waiting")
    harness.send(.commanded(.reply))
    #expect(Self.late(harness).count == 1)
  }

  @Test("An early answer that fails is no loss: the model is asked anew when the turn is over")
  func failed() throws {
    var harness = Self.paused()
    let request = try #require(Self.early(harness).first)
    harness.send(.modelFailed(request, ModelFault(.unreachable, "down")))
    harness.pause(for: Self.rest)
    #expect(!harness.trace.contains { $0.contains("model-failed") })
    #expect(Self.late(harness).count == 1 && harness.call.phase.name == "thinking")
    harness.model("We are open. ")
    #expect(harness.call.phase.name == "speaking")
  }

  @Test("An answer that is whole before the turn is over is said whole, and the caller has the turn afterwards")
  func whole() {
    var harness = Self.paused()
    harness.model("We are open. Until ten.")
    harness.modelEnds()
    harness.pause(for: Self.rest)
    harness.idle(for: .seconds(5))
    #expect(harness.call.record.transcript.last?.playedText == "We are open. Until ten.")
    #expect(harness.call.phase.name == "waiting" && harness.questions.count == 1)
  }

  @Test("An empty early answer is an empty answer: the model is asked once more")
  func empty() {
    var harness = Self.paused()
    harness.modelEnds()
    #expect(harness.questions.count == 1)
    harness.pause(for: Self.rest)
    #expect(harness.questions.count == 2)
    harness.model("We are open. ")
    #expect(harness.call.phase.name == "speaking")
  }

  @Test("Words that the flow answers itself are asked of no model early: an intent, words that nobody understood")
  func flowsOwn() {
    for (words, states) in [
      ("operator", ModelFlow.states(intents: [intent("person", "operator", go: "person")])), (" ", ModelFlow.states()),
      ("one turn too many", ModelFlow.states(turnsMax: 0)),
    ] {
      let harness = Self.paused(words, states)
      #expect(harness.questions.isEmpty, "\(words)")
    }
  }

  @Test("Answers that are thrown away cost money: a state says that none is begun early")
  func off() {
    var states = ModelFlow.states()
    guard case .llm(var desk) = states[0].kind else { return #expect(Bool(false), "\(states[0])") }
    desk.earlyAnswersMax = 0
    states[0].kind = .llm(desk)
    var harness = Self.paused("hello there", states)
    #expect(harness.questions.isEmpty)
    harness.pause(for: Self.rest)
    #expect(Self.early(harness).isEmpty && Self.late(harness).count == 1)
  }

  @Test("The client says late that less of the reply was played: the early question is out of date, and is asked anew")
  func playedLess() throws {
    var harness = Self.paused()
    harness.model("One two three four five. ")
    harness.modelEnds()
    harness.pause(for: Self.rest + .milliseconds(512))
    harness.words = "stop"
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(256))
    let request = try #require(Self.early(harness).last)
    harness.model("Old words. ")
    harness.send(.played(UtteranceID(2), .milliseconds(100)))
    harness.pause(for: Self.rest)
    #expect(harness.actions.contains(.cancel(request)) && Self.late(harness).count == 1)
    #expect(!harness.trace.contains { $0.contains("Old words") })
  }

  @Test("An early answer without end is given up before it fills the memory")
  func endless() throws {
    var harness = Self.paused()
    let request = try #require(Self.early(harness).first)
    for _ in 0..<500 { harness.model("All work and no play. ") }
    #expect(harness.count { $0 == .cancel(request) } == 1)
    harness.pause(for: Self.rest)
    #expect(Self.late(harness).count == 1)
  }

  @Test("Who goes on right after the end of the turn takes it back, the early answer with it")
  func resumedAfterTheEnd() throws {
    var harness = Self.paused("I would like")
    let first = try #require(Self.early(harness).first)
    harness.pause(for: Self.rest)
    #expect(harness.call.phase.name == "thinking")
    harness.words = "I would like a date"
    harness.speak(for: .milliseconds(320))
    #expect(harness.actions.contains(.cancel(first)) && harness.call.phase == .hearing)
    harness.pause(for: .milliseconds(608))
    #expect(Self.late(harness).count == 1 && Self.early(harness).count == 1)
    #expect(harness.conversation.last == .user("I would like a date"))
  }
}
