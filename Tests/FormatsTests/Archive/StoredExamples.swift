import CallCore
import CallDriver
import Formats
import TestSupport

/// What the golden files hold.
enum StoredExamples {
  private static let started: Int64 = 1_763_696_700_123_456

  // MARK: - Calls

  /// One with something in every member, and one for each reason.
  static let summaries: [CallRecord] = {
    var full = SampleRecord.call
    full.startedAtUnixMicroseconds = started
    full.transcriptDropped = 4
    full.timelineDropped = 5
    full.toolCallsDropped = 6
    full.echoDelay = .microseconds(150_250)
    full.node = "voice-2.example"
    (full.transcript, full.timeline, full.toolCalls, full.turnLatencies) = ([], [], [], [])
    let others = CloseReason.allCases.map { reason in
      var record = CallRecord(flow: "clinic", voice: "heart-low")
      record.id = "c-18"
      record.reason = reason
      return record
    }
    return [full] + others
  }()

  static let course: CallRecord = {
    var record = SampleRecord.call
    record.transcript[0].at = Timestamp(microseconds: 2_310_999)
    for source in [TranscriptEntry.Source.keys, .text] {
      var entry = SampleRecord.caller
      entry.source = source
      record.transcript.append(entry)
    }
    record.timeline = kinds.enumerated().map { index, kind in
      TimelineEntry(at: Timestamp(microseconds: Int64(index)), kind: kind, detail: "a \"b\" / c\n\u{1F600}")
    }
    return record
  }()

  private static let kinds: [TimelineEntry.Kind] = [
    .speechStarted, .speechStopped, .turnEnded, .stateEntered, .slotFilled, .agentStarted, .agentFinished, .bargeIn,
    .keyPressed, .noInput, .noMatch, .toolCalled, .toolAnswered, .engineFailed, .limitReached, .ended,
  ]

  static let oldCall: CallRecord = {
    var record = CallRecord(flow: "restaurant", voice: "heart")
    record.id = "c-1"
    record.codec = "opus/16000"
    record.outcome = "booked"
    record.finalState = "goodbye"
    return record
  }()

  static let oldCourse: CallRecord = {
    var record = course
    record.transcript = [
      TranscriptEntry(turn: TurnID(0), role: .agent, text: "Hello.", at: .zero, source: .speech, playedText: "Hello.")
    ]
    record.timeline = [TimelineEntry(at: .zero, kind: .ended, detail: "")]
    record.toolCalls = []
    record.turnLatencies = []
    return record
  }()

  static let recording = StoredRecording(
    CallRecording(
      caller: RecordedTrack(
        format: AudioFormat(codec: .opus, sampleRate: 16_000), bytes: [0xF8, 0xFF, 0xFE, 0x01],
        positions: [320, 70_000],
        ends: [3, 4], dropped: 2),
      agent: RecordedTrack(
        format: AudioFormat(codec: .mulaw, sampleRate: 8_000), bytes: [0xFF, 0x7F], positions: [0], ends: [2])))

  // MARK: - Test cases and runs

  /// Between them everything that a caller can do, every check and every noise.
  static let cases: [TestCase] = {
    var full = TestCase(
      id: "book/1", agent: TestAgent(flow: "clinic", voice: "heart", fault: .echoing),
      turns: deeds.enumerated().map { TestTurn(number: $0 + 1, action: $1, line: $0 + 7) })
    full.title = "Books a \"visit\""
    full.tags = ["a", "b"]
    full.turns[0].cue = .overAgent(after: .microseconds(5))
    full.turns[1].cue = .atPhrase("which day")
    full.turns[1].againWhen = ["sorry", "once more"]
    full.turns[0].expectations = [CallCore.Expectation(.keywords(["Monday"]), allowsPartsOfWords: true, line: 8)]
    full.expectations = checks.map { CallCore.Expectation($0, isAbsent: true, line: 3) }
    full.caller.persona = "in a hurry"
    full.caller.style = SpeakingStyle(ratePercent: 120, pitchPercent: 90)
    full.disfluency.fillers = 20
    full.world.noise = .init(sort: .recording("street.wav"), ratio: -3)
    full.world.level = -6
    full.world.echo = .init(level: -20, delay: .milliseconds(90))
    full.world.isTelephone = true
    full.world.codec = .mulaw
    full.world.keys = .inBand
    full.world.network.lossPermille = 30
    full.world.network.jitter = .microseconds(1)
    full.world.disconnectAfter = .seconds(3)
    full.world.engineTroubles = [
      .init(engine: .recognition, fromTurn: 2, delay: nil), .init(engine: .synthesis, fromTurn: 1, delay: .zero),
    ]
    full.seed = .max
    var value = CaseVariation.Value(label: "heart-low")
    value.caller.voice = "heart-low"
    full.vary = CaseVariation(.pairs, [CaseVariation.Values(.voice, [value])])
    full.mustFail = .ownWords
    full.source = CaseSource(file: "clinic.yaml", line: 4)
    var improvised = TestCase(id: "goal", agent: TestAgent(flow: "f"), turns: [])
    improvised.caller.brief = brief
    improvised.expectations = [CallCore.Expectation(.goal(.impossible))]
    return [full, improvised]
      + [CallWorld.Noise.Sort.white, .pink, .babble].map { sort in
        var plain = TestCase(id: "x", agent: TestAgent(flow: "f"), turns: [TestTurn(number: 1, action: .hangUp)])
        plain.world.noise = .init(sort: sort, ratio: 10)
        return plain
      }
  }()

  private static let brief: CallerBrief = {
    var brief = CallerBrief(goal: "a table")
    brief.facts = [CallerFact("phone", "555 0147", isKeptBack: true, askedBy: ["number"])]
    brief.manner = "vague"
    (brief.rules.must, brief.rules.accept, brief.rules.never) = (["Tuesday"], ["noon"], ["Friday"])
    (brief.turnsMax, brief.interruptionPercent, brief.interruptsAfter) = (7, 20, .microseconds(9))
    return brief
  }()

  static let deeds: [CallerAction] = [
    .say([.words("a"), .pause(.microseconds(7)), .filler("uh"), .stumble("b"), .lengthened("c")]),
    .play(file: "a.wav", text: "a"), .press([.terminator]), .backchannel("uh-huh"), .staySilent,
    .play(file: "a.wav", text: nil), .answerAsMachine(greeting: [.words("a")], beep: MachineBeep()),
    .hold(music: "a.wav", length: .microseconds(8)), .hold(music: nil, length: .seconds(8)), .hangUp,
  ]

  static let checks: [CallCore.Expectation.Check] = [
    .keywords(["a", "b"]), .anyOf(["a"]), .exact("a"), .regex("a+"), .excludes([]), .similarity("a", percentMin: 80),
    .similarInMeaning("It is booked"),
    .state("day"), .slot("day", "Monday"), .outcome("booked"), .ended(.noInput), .latency(max: .microseconds(1)),
    .yield(max: .seconds(1)), .understood(wordErrorsMax: 5), .duration(max: .seconds(9)), .talkOver(percentMax: 3),
    .tools([
      ExpectedToolCall("find"),
      ExpectedToolCall("book", ["day": .text("7"), "note": .nothing, "menu": .list([.members(["a": .text("b")])])]),
    ]),
    .judged("offers another day"), .messageLeft(["call back"]),
  ]

  static let oldCase: TestCase = {
    var testCase = TestCase(id: "x", agent: TestAgent(flow: "f"), turns: [TestTurn(number: 1, action: .hangUp)])
    testCase.caller.voice = "heart"
    return testCase
  }()

  /// One with something in every member, and one for each other status.
  static let runs: [TestRun] = {
    var step = RunStep(number: 1, expectedInput: "Hello.", keywords: ["day"], isExact: true)
    step.actualInput = "hello"
    step.reply = "Which day?"
    step.isReached = true
    step.isPassed = true
    step.details = "all there"
    step.findings = [RunFinding(turn: 1, kind: "reply", text: "came late", isInvalid: false)]
    var full = TestRun(
      id: "r-1", testID: "book/1", provider: "voiceforge", mode: .simulation, createdAtUnixMicroseconds: started,
      turnsAll: 2)
    full.status = .completed
    full.updatedAtUnixMicroseconds = started + 1
    full.metadata = ["build": "7"]
    full.providerCallID = "c-17"
    full.transcriptDropped = 3
    full.turnsDone = 2
    full.evaluation = RunEvaluation(
      isPassed: false, summary: "1 of 2", failures: ["turn 2: no answer"], steps: [step], deviates: true)
    full.evaluation?.findings = [RunFinding(turn: nil, kind: "line", text: "broke", isInvalid: true)]
    full.evaluation?.judgements = judgements
    full.evaluation?.similarities = [
      RunSimilarity(
        turn: 2, expected: "like “Hi” in meaning", found: "-0.01: “No.”", thousandths: -10, isPassed: false),
      RunSimilarity(turn: nil, expected: "not: like “Bye”", found: "not compared", thousandths: nil, isPassed: true),
    ]
    return [full]
      + [TestRun.Status.queued, .running, .failed].map { status in
        var run = TestRun(
          id: "r-2", testID: "x", provider: "", mode: .live, createdAtUnixMicroseconds: 0, turnsAll: 0)
        run.status = status
        return run
      }
  }()

  private static let judgements = [
    RunJudgement(
      statement: "names the day", isAbsent: true, outcome: "no", reason: "",
      votes: [
        RunVote(
          answer: "no", quote: "Which day?", why: "It asks.", fault: nil, atMilliseconds: 1200, model: "double"),
        RunVote(answer: nil, quote: "", why: "", fault: "the answer is empty", atMilliseconds: nil, model: ""),
      ]),
    RunJudgement(statement: "sings", isAbsent: false, outcome: "not-asked", reason: "no model", votes: []),
  ]

  static let oldRuns: [TestRun] = {
    let bare = TestRun(id: "r-1", testID: "x", provider: "p", mode: .live, createdAtUnixMicroseconds: 0, turnsAll: 0)
    var step = RunStep(number: 0, expectedInput: "Hello.", keywords: [], isExact: false)
    step.reply = "Hi."
    var judged = bare
    judged.status = .completed
    judged.evaluation = RunEvaluation(isPassed: true, summary: "", failures: [], steps: [step], deviates: false)
    return [bare, judged]
  }()

  static let spokenRun: TestRun = {
    var run = TestRun(
      id: "r-1", testID: "x", provider: "p", mode: .live, createdAtUnixMicroseconds: started, turnsAll: 1)
    run.transcript = [
      TestRunUtterance(speaker: .agent, text: "Which \"day\"?", step: 0, atUnixMicroseconds: started),
      TestRunUtterance(speaker: .user, text: "Zwölf / 12", step: 1, atUnixMicroseconds: started + 1),
    ]
    return run
  }()

  static let oldSpokenRun: TestRun = {
    var run = spokenRun
    run.transcript = [TestRunUtterance(speaker: .user, text: "Hello.", step: 0, atUnixMicroseconds: 0)]
    return run
  }()

  // MARK: - Keys, voices, flows, usage

  static let keys: [APIKey] = {
    let salt = [UInt8](0..<16)
    let digest = [UInt8](224...255)
    var full = APIKey(
      id: "k1", name: "Büro \"1\"", scopes: Set(KeyScope.allCases), createdAtUnixMicroseconds: started, salt: salt,
      digest: digest)
    full.expiresAtUnixMicroseconds = started + 1
    full.requestsPerMinute = 60
    full.tokensPerDay = 100_000
    full.revokedAtUnixMicroseconds = started + 2
    full.lastUsedAtUnixMicroseconds = started + 3
    let plain = APIKey(
      id: "k2", name: "", scopes: [.read], createdAtUnixMicroseconds: started, salt: salt, digest: digest)
    return [full, plain]
  }()

  /// With next to nothing, and without a budget of tokens.
  static let oldKeys: [APIKey] = {
    var limited = APIKey(
      id: "k3", name: "n", scopes: [.call], createdAtUnixMicroseconds: 0, salt: [0, 255], digest: [16])
    limited.requestsPerMinute = 60
    return [
      APIKey(id: "k0", name: "n", scopes: [], createdAtUnixMicroseconds: 0, salt: [0, 255], digest: [16]), limited,
    ]
  }()

  static let voice = MatchedVoice(
    id: "matched-1", name: "Ada", shape: VoiceShape(pitch: 0.1 + 0.2, formants: 1, pace: 1.45), pitchHz: 210,
    recording: .microseconds(4_200_001), similarity: VoiceSimilarity(thousandths: 712, model: "voicefilter-lite"),
    createdAtUnixMicroseconds: started)

  static let oldVoice = MatchedVoice(
    id: "matched-0", name: "Ada", shape: VoiceShape(pitch: 0.35, formants: 1, pace: 1), pitchHz: 0, recording: .zero,
    createdAtUnixMicroseconds: 0)

  static let flow = FlowVersion(
    name: "menu", version: 3, text: "states:\n  bye: {end: }\n", savedAtUnixMicroseconds: started)
  static let oldFlow = FlowVersion(name: "menu", version: 1, text: "", savedAtUnixMicroseconds: 0)

  static let usage: [UsageShare] = {
    var counts = UsageCounts()
    counts.calls = 1
    counts.refusedCalls = 2
    counts.callTime = .microseconds(3)
    counts.turns = 4
    counts.recognizedTime = .microseconds(5)
    counts.synthesizedCharacters = 6
    counts.synthesizedTime = .microseconds(7)
    counts.cacheHits = 8
    counts.modelRequests = 9
    counts.promptTokens = 10
    counts.answerTokens = 11
    return [
      UsageShare(node: "n-1", entry: UsageEntry(day: 20_414, key: "k1", counts: counts)),
      UsageShare(node: "", entry: UsageEntry(day: 0, key: nil, counts: UsageCounts())),
    ]
  }()

  /// Without any figure, and without those of a language model.
  static let oldUsage: [UsageShare] = {
    var counts = UsageCounts()
    counts.calls = 1
    return [
      UsageShare(node: "n-1", entry: UsageEntry(day: 20_414, key: nil, counts: UsageCounts())),
      UsageShare(node: "n-2", entry: UsageEntry(day: 20_414, key: "k1", counts: counts)),
    ]
  }()

  // MARK: - Traces

  static let header: CallTraceHeader = {
    var limits = TurnLimits()
    limits.partialInterval = .seconds(1)
    limits.keysMax = 7
    var header = CallTraceHeader(
      call: "c-1", flow: "appointment", flowDigests: ["appointment": "00"], voice: "heart", limits: limits, seed: .max,
      today: "2026-03-02")
    header.startedAtUnixMicroseconds = started
    return header
  }()

  static let oldHeader: CallTraceHeader = {
    var limits = TurnLimits()
    limits.earlyAnswersMax = 0
    return CallTraceHeader(
      call: "c-1", flow: "appointment", flowDigests: [:], voice: "heart", limits: limits, seed: 7, today: "")
  }()

  /// Every event and every action.
  static let steps: [CallTraceStep] =
    CallTraceTests.events.map { CallTraceStep(at: Timestamp(microseconds: 999_999), event: $0) } + [
      CallTraceStep(
        at: .zero, event: .tick,
        actions: CallTraceTests.actions.map { action in
          if case .callTool(let id, let tool) = action { .callTool(id, tool.withoutCredentials) } else { action }
        })
    ]
}
