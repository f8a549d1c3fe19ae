import CallCore
import TestSupport

/// One call with random events, right and wrong ones, and a check of every action against what must always hold.
struct RandomCall {
  private(set) var faults: [String] = []
  private(set) var trace: [String] = []
  /// Phases that followed one another, as `from→to`.
  private(set) var steps: Set<String> = []

  private var random: SeededGenerator
  private var call: CallMachine
  private var now = Timestamp.zero
  private var actions: [CallAction] = []
  private var openTurns: Set<TurnID> = []
  private var requests: [RequestID] = []
  private var utterances: [UtteranceID] = []
  /// The question to the language model that is open.
  private var question: RequestID?
  /// The question to the turn detector that is open, and how many turns ended by its answer.
  private var judging: RequestID?
  private(set) var endedByMeaning = 0
  /// The answer that was begun before the turn is over, until then.
  private var early: RequestID?
  /// How many of these the turn had.
  private var earlyAnswers = 0
  /// How many calls in all had, and how many were used.
  private(set) var (earlyBegun, earlyUsed) = (0, 0)
  /// Since when the utterance that is played is paused.
  private var pausedAt: Timestamp?
  /// How many pauses there were, and how many of them were taken back.
  private(set) var (pauses, takenBack) = (0, 0)
  private var hasEnded = false
  private var limits = TurnLimits()
  /// Whether the client decides on turns itself.
  private let commands: Bool
  /// Whether the agent pauses for speech and stops for words.
  private let pausesForWords: Bool
  /// Whether it is known how loud the caller's sound is.
  private let hasLevels: Bool
  /// What draws it: by itself, so that the events are the same with and without.
  private var levels: SeededGenerator

  /// What is kept of the call.
  var record: CallRecord { call.record }

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    commands = seed % 4 == 3
    hasLevels = seed % 3 == 1
    pausesForWords = [2, 5].contains(seed % 7)
    levels = SeededGenerator(seed: seed &+ 2)
    limits.turnsMax = 40
    limits.turnDurationMax = .seconds(4)
    limits.partialInterval = seed % 2 == 0 ? .milliseconds(400) : nil
    limits.transcriptEntriesMax = 30
    limits.timelineEntriesMax = 120
    limits.callDurationMax = .seconds(600)
    limits.inputAheadMax = 3
    // Long enough a silence for both answers about a pause to come by chance.
    if seed % 5 == 2 { (limits.endOfTurn, limits.endOfTurnSilence) = (.meaning, .seconds(3)) }
    var flow = RandomFlow(random: SeededGenerator(seed: seed &+ 1))
    if pausesForWords { flow.interruptRule = .whenWords }
    call = CallMachine(flow: flow, flowName: "random", voice: "test", limits: limits)
  }

  mutating func run(events: Int) {
    send(.began)
    for _ in 0..<events {
      now = now + .milliseconds(Int.random(in: 0...200, using: &random))
      send(randomEvent())
    }
    settle()
    send(.hungUp)
    check(hasEnded, "the call ends when the caller hangs up")
    check(judging == nil, "a question to the turn detector is answered or given up")
    check(early == nil, "an answer that was begun early is used or given up")
    check(openTurns.isEmpty, "every turn's audio is let go of: \(openTurns)")
    check(call.record.reason != nil, "the record says why the call ended")
  }

  /// Time alone must bring every turn to its end.
  private mutating func settle() {
    if commands { send(.commanded(.configure(TurnSettings()))) }
    for _ in 0..<1200 {
      now = now + .milliseconds(100)
      send(.tick)
      if case .speaking(let utterance, _) = call.phase { send(.playoutFinished(utterance)) }
      if case .waiting = call.phase { return }
      if hasEnded { return }
    }
    faults.append("after 120 s of silence the call still is \(call.phase.name)")
  }

  private mutating func send(_ event: CallEvent) {
    let before = call.phase.name
    let first = actions.count
    switch event {
    case .modelFinished(question): question = nil
    case .modelFailed(question, _):
      if early == question { early = nil }
      question = nil
    case .turnJudged(judging, _), .turnJudgementFailed(judging, _): judging = nil
    default: break
    }
    let wasHearing = call.phase == .hearing
    call.handle(event, at: now, into: &actions)
    var index = first
    while index < actions.count {
      perform(actions[index])
      index += 1
    }
    if let pausedAt, event.isPassingTime {
      check(now - pausedAt < .milliseconds(400), "the agent pauses for 400 ms at most")
    }
    if wasHearing, call.phase != .hearing, event.isJudgement { endedByMeaning += 1 }
    if before != call.phase.name { steps.insert("\(before)→\(call.phase.name)") }
    check(call.record.transcript.count <= limits.transcriptEntriesMax, "the transcript keeps its limit")
    check(call.record.timeline.count <= limits.timelineEntriesMax + 1, "the timeline keeps its limit")
    check(call.record.turns <= limits.turnsMax, "the turns keep their limit")
  }

  private mutating func perform(_ action: CallAction) {
    trace.append("\(now.microseconds) \(action)")
    if hasEnded {
      if case .report(.agentInterrupted) = action { return }
      faults.append("\(action) after the end")
    }
    if early != nil, speaksOrActs(action) { faults.append("\(action) before the turn of an early answer is over") }
    switch action {
    case .openTurn(let turn, _):
      check(openTurns.insert(turn).inserted, "turn \(turn) is opened once")
      earlyAnswers = 0
    case .closeTurn(let turn): check(openTurns.remove(turn) != nil, "turn \(turn) is closed once")
    case .transcribe(let request, _):
      check(!openTurns.isEmpty, "words are asked for only of an open turn")
      requests.append(request)
    case .judgeTurn(let request):
      check(limits.endOfTurn == .meaning, "turns are judged only where they end by meaning")
      check(judging == nil && call.phase == .hearing, "one question to the turn detector at a time, of an open turn")
      judging = request
      requests.append(request)
    case .callTool(let request, _), .compare(let request, _): requests.append(request)
    case .speak(let utterance, let sentences):
      check(!sentences.isEmpty, "an utterance has sentences")
      check(utterances.last.map { $0.number < utterance.number } ?? true, "utterances are numbered upwards")
      utterances.append(utterance)
    case .speakPart(let utterance, _, _):
      check(utterances.last.map { $0.number <= utterance.number } ?? true, "utterances are numbered upwards")
      if utterances.last != utterance { utterances.append(utterance) }
    case .askModel(let request, _):
      check(question == nil && early == nil, "one generation at a time")
      question = request
      requests.append(request)
    case .askModelEarly(let request, _):
      check(question == nil && early == nil, "one generation at a time")
      check(call.phase == .hearing, "an answer is begun early while the turn is open")
      earlyAnswers += 1
      check(earlyAnswers <= limits.earlyAnswersMax, "so many answers are begun early in a turn")
      (question, early, earlyBegun) = (request, request, earlyBegun + 1)
      requests.append(request)
    case .pausePlayout(let utterance):
      check(pausedAt == nil && call.phase.isSpeaking(utterance), "what is played is paused, once")
      (pausedAt, pauses) = (now, pauses + 1)
    case .resumePlayout(let utterance):
      check(pausedAt != nil && call.phase.isSpeaking(utterance), "what is paused goes on")
      (pausedAt, takenBack) = (nil, takenBack + 1)
    case .report(.clear), .report(.speechStarted):
      check(pausedAt == nil, "while the agent pauses the client is told of no interruption")
    case .report(.agentFinished): pausedAt = nil
    case .stopPlayout(let utterance):
      pausedAt = nil
      call.handle(.playoutStopped(utterance, played: .milliseconds(300)), at: now, into: &actions)
    case .end: hasEnded = true
    case .hurry(let request):
      check(requests.contains(request), "only what was asked for is hurried")
      if request == early { (early, earlyUsed) = (nil, earlyUsed + 1) }
    case .cancel(let request):
      if request == judging { judging = nil }
      if request == question { question = nil }
      if request == early { early = nil }
    case .report: break
    }
  }

  /// Whether somebody else learns of what the agent makes of the caller's words.
  private func speaksOrActs(_ action: CallAction) -> Bool {
    switch action {
    case .speak, .speakPart, .callTool, .compare, .report(.stateEntered), .report(.toolUsed), .report(.toolsWanted),
      .report(.agentStarted), .report(.agentContinued):
      true
    default: false
    }
  }

  private mutating func check(_ holds: Bool, _ rule: String) {
    if !holds { faults.append(rule) }
  }

  private mutating func randomEvent() -> CallEvent {
    let request = requests.randomElement(using: &random) ?? RequestID(99)
    let newest = requests.last ?? RequestID(99)
    // Where pauses are judged, the words are asked for just before that.
    let recent = limits.endOfTurn == .silence ? newest : requests.suffix(2).randomElement(using: &random) ?? newest
    let utterance = utterances.last ?? UtteranceID(99)
    // Recognitions are few and short: of 3,000 calls 3 had a key during one. A quarter of the events in one is therefore a key or
    // speech, after which each drawn step is taken by 5 calls at least. Only how often an event comes differs: nothing is checked less.
    if case .recognizing = call.phase, Int.random(in: 0..<4, using: &random) == 0 {
      return Bool.random(using: &random)
        ? randomKey() : randomWindow(900)
    }
    if case .comparing(let asked, _) = call.phase, Int.random(in: 0..<4, using: &random) == 0 {
      return Bool.random(using: &random)
        ? .compared(asked, [Similarity(thousandths: 800)]) : .comparisonFailed(asked, .timedOut(limit: .seconds(1)))
    }
    if let question, Int.random(in: 0..<4, using: &random) == 0 { return randomNews(of: question) }
    if let judging, Int.random(in: 0..<3, using: &random) == 0 {
      return Int.random(in: 0..<6, using: &random) == 0
        ? .turnJudgementFailed(judging, .unsupported("chance"))
        : .turnJudged(judging, TurnCompleteness(thousandths: Int.random(in: 0...1000, using: &random)))
    }
    // Five windows of speech in a row are rare, and so are answers in the pause that they make.
    if pausesForWords, case .speaking = call.phase, Int.random(in: 0..<4, using: &random) > 0 {
      guard pausedAt != nil, Bool.random(using: &random) else {
        return randomWindow(Int.random(in: 0..<16, using: &random) > 0 ? 900 : 0)
      }
      return .transcribed(newest, ["What about Monday?", "Uh-huh.", ""].randomElement(using: &random) ?? "")
    }
    // Without this no pause had its words before the turn was over.
    if case .hearing = call.phase, Int.random(in: 0..<3, using: &random) > 0 {
      return Bool.random(using: &random)
        ? .transcribed(recent, limits.endOfTurn == .silence ? "yes please" : randomWords())
        : randomWindow(0)
    }
    switch Int.random(in: 0..<40, using: &random) {
    case 0..<14:
      return randomWindow(Bool.random(using: &random) ? 900 : 20)
    case 14..<18: return .transcribed(newest, ["yes please", "", "   ", "no"].randomElement(using: &random) ?? "")
    case 18: return .transcribed(request, "late answer")
    case 19: return .recognitionFailed(request, .timedOut(limit: .seconds(1)))
    case 20..<23: return .sentenceReady(utterance, sentence: Int.random(in: 0...2, using: &random), .milliseconds(700))
    case 23..<26: return .playoutStarted(utterance)
    case 26..<29: return .playoutFinished(utterance)
    case 29: return .synthesisFailed(utterance, .library(function: "speak", code: -1))
    case 30, 31: return .toolAnswered(newest, .answered(status: 200, values: [:]))
    case 32: return .toolAnswered(request, .timedOut)
    case 33, 34: return randomKey()
    case 35: return .typed("typed words")
    case 36: return .playoutStopped(utterance, played: .seconds(1))
    case 37: return .began
    default: return rareEvent()
    }
  }

  /// - Parameter probability: of speech, in thousandths, by the caller or by people behind.
  private mutating func randomWindow(_ probability: Int) -> CallEvent {
    let meanSquare = hasLevels ? [0, 1 << 12, 1 << 18, 1 << 24, 1 << 30].randomElement(using: &levels) : nil
    return .speechWindow(
      SpeechProbability(thousandths: probability), until: now, loudUntil: now, meanSquare: meanSquare)
  }

  private mutating func randomWords() -> String {
    ["I would like that one.", "I would like the", "Yes."].randomElement(using: &random) ?? ""
  }

  private mutating func randomNews(of question: RequestID) -> CallEvent {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: .modelFinished(question)
    case 1: .modelFailed(question, ModelFault(.stalled, "chance"))
    case 2:
      .modelDelta(question, .toolCall(ModelToolCallPiece(index: Int.random(in: 0...2, using: &random), arguments: "{")))
    case 3: .modelDelta(RequestID(question.number + 1), .text("Not yours. "))
    default:
      .modelDelta(question, .text(["One two. ", "Three", " four", "{", ". "].randomElement(using: &random) ?? ""))
    }
  }

  private mutating func randomKey() -> CallEvent {
    .keyPressed("0123456789*#".randomElement(using: &random).flatMap(Key.init) ?? .terminator)
  }

  private mutating func randomCommand() -> TurnCommand {
    var settings = TurnSettings()
    settings.detectsTurns = Bool.random(using: &random)
    settings.repliesByItself = Bool.random(using: &random)
    settings.speechInterrupts = Bool.random(using: &random)
    settings.endOfTurnSilence = Bool.random(using: &random) ? .milliseconds(300) : nil
    let commands: [TurnCommand] = [
      .configure(settings), .commit, .discardInput, .reply, .cancelReply, .instruct(.message(.user("chance"))),
    ]
    return commands.randomElement(using: &random) ?? .reply
  }

  private mutating func rareEvent() -> CallEvent {
    if commands, Int.random(in: 0..<3, using: &random) == 0 { return .commanded(randomCommand()) }
    return switch Int.random(in: 0..<60, using: &random) {
    case 0: .hungUp
    case 1: .vanished
    case 2: .protocolBroken
    case 3: .serverStopping
    case 4: .beepHeard
    default: .tick
    }
  }
}

extension CallPhase {
  fileprivate func isSpeaking(_ utterance: UtteranceID) -> Bool {
    if case .speaking(utterance, _) = self { true } else { false }
  }
}

extension CallEvent {
  /// Whether the call looks at the time with it.
  fileprivate var isPassingTime: Bool {
    switch self {
    case .tick, .speechWindow: true
    default: false
    }
  }

  /// Whether it may end a turn by its meaning.
  fileprivate var isJudgement: Bool {
    switch self {
    case .turnJudged, .transcribed: true
    default: false
    }
  }
}
