import CallCore
import Testing

/// Each test is named after what people complain about in voice agents with a language model.
@Suite("What a language model says in a call")
struct GenerationTests {
  static func asked(_ text: String = "hello there", _ states: [FlowState] = ModelFlow.states()) -> CallHarness {
    var harness = ModelFlow.harness(states)
    harness.say(text)
    return harness
  }

  @Test("The agent is silent until the whole answer is there: it speaks with the first sentence")
  func firstSentence() {
    var harness = Self.asked()
    harness.model("We are", " open")
    #expect(harness.call.phase.name == "thinking")
    harness.model(" today. And")
    #expect(harness.actions.contains(.speakPart(UtteranceID(2), sentences: ["We are open today."], isLast: false)))
    #expect(harness.call.phase.name == "speaking")
    harness.model(" tomorrow.")
    harness.modelEnds()
    #expect(harness.actions.contains(.speakPart(UtteranceID(2), sentences: ["And tomorrow."], isLast: false)))
    harness.idle(for: .seconds(5))
    #expect(harness.call.record.transcript.last?.playedText == "We are open today. And tomorrow.")
    #expect(harness.call.phase.name == "waiting")
  }

  @Test(
    "Sentences are cut in the wrong place",
    arguments: [
      ("Dr. Lee is in at 3.30 p.m. today. Shall I", ["Dr. Lee is in at 3.30 p.m. today."]),
      ("Your number is 12345. Is that", ["Your number is 12345."]), ("\"Yes.\" he said. ", ["\"Yes.\"", "he said."]),
      ("It is open (till ten.) Well", ["It is open (till ten.)"]),
      ("Let me note that: {\"name\": 1}. Done. ", ["Let me note that:"]), ("Sure <tool_call> x. ", ["Sure"]),
      ("Wait... what? No", ["Wait...", "what?"]),
    ])
  func splitting(text: String, whole: [String]) {
    var inPieces = SentenceStream()
    var sentences: [String] = []
    for character in text { sentences += inPieces.add(String(character)) }
    #expect(sentences == whole)
    var atOnce = SentenceStream()
    #expect(atOnce.add(text) == whole)
  }

  @Test("The agent talks on over me: speech stops the generation at once, and the model learns what was heard")
  func bargeIn() {
    var harness = Self.asked()
    harness.model("One two three four five. Six seven eight nine ten. Eleven")
    harness.pause(for: .milliseconds(1344))
    let open = harness.questions[0].request
    harness.words = "stop"
    harness.speak(for: .milliseconds(160))
    #expect(harness.actions.contains(.cancel(open)))
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(608))
    #expect(harness.questions.count == 2)
    #expect(
      harness.conversation.suffix(2) == [.assistant("One two three four five. Six seven", calls: []), .user("stop")])
    harness.send(.modelDelta(open, .text("late words. ")))
    #expect(!harness.trace.contains { $0.contains("late words") })
  }

  @Test(
    "Later the model thinks that the interrupted reply was delivered: what is typed over it waits for what was heard")
  func typedBargeIn() {
    var harness = Self.asked()
    harness.model("One two three four five. ")
    harness.modelEnds()
    harness.pause(for: .milliseconds(512))
    harness.send(.typed("stop"))
    #expect(harness.conversation.suffix(2) == [.assistant("One two", calls: []), .user("stop")])
  }

  @Test(
    "A sentence before a tool is told twice: an interruption after it cuts the right one of two messages in an utterance"
  )
  func bargeInBehindTool() {
    var harness = Self.asked("on Tuesday")
    harness.model("Let me note that. ")
    harness.modelEnds(calling: [("save", #"{"day": "2026-03-03"}"#)])
    harness.model("The first room is free all day. Shall")
    harness.words = "stop"
    harness.pause(for: .milliseconds(1280))
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(608))
    #expect(harness.conversation.dropFirst(2).first.map { "\($0)" }?.contains("Let me note that.") == true)
    #expect(harness.conversation.suffix(2) == [.assistant("The first", calls: []), .user("stop")])
  }

  @Test("The same words twice: an interruption cuts those that were said last")
  func sameWordsTwice() {
    var harness = Self.asked()
    for _ in 0..<2 {
      harness.model("One two three four five. ")
      harness.modelEnds()
      harness.pause(for: .milliseconds(512))
      harness.words = "stop"
      harness.speak(for: .milliseconds(320))
      harness.pause(for: .milliseconds(608))
    }
    let said = harness.conversation.filter { if case .assistant = $0 { true } else { false } }.dropFirst()
    #expect(said == [.assistant("One two three", calls: []), .assistant("One two three", calls: [])])
  }

  @Test("A reply without a blank in it is said in parts, and takes no time that grows with its square")
  func noBlanks() {
    var stream = SentenceStream()
    var said: [String] = []
    for _ in 0..<200_000 { said += stream.add("a") }
    said += stream.finish(isCut: false)
    #expect(said.joined().count == 200_000)
    #expect(said.allSatisfy { $0.count <= 300 })
  }

  @Test("The client says that less was played than was sent: the model is told less")
  func playedLess() {
    var harness = Self.asked()
    harness.model("One two three four five. ")
    harness.modelEnds()
    harness.pause(for: .milliseconds(700))
    harness.words = "stop"
    harness.speak(for: .milliseconds(160))
    harness.send(.played(UtteranceID(2), .milliseconds(400)))
    harness.speak(for: .milliseconds(320))
    harness.pause(for: .milliseconds(608))
    #expect(harness.conversation.suffix(2) == [.assistant("One two", calls: []), .user("stop")])
  }

  @Test("A call written as JSON behind words is read aloud: the words are said, and the call is made")
  func callBehindWords() {
    var harness = Self.asked("a person please")
    harness.model("One moment. ", #"{"name": "person", "#, #""arguments": {}}"#)
    harness.modelEnds()
    harness.idle(for: .seconds(5))
    #expect(harness.call.record.transcript.suffix(1).map(\.playedText) == ["One moment. I put you through."])
    #expect(harness.call.record.outcome == "person")
  }

  @Test("Marks of markup are read aloud: bold words are said without their stars")
  func boldWords() {
    var harness = Self.asked()
    harness.model("We are **open** today. ")
    harness.modelEnds()
    harness.idle(for: .seconds(3))
    #expect(harness.call.record.transcript.last?.playedText == "We are open today.")
  }

  @Test("A reply of which nothing was heard is not in the next question")
  func nothingHeard() {
    var harness = Self.asked()
    harness.model("One two three four five. ")
    harness.send(.typed("stop"))
    #expect(harness.conversation.suffix(2) == [.user("hello there"), .user("stop")])
  }

  @Test("Two answers to one turn: the caller goes on before anything is heard, and only the whole turn is answered")
  func resumedTurn() {
    var harness = ModelFlow.harness()
    harness.idle(for: .seconds(5))
    harness.sentence = nil
    harness.words = "I would like"
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(544))
    let first = harness.questions[0].request
    harness.model("Yes? ")
    harness.words = "I would like a date"
    harness.speak(for: .milliseconds(640))
    #expect(harness.actions.contains(.cancel(first)))
    harness.pause(for: .milliseconds(608))
    #expect(harness.questions.count == 2)
    #expect(
      harness.conversation.filter { if case .user = $0 { true } else { false } } == [.user("I would like a date")])
  }

  @Test("Text plus a quick tool in one answer: the text is in the second question, so that it is not said twice")
  func textAndTool() throws {
    var harness = Self.asked("tomorrow")
    harness.model("I will look. ")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    let (request, tool) = try #require(harness.requests.last)
    #expect(tool.meanwhile == nil)
    harness.send(.toolAnswered(request, .answered(status: 200, values: [:])))
    harness.idle(for: .seconds(3))
    guard case .assistant("I will look.", let calls) = harness.conversation[2] else {
      return #expect(harness.conversation == [])
    }
    #expect(calls.map(\.name) == ["find-times"])
    #expect(harness.requests.count == 1)
  }

  @Test("Dead air while a tool runs: after 700 ms the caller is told that something goes on, and only once")
  func filler() throws {
    var harness = Self.asked("tomorrow")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    harness.idle(for: .milliseconds(680))
    #expect(harness.call.phase.name == "working")
    harness.idle(for: .milliseconds(40))
    #expect(harness.actions.contains(.speak(UtteranceID(2), sentences: ["One moment, I am looking."])))
    harness.idle(for: .milliseconds(1500))
    #expect(harness.call.phase.name == "working")
    let (request, _) = try #require(harness.requests.last)
    harness.send(.toolAnswered(request, .answered(status: 200, values: [:])))
    #expect(harness.questions.count == 2)
    #expect(harness.count { if case .speak = $0 { true } else { false } } == 2)
  }

  @Test("Tool done, then interrupted: the result is kept and the tool is not called twice")
  func toolThenBargeIn() throws {
    var harness = Self.asked("tomorrow")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    let (request, _) = try #require(harness.requests.last)
    harness.send(.toolAnswered(request, .answered(status: 200, values: ["free": "10:00"])))
    harness.model("Ten o'clock is free, and so is eleven. Shall")
    harness.words = "ten"
    harness.pause(for: .milliseconds(320))
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(608))
    #expect(
      harness.conversation.contains(.toolResult(id: "call-1", #"{"result":"done","values":{"free":"10:00"}}"#)))
    #expect(harness.conversation.last == .user("ten"))
    #expect(harness.requests.count == 1)
  }

  @Test("Dead air after an empty answer: asked once more, then the caller is asked to say it again")
  func emptyAnswer() {
    var harness = Self.asked()
    harness.modelEnds()
    #expect(harness.questions.count == 2)
    harness.modelEnds()
    #expect(harness.questions.count == 2)
    harness.idle(for: .seconds(3))
    #expect(harness.call.record.transcript.last?.playedText == FlowMachine.sayAgain)
    #expect(harness.call.phase.name == "waiting")
  }

  @Test("A tool's empty result is taken for none: the model is asked again all the same")
  func emptyResult() throws {
    var harness = Self.asked("tomorrow")
    harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    let (request, _) = try #require(harness.requests.last)
    harness.send(.toolAnswered(request, .answered(status: 200, values: [:])))
    #expect(harness.questions.count == 2)
  }

  @Test("The model is out of quota and the agent stays silent: it apologises and the client is told")
  func failedModel() {
    var harness = Self.asked()
    harness.send(.modelFailed(harness.questions[0].request, ModelFault(.limited, "no money left")))
    harness.idle(for: .seconds(5))
    #expect(
      harness.reports.contains(.trouble(code: "model-failed", message: "the language model gave no answer: limited")))
    #expect(harness.call.record.outcome == "sorry")
  }

  @Test("The model breaks off in the middle: what was said stands, it is not asked again, and the caller has the turn")
  func brokenOff() {
    var harness = Self.asked()
    harness.model("We are open. Until")
    harness.send(.modelFailed(harness.questions[0].request, ModelFault(.stalled, "stands still")))
    let message = "the language model broke its answer off: stalled"
    #expect(harness.reports.contains(.trouble(code: "model-broke-off", message: message)))
    harness.idle(for: .seconds(3))
    #expect(harness.call.phase.name == "waiting")
    #expect(harness.questions.count == 1)
    harness.say("and tomorrow")
    #expect(harness.conversation.suffix(2) == [.assistant("We are open.", calls: []), .user("and tomorrow")])
  }

  @Test("Nobody answers for the driver: after 15 s the call goes on without the model")
  func lostDriver() {
    var harness = Self.asked()
    harness.idle(for: .seconds(25))
    #expect(harness.call.record.outcome == "sorry")
  }

  @Test("A reply without end: what is longer than five minutes is not waited for")
  func endless() {
    var harness = Self.asked()
    harness.sentence = .milliseconds(100)
    for _ in 0..<500 { harness.model("All work and no play. ") }
    #expect(harness.actions.contains(.cancel(harness.questions[0].request)))
    harness.idle(for: .seconds(22))
    #expect(harness.call.phase.name == "waiting")
    #expect(harness.call.record.timeline.contains { $0.kind == .limitReached })
  }

  @Test("An answer cut by its limit of tokens ends with its last whole sentence")
  func cutAnswer() {
    var harness = Self.asked()
    harness.model("We are open. Until eleven o")
    harness.send(.modelDelta(harness.questions[0].request, .finish(.length)))
    harness.send(.modelFinished(harness.questions[0].request))
    harness.idle(for: .seconds(3))
    #expect(harness.call.record.transcript.last?.playedText == "We are open.")
    harness.say("and then")
    #expect(harness.conversation.suffix(2) == [.assistant("We are open.", calls: []), .user("and then")])
  }

  @Test("The caller hangs up in mid-answer: the generation is stopped")
  func hungUp() {
    var harness = Self.asked()
    harness.model("We are open. Until")
    harness.send(.hungUp)
    #expect(harness.actions.contains(.cancel(harness.questions[0].request)))
    let count = harness.actions.count
    harness.model("late. ")
    harness.modelEnds()
    #expect(harness.actions.count == count)
  }
}
