import CallCore
import Testing
import TestSupport

/// Whatever a caller does, a call with early answers goes the way that it goes without them.
@Suite("Random callers are told the same with early answers and without")
struct EarlyAnswerRandomTests {
  @Test(
    "100 callers, each reproduced by its seed: questions and sentences in the same order, and the same turns and tools")
  func same() {
    var (begun, used) = (0, 0)
    for seed in UInt64(0)..<100 {
      var (with, without) = (ModelCaller(seed: seed, earlyAnswers: 1), ModelCaller(seed: seed, earlyAnswers: 0))
      with.run(steps: 40)
      without.run(steps: 40)
      #expect(with.confirmed == without.confirmed, "seed \(seed)")
      #expect(with.sentences == without.sentences, "seed \(seed)")
      #expect(with.consequences == without.consequences, "seed \(seed)")
      #expect(with.harness.call.record.transcript == without.harness.call.record.transcript, "seed \(seed)")
      #expect(with.harness.call.record.toolCalls == without.harness.call.record.toolCalls, "seed \(seed)")
      #expect(with.harness.call.record.slots == without.harness.call.record.slots, "seed \(seed)")
      begun += with.begun
      used += with.used
      #expect(without.begun == 0)
    }
    #expect(used > 30 && begun - used > 30, "\(begun) answers were begun early, and \(used) of them used")
  }
}

/// A caller who does things at random with a model that answers each question at once, and the same question always the same.
private struct ModelCaller {
  var harness: CallHarness
  private var random: SeededGenerator
  private var answered = 0
  private var toolsAnswered = 0

  init(seed: UInt64, earlyAnswers: Int) {
    var limits = TurnLimits()
    limits.earlyAnswersMax = earlyAnswers
    harness = ModelFlow.harness(
      ModelFlow.states(turnsMax: 100, intents: [intent("person", "operator", go: "person")]), limits: limits)
    random = SeededGenerator(seed: seed)
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps where !harness.call.isOver { step() }
    for _ in 0..<200 where !harness.call.isOver { pass(.milliseconds(32), 10) }
    harness.send(.hungUp)
  }

  private mutating func step() {
    harness.words = ["I would like", "tomorrow", "four five six seven", "yes", " ", "operator"].randomElement(
      using: &random)
    switch Int.random(in: 0..<24, using: &random) {
    case 0: harness.send(.typed("typed words"))
    case 1: harness.send(.keyPressed(.terminator))
    case 2: harness.send(.commanded(.cancelReply))
    case 3..<12: pass(.milliseconds(Int.random(in: 100...800, using: &random)), 950)
    case 12..<18: pass(.milliseconds(Int.random(in: 100...480, using: &random)), 10)
    default: pass(.milliseconds(Int.random(in: 500...3000, using: &random)), 10)
    }
    answer()
  }

  private mutating func pass(_ length: CallDuration, _ probability: Int) {
    let end = harness.now + length
    while harness.now < end {
      harness.hear(probability, for: .milliseconds(32))
      answer()
    }
  }

  /// Answers whatever is asked, until nothing is.
  private mutating func answer() {
    while true {
      if answered < harness.questions.count {
        answered += 1
        answerModel(harness.questions[answered - 1].1)
      } else if toolsAnswered < harness.requests.count {
        toolsAnswered += 1
        let request = harness.requests[toolsAnswered - 1].0
        harness.send(.toolAnswered(request, .answered(status: 200, values: ["free": "ten"])))
      } else {
        return
      }
    }
  }

  private mutating func answerModel(_ question: ModelRequest) {
    let request = harness.questions[answered - 1].request
    // The same in every process, unlike a hash.
    let kind = question.messages.map { "\($0)".unicodeScalars.reduce(7) { ($0 &* 31 &+ Int($1.value)) & 0xFFFF } }
    switch kind.reduce(0, +) % 9 {
    case 0: harness.send(.modelFailed(request, ModelFault(.stalled, "chance")))
    case 1:
      harness.send(.modelDelta(request, .text("Let me see. Well")))
      harness.send(.modelFailed(request, ModelFault(.stalled, "chance")))
    case 2: harness.modelEnds(calling: [("find-times", #"{"wanted": "2026-03-03"}"#)])
    case 3:
      harness.model("I note that. ")
      harness.modelEnds(calling: [("save", #"{"day": "2026-03-03", "code": "4567"}"#)])
    case 4: harness.modelEnds()
    default:
      harness.model("We are open", " today. And tomorrow. Until ten.")
      harness.modelEnds()
    }
  }

  // MARK: - What is compared

  var begun: Int { harness.count { if case .askModelEarly = $0 { true } else { false } } }
  var used: Int { early.count - thrownAway.count }

  private var early: [RequestID] {
    harness.actions.compactMap { if case .askModelEarly(let request, _) = $0 { request } else { nil } }
  }

  /// Early answers that never became a turn's.
  private var thrownAway: Set<RequestID> {
    Set(early.filter { !harness.actions.contains(.hurry($0)) })
  }

  /// What the model was asked in earnest.
  var confirmed: [ModelRequest] {
    let thrownAway = thrownAway
    return harness.questions.filter { !thrownAway.contains($0.request) }.map(\.1)
  }

  /// The sentences that are said, with their utterances: more of them may come at once where an answer is there already.
  var sentences: [String] {
    harness.actions.flatMap { action -> [String] in
      switch action {
      case .speak(let utterance, let sentences), .speakPart(let utterance, let sentences, _):
        sentences.map { "\(utterance.number): \($0)" }
      default: []
      }
    }
  }

  /// All else that somebody sees or does, without the numbers of requests; what follows at one instant may come in another order.
  var consequences: [String] {
    let all: [String] = harness.actions.compactMap { action in
      switch action {
      case .askModel, .askModelEarly, .cancel, .hurry, .transcribe, .judgeTurn, .speak, .speakPart: nil
      // They tell what was there by then; and a dictionary has no order, which the record's tools are compared without.
      case .report(.agentStarted), .report(.agentContinued), .report(.toolUsed): nil
      case .callTool(_, let tool): "\(tool)"
      case .compare(_, let question): "\(question)"
      case .openTurn, .closeTurn, .stopPlayout, .pausePlayout, .resumePlayout, .report, .end: "\(action)"
      }
    }
    return all.sorted()
  }
}
