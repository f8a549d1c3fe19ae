import CallCore
import Formats
import TestSupport
import Testing

@Suite("Traces of calls")
struct CallTraceTests {
  private static let entry: TranscriptEntry = {
    var entry = TranscriptEntry(
      turn: TurnID(2), role: .agent, text: "Which \"day\"?", at: Timestamp(microseconds: 1_000_001), source: .speech,
      utterance: UtteranceID(3), playedText: "Which")
    entry.interrupted = true
    entry.heard = .microseconds(240_001)
    return entry
  }()
  private static let tool: ToolRequest = {
    var tool = ToolRequest(
      state: "look-up", method: "POST", url: "https://me:pass@orders.example:8443/v1/4711?key=abc",
      headers: [("Authorization", "Bearer abc"), ("X-Order", "4711")], body: "{\"pin\":\"1234\"}", wanted: ["status"],
      timeout: .milliseconds(1500))
    tool.meanwhile = "One moment."
    return tool
  }()
  /// With everything that a question can have.
  static let question: ModelRequest = {
    var question = ModelRequest([
      .system("Be \"short\"."), .user("Book it."),
      .assistant("Well.", calls: [ModelToolCall(id: "call-1", name: "book", arguments: #"{"day":1}"#)]),
      .toolResult(id: "call-1", "null"), .assistant("Done.", calls: []),
    ])
    question.tools = [ModelTool(name: "book", about: "Books.", parameters: #"{"type":"object"}"#)]
    question.toolChoice = .named("book")
    question.answerForm = ModelAnswerForm(name: "reply", schema: #"{"type":"object"}"#)
    (question.temperatureHundredths, question.topPHundredths) = (70, 90)
    (question.seed, question.tokensMax, question.stop) = (5, 100, ["END"])
    return question
  }()
  private static let errors: [EngineError] = [
    .modelUnavailable(path: "a/model.ort"), .timedOut(limit: .milliseconds(5000)),
    .library(function: "decode", code: -4), .overloaded(queue: "speech", limit: 8), .unsupported("no such voice"),
    .crashed("eSpeak NG ended"), .remote("502"),
  ]
  private static let settings: TurnSettings = {
    var settings = TurnSettings()
    (settings.detectsTurns, settings.repliesByItself, settings.speechInterrupts) = (false, false, false)
    (settings.endOfTurnSilence, settings.noInputAfter) = (.milliseconds(300), .seconds(5))
    settings.speechThreshold = SpeechProbability(thousandths: 900)
    return settings
  }()
  static let events: [CallEvent] =
    [
      .began,
      .speechWindow(
        SpeechProbability(thousandths: 731), until: Timestamp(microseconds: 32_001),
        loudUntil: Timestamp(microseconds: -5)),
      .commanded(.configure(TurnSettings())), .commanded(.configure(Self.settings)), .commanded(.commit),
      .commanded(.discardInput), .commanded(.reply), .commanded(.cancelReply),
      .commanded(.instruct(.session(question))), .commanded(.instruct(.once(ModelRequest([])))),
      .commanded(.instruct(.message(.toolResult(id: "call-1", "{}")))), .commanded(.instruct(.forget(.user("Hi")))),
      .keyPressed(.terminator), .beepHeard, .typed("zwölf \u{1F600}\n\"ja\""), .transcribed(RequestID(7), ""),
      .sentenceReady(UtteranceID(1), sentence: 0, .microseconds(1_234_567)), .playoutStarted(UtteranceID(1)),
      .playoutFinished(UtteranceID(2)), .playoutStopped(UtteranceID(3), played: .zero),
      .played(UtteranceID(4), .milliseconds(9)),
      .toolAnswered(RequestID(1), .answered(status: 200, values: ["order.state": "sent", "b": ""])),
      .toolAnswered(RequestID(2), .failed("status 500")), .toolAnswered(RequestID(3), .timedOut),
      .compared(RequestID(4), [Similarity(thousandths: 710), Similarity(thousandths: -1000)]),
      .turnJudged(RequestID(10), TurnCompleteness(thousandths: 310)),
      .modelDelta(RequestID(8), .text("Good \"day\".")),
      .modelDelta(RequestID(8), .toolCall(ModelToolCallPiece(index: 1, id: "a", name: "book", arguments: "{\"d"))),
      .modelDelta(RequestID(8), .toolCall(ModelToolCallPiece(index: 1, arguments: ""))),
      .modelDelta(RequestID(8), .finish(.toolCalls)),
      .modelDelta(RequestID(8), .usage(ModelUsage(promptTokens: 12, answerTokens: 0))), .modelFinished(RequestID(8)),
      .modelFailed(RequestID(9), ModelFault(.stalled, "stands still")),
      .hungUp, .vanished, .protocolBroken, .serverStopping, .tick,
    ] + errors.map { .recognitionFailed(RequestID(5), $0) } + errors.map { .synthesisFailed(UtteranceID(6), $0) }
    + errors.map { .comparisonFailed(RequestID(5), $0) } + errors.map { .turnJudgementFailed(RequestID(10), $0) }
  static let actions: [CallAction] =
    [
      .openTurn(TurnID(1), speechStart: Timestamp(microseconds: 320)), .transcribe(RequestID(1), .partial),
      .transcribe(RequestID(2), .speculative), .transcribe(RequestID(3), .final), .judgeTurn(RequestID(10)),
      .hurry(RequestID(3)),
      .cancel(RequestID(4)), .closeTurn(TurnID(1)), .speak(UtteranceID(1), sentences: ["Hello.", "Who is it?"]),
      .speak(
        UtteranceID(1),
        sentences: [
          "Hello.",
          SynthesisText(
            "Who is it?", SpeechDelivery(ratePercent: 80, pauseBefore: .milliseconds(1), pauseAfter: .seconds(1))),
        ]),
      .speakPart(UtteranceID(2), sentences: [SynthesisText("Well.", SpeechDelivery(ratePercent: 50))], isLast: false),
      .speakPart(UtteranceID(2), sentences: ["Well."], isLast: false),
      .speakPart(UtteranceID(2), sentences: [], isLast: true),
      .stopPlayout(UtteranceID(1)), .pausePlayout(UtteranceID(1)), .resumePlayout(UtteranceID(1)),
      .transcribe(RequestID(11), .interruption), .callTool(RequestID(5), tool),
      .compare(RequestID(5), MeaningQuestion("my knee", phrases: ["I want to see a doctor", "Hello?"])),
      .askModel(RequestID(6), question), .askModel(RequestID(7), ModelRequest([.user("Hi")])),
      .askModelEarly(RequestID(8), ModelRequest([.user("Hi")])),
      .report(.agentContinued(entry)),
      .report(.toolUsed(ToolCallEntry(number: 1, turn: TurnID(2), at: Timestamp(microseconds: 19), name: "book"))),
      .report(.toolUsed(SampleRecord.toolCall)),
      .report(.toolsWanted([ModelToolCall(id: "call-1", name: "book", arguments: "{}")])),
      .report(.speechStarted(at: .zero)), .report(.speechStopped(at: Timestamp(microseconds: 17))),
      .report(.transcript(entry, final: false)), .report(.stateEntered(name: "day", from: "", because: "begin")),
      .report(.agentStarted(entry)), .report(.agentFinished(entry)), .report(.agentInterrupted(entry)),
      .report(.agentPaused(entry)), .report(.agentResumed(entry)), .report(.clear(UtteranceID(9))),
      .report(.nobodySpoke(since: Timestamp(microseconds: 18))),
      .report(
        .turnAnswered(
          TurnLatency(
            turn: TurnID(1), endpoint: .microseconds(1), recognition: .microseconds(2), flow: .microseconds(3),
            synthesis: .microseconds(4), playout: .microseconds(5),
            model: ModelLatency(firstToken: .microseconds(1), firstSentence: .microseconds(2)), endedBy: .longSilence))),
      .report(.trouble(code: "too-early", message: "wait")),
    ] + CloseReason.allCases.map { .end($0) }

  private static let head = CallTrace.line(of: header, version: "0.1.0")
  private static let header: CallTraceHeader = {
    var limits = TurnLimits()
    limits.partialInterval = .seconds(1)
    limits.endOfTurnSilence = .microseconds(654_321)
    limits.keysMax = 7
    (limits.endOfTurn, limits.completenessMin) = (.meaning, TurnCompleteness(thousandths: 300))
    (limits.judgementSilence, limits.unfinishedTurnSilence) = (.milliseconds(240), .milliseconds(1500))
    limits.speechThreshold = SpeechProbability(thousandths: 600)
    var header = CallTraceHeader(
      call: "c-1", flow: "appointment", flowDigests: ["appointment": "00"], voice: "heart", limits: limits, seed: .max,
      today: "2026-03-02")
    header.startedAtUnixMicroseconds = 1_763_696_700_123_456
    return header
  }()

  private func lines(of bytes: [UInt8]) throws -> [CallTraceReader.Line] {
    var reader = try CallTraceReader(bytes)
    var lines: [CallTraceReader.Line] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  private func fault(_ text: String) -> CallTraceFault? {
    do {
      _ = try lines(of: Array(text.utf8))
      return nil
    } catch {
      return error as? CallTraceFault
    }
  }

  @Test("every event and every action comes back as it was, but for the credentials of tools")
  func everything() throws {
    let steps =
      Self.events.map { CallTraceStep(at: Timestamp(microseconds: 999_999), event: $0) } + [
        CallTraceStep(at: .zero, event: .tick, actions: Self.actions)
      ]
    let bytes = Self.head + steps.flatMap(CallTrace.line(of:)) + CallTrace.lastLine(steps: steps.count, lost: 0)
    var expected = steps
    expected[expected.count - 1].actions = Self.actions.map { action in
      if case .callTool(let request, let tool) = action { .callTool(request, tool.withoutCredentials) } else { action }
    }
    #expect(try lines(of: bytes) == expected.map { .step($0) })
    #expect(Set(Self.events.map(\.word)).count == 35)
    #expect(Set(Self.actions.map(\.word)).count == 17)
    let reader = try CallTraceReader(bytes)
    #expect(reader.header == Self.header)
    #expect(reader.version == "0.1.0")
  }

  @Test("of a tool, a trace has its host, method and names, and nothing that lets anybody in")
  func credentials() throws {
    let secret = CallEvent.toolAnswered(
      RequestID(1), .answered(status: 200, values: ["auth.access_token": "s3cr3t", "name": "Ada"]))
    let step = CallTraceStep(at: .zero, event: secret, actions: [.callTool(RequestID(1), Self.tool)])
    let text = String(decoding: CallTrace.line(of: step), as: UTF8.self)
    for word in ["me:pass", "key=abc", "/v1", "Bearer", "4711", "1234", "s3cr3t"] {
      #expect(!text.contains(word), "\(word)")
    }
    for word in ["https://orders.example:8443/…", "Authorization", "X-Order", "POST", "Ada"] {
      #expect(text.contains(word), "\(word) in \(text)")
    }
    let again = try lines(of: Self.head + Array(text.utf8) + CallTrace.lastLine(steps: 1, lost: 0))
    guard case .step(let step) = again.first else { return #expect(Bool(false), "no step") }
    #expect(CallTrace.line(of: step) == Array(text.utf8), "what is masked stays as it is")
  }

  @Test("a cut, changed or newer file is told by its line")
  func faults() throws {
    let head = String(decoding: Self.head, as: UTF8.self)
    let tick = "{\"atUs\":20000,\"event\":\"tick\"}\n"
    let end = "{\"end\":{\"steps\":1,\"lost\":0}}\n"
    #expect(fault(head + tick + end) == nil)
    for (text, line, problem) in [
      ("", 1, "the file is empty"), ("hello", 1, "not JSON"), ("{\"id\":1}\n", 1, "first line of a trace"),
      (
        head.replacing("\"trace\":1", with: "\"trace\":2"), 1,
        "format 2, and this program reads up to 1: replay it with"
      ),
      (head.replacing("\"today\"", with: "\"day\""), 1, "today: expected a text"),
      (head + tick, 3, "the trace is cut: its last line"),
      (head + tick.dropLast(3), 2, "cut in the middle of this line"),
      (head + end, 2, "expected 1 steps before this line, got 0"), (head + tick + end + tick, 3, "behind the end"),
      (
        head + tick + end.replacing("\"lost\":0", with: "\"lost\":3"), 3,
        "expected 3 lost steps before this line, got 0"
      ),
      (head.replacing("\"inputAheadMax\":32", with: "\"inputAheadMax\":1000000"), 1, "inputAheadMax: expected a whole"),
      (head + "{\"atUs\":1,\"event\":\"sneeze\"}\n", 2, "event: expected one of \"began\""),
      (head + "{\"event\":\"tick\"}\n", 2, "atUs: expected a whole number"),
      (head + tick.replacing("20000", with: "9223372036854775807"), 2, "atUs: expected a whole number from"),
      (head + "{\"atUs\":1,\"event\":\"key-pressed\",\"key\":\"12\"}\n", 2, "key: expected one of 0-9"),
      (
        head + "{\"atUs\":1,\"event\":\"tick\",\"actions\":[{\"action\":\"jump\"}]}\n", 2,
        "actions[0].action: expected one of"
      ),
      (head + "{}\n", 2, "expected a step with"),
    ] as [(String, Int, String)] {
      let fault = fault(text)
      #expect(fault?.line == line, "\(text.suffix(60))")
      #expect(fault?.problem.contains(problem) == true, "\(problem) in \(fault?.problem ?? "no fault")")
    }
  }

  @Test(
    "what a path of a tool's answer names as a credential is masked, and nothing else",
    arguments: [
      ("auth.access_token", true), ("accessKey", true), ("data.private-key", true), ("signature", true),
      ("user.pin", true),
      ("otp", true), ("session.date", false), ("shopping", false), ("author", false), ("order.pinned", false),
    ])
  func maskedPaths(path: String, isMasked: Bool) throws {
    let event = CallEvent.toolAnswered(RequestID(1), .answered(status: 200, values: [path: "Ada"]))
    #expect(CallTrace.text(of: event).contains("Ada") == !isMasked)
  }

  // MARK: - Replay

  /// A call to the flow of the appointment that is typed, with the trace of it.
  private func typedCall(_ library: FlowLibrary) throws -> [UInt8] {
    let flow = try #require(library["appointment"])
    let header = CallTraceHeader(
      call: "typed", flow: flow.name, flowDigests: library.digests(from: flow.name), voice: "heart",
      limits: TurnLimits(), seed: 7, today: "2026-03-02")
    let agent = FlowMachine(flow: flow, library: library, seed: 7, variables: ["today": "2026-03-02"])
    var machine = CallMachine(flow: agent, flowName: flow.name, voice: "heart")
    var bytes = CallTrace.line(of: header, version: "0.1.0")
    let events: [CallEvent] = [
      .began, .sentenceReady(UtteranceID(1), sentence: 0, .seconds(1)), .playoutStarted(UtteranceID(1)),
      .typed("I would like to book an appointment."), .playoutStopped(UtteranceID(1), played: .milliseconds(300)),
      .tick, .sentenceReady(UtteranceID(2), sentence: 0, .seconds(1)), .playoutStarted(UtteranceID(2)), .hungUp,
      .playoutStopped(UtteranceID(2), played: .zero),
    ]
    for (index, event) in events.enumerated() {
      let now = Timestamp(microseconds: Int64(index) * 20_000)
      var actions: [CallAction] = []
      machine.handle(event, at: now, into: &actions)
      bytes += CallTrace.line(of: CallTraceStep(at: now, event: event, actions: actions))
    }
    return bytes + CallTrace.lastLine(steps: events.count, lost: 0)
  }

  private func replay(_ text: String, _ library: FlowLibrary) throws -> CallTraceReplay {
    var replay = try CallTraceReplay(try CallTraceReader(Array(text.utf8)), flows: library)
    try replay.run()
    return replay
  }

  @Test("a replayed call does the same; a changed action is told with its line, what was expected and what came")
  func replayed() throws {
    let library = try SampleFlows.library()
    let text = String(decoding: try typedCall(library), as: UTF8.self)
    let same = try replay(text, library)
    #expect(same.difference == nil && same.steps == 10 && same.actions > 10 && same.changedFlows.isEmpty)

    let changed = text.replacing("Which day would you like to come?", with: "Which week suits you?", maxReplacements: 1)
    let difference = try #require(try replay(changed, library).difference)
    #expect(difference.line == 5 && difference.at == Timestamp(microseconds: 60_000))
    #expect(difference.event.contains("typed"))
    #expect(difference.expected.count == difference.got.count)
    #expect(
      difference.expected.contains { $0.contains("Which week") } && difference.got.contains { $0.contains("Which day") }
    )
  }

  @Test("an answer that was masked ends the replay: what the flow made of it cannot be repeated")
  func maskedAnswer() throws {
    let library = try SampleFlows.library()
    var lines = String(decoding: try typedCall(library), as: UTF8.self).split(separator: "\n").map(String.init)
    let event = CallEvent.toolAnswered(RequestID(1), .answered(status: 200, values: ["access_token": "s3cr3t"]))
    lines[4] = String(decoding: CallTrace.line(of: CallTraceStep(at: .zero, event: event, actions: [])), as: UTF8.self)
      .replacing("\n", with: "")
    #expect {
      _ = try replay(lines.joined(separator: "\n"), library)
    } throws: {
      "\($0)".contains(
        "line 5: a value of this tool's answer was taken out as a credential, so the replay ends; the 3 steps")
    }
  }

  @Test("a gap ends the replay, a flow that is not there or was changed is named")
  func unfit() throws {
    let library = try SampleFlows.library()
    let text = String(decoding: try typedCall(library), as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[3] = "{\"lost\":3}"
    #expect {
      _ = try replay(lines.joined(separator: "\n"), library)
    } throws: {
      "\($0)".contains("line 4: 3 steps were lost here, so the replay ends; the 2 steps before it gave the same")
    }
    #expect { _ = try replay(text, FlowLibrary()) } throws: { "\($0)".contains("line 1: there is no flow appointment") }
    let digest = try #require(library.digest(of: "appointment"))
    #expect(try replay(text.replacing(digest, with: "0000"), library).changedFlows == ["appointment"])
  }
}
