public import CallCore
public import CallDriver

/// The agent that virtual and text calls are placed to: our own flows, one of which is made bad where a case asks for it.
public struct BuiltInAgent: Sendable {
  /// The flows by name.
  public let flows: FlowLibrary
  /// The voice of flows that name none.
  public var defaultVoice: Voice.ID
  /// The day that flows take for today, as `YYYY-MM-DD`.
  public var today: String
  /// What speaks in states with a language model; `nil`: nothing, and they fail.
  public var model: (any VirtualModel)?
  /// What understands words by their meaning; `nil`: nothing, and no intent is found by it.
  public var meaning: (any MeaningComparer)?
  /// What ends turns: `.meaning` where flows and their states say nothing, `.silence` whatever they say; `nil`: what they say.
  public var endOfTurn: EndOfTurnRule?
  /// Found once: to find them takes longer than a call without sound.
  private let preparedSentences: Set<SynthesisText>

  /// The day that simulated calls take for today unless told otherwise: a Monday, so that cases can name days.
  public static let usualToday = "2026-03-02"

  /// The time at which simulated calls begin.
  public static let usualNow = "09:00"

  package init(flows: FlowLibrary, defaultVoice: Voice.ID = "heart", today: String = usualToday) {
    self.flows = flows
    self.defaultVoice = defaultVoice
    self.today = today
    preparedSentences = Set(flows.flows.flatMap { $0.fixedSpeech(defaultVoice: defaultVoice) })
  }

  /// What one call to it is set up with.
  struct Line {
    var flow: any AgentFlow
    var flowName: String
    var voice: Voice.ID
    /// What the caller speaks, as a BCP 47 tag.
    var language: String
    var limits: TurnLimits
    /// Sentences that are made before the first call.
    var preparedSentences: Set<SynthesisText>
    /// What is wrong with it.
    var fault: TestAgent.Fault?
    /// Whether it may wait for the beep of an answering machine.
    var hearsBeeps: Bool
    /// What a trace of the call begins with. An agent that is bad on purpose cannot be replayed: traces do not know of its faults.
    var traceHeader: CallTraceHeader
    /// What speaks in states with a language model.
    var model: any VirtualModelCall
    /// What understands words by their meaning.
    var meaning: any MeaningComparer

    /// How alike in meaning the words are to phrases, worked out at once.
    func compare(_ question: MeaningQuestion) -> Result<[Similarity], EngineError> {
      do throws(EngineError) { return .success(try meaning.similarities(question)) } catch { return .failure(error) }
    }
  }

  /// - Throws: `.refused` when there is no such flow.
  func line(for plan: CallerPlan) throws(CallFailure) -> Line {
    let agent = plan.testCase.agent
    guard let flow = flows[agent.flow] else {
      let known = flows.names.joined(separator: ", ")
      throw .refused(code: "out-of-range", message: "there is no flow \(agent.flow); there are \(known)")
    }
    let machine = FlowMachine(
      flow: flow, library: flows, seed: plan.seed, variables: ["today": today, "now": BuiltInAgent.usualNow])
    var limits = TurnLimits()
    limits.endOfTurn = endOfTurn ?? .silence
    limits.endsTurnsByMeaning = endOfTurn != .silence
    if let silence = flow.endOfTurnSilence { limits.endOfTurnSilence = silence }
    if agent.fault == .interrupting {
      limits.endOfTurnSilence = FaultyFlow.hastySilence
      limits.speculationSilence = FaultyFlow.hastySilence
    }
    var good: any AgentFlow = machine
    if let fault = agent.fault {
      good = FaultyFlow(good: machine, fault: fault, keywords: plan.testCase.keywordsByTurn)
    }
    let voice = agent.voice ?? flow.voice ?? defaultVoice
    return Line(
      flow: good, flowName: flow.name, voice: voice, language: flow.language, limits: limits,
      preparedSentences: preparedSentences, fault: agent.fault,
      hearsBeeps: flows.awaitsBeep(from: flow.name),
      traceHeader: CallTraceHeader(
        call: plan.testCase.id, flow: flow.name, flowDigests: flows.digests(from: flow.name), voice: voice,
        limits: limits, seed: plan.seed, today: today, now: BuiltInAgent.usualNow),
      model: model?.beginCall(of: plan.testCase.id, seed: plan.seed) ?? NoVirtualModel(),
      meaning: meaning ?? AbsentMeaning())
  }
}

extension TestCase {
  /// The keywords that each turn which the agent hears of expects, in order.
  var keywordsByTurn: [[String]] {
    turns.compactMap { turn in
      switch turn.action {
      case .say, .play, .press: break
      case .staySilent, .backchannel, .answerAsMachine, .hold, .hangUp: return nil
      }
      return turn.expectations.flatMap { expectation -> [String] in
        guard !expectation.isAbsent, case .keywords(let words) = expectation.check else { return [] }
        return words
      }
    }
  }
}

/// A flow that is bad on purpose, to show which check catches it.
struct FaultyFlow: AgentFlow {
  /// The silence that a hasty agent takes for the end of a turn: shorter than the pauses inside anybody's sentences.
  static let hastySilence = CallDuration.milliseconds(120)
  /// How long an impatient agent waits for the caller.
  static let impatience = CallDuration.seconds(2)

  var good: FlowMachine
  let fault: TestAgent.Fault
  let keywords: [[String]]
  var turn = 0

  var currentState: String { good.currentState }
  var slots: [String: String] { good.slots }

  var modelRequest: ModelRequest? { good.modelRequest }
  var earlyAnswersMax: Int { good.earlyAnswersMax }
  var spokenDateOrder: DateOrder { good.spokenDateOrder }
  var interruptRule: InterruptRule { good.interruptRule }
  func expects(_ words: String) -> Bool { good.expects(words) }
  mutating func advance(to now: Timestamp) { good.advance(to: now) }
  mutating func trimReply(toPlayed played: String, of whole: String) { good.trimReply(toPlayed: played, of: whole) }

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    if let words = ownWords(on: input) {
      outputs.append(.say(words, interruptible: true))
      outputs.append(.listen(ListenOptions()))
      return
    }
    var others: [FlowOutput] = []
    good.handle(input, into: &others)
    for output in others {
      if let bad = worsened(output) { outputs.append(bad) }
    }
  }

  /// What it says instead of asking the flow.
  private mutating func ownWords(on input: FlowInput) -> String? {
    switch (fault, input) {
    case (.echoing, .said(let words)), (.echoing, .pressed(let words)): return words
    case (.parroting, .said), (.parroting, .pressed):
      turn += 1
      let words = turn <= keywords.count ? keywords[turn - 1] : []
      return words.isEmpty ? "Yes." : words.joined(separator: ", ") + "."
    default: return nil
    }
  }

  /// What it makes of the flow's wish; `nil`: nothing.
  private func worsened(_ output: FlowOutput) -> FlowOutput? {
    switch (fault, output) {
    case (.silent, .say), (.silent, .saySSML): return nil
    case (.unyielding, .say(let text, _)): return .say(text, interruptible: false)
    case (.unyielding, .saySSML(let text, _)): return .saySSML(text, interruptible: false)
    case (.impatient, .listen(var listening)):
      listening.noInputAfter = Self.impatience
      return .listen(listening)
    case (.interrupting, .listen(var listening)):
      listening.endOfTurnSilence = nil
      return .listen(listening)
    default: return output
    }
  }
}

/// Hears nothing, whatever is said.
final class DeafDetector: SpeechDetector {
  func probability(of window: UnsafeBufferPointer<Int16>) -> SpeechProbability { .silence }
  func reset() {}
}

/// Hears what a good one hears, as far as it is as loud as a caller at a usual level.
final class HardOfHearingDetector: SpeechDetector {
  /// The softest caller that it hears, in decibels below a usual one: `CallWorld.level`.
  static let levelMin = -9
  /// The same as the mean square of a window.
  private static let powerMin = Int(VoicePower.usual / 8)

  private let good: any SpeechDetector

  init(_ good: any SpeechDetector) { self.good = good }

  func probability(of window: UnsafeBufferPointer<Int16>) throws(EngineError) -> SpeechProbability {
    let probability = try good.probability(of: window)
    return EnergyGate.energy(of: window) < Self.powerMin ? .silence : probability
  }

  func reset() { good.reset() }
}

extension BuiltInAgent.Line {
  /// Of a call with sound.
  func detector(of engines: any SpeechEngines) throws(EngineError) -> any SpeechDetector {
    switch fault {
    case .deaf: DeafDetector()
    case .hardOfHearing: HardOfHearingDetector(try engines.makeDetector())
    default: try engines.makeDetector()
    }
  }

  /// Without sound: whether a caller is heard who is in this world.
  func hearsCaller(in world: CallWorld) -> Bool {
    switch fault {
    case .deaf: false
    case .hardOfHearing: world.level > HardOfHearingDetector.levelMin
    default: true
    }
  }

  /// Without sound: whether people behind the caller are taken for the caller.
  func hearsOthers(in world: CallWorld) -> Bool { fault == .oversensitive && world.noise?.sort == .babble }

  /// Without sound: whether its own voice is taken for the caller.
  func hearsItself(in world: CallWorld) -> Bool { fault == .selfHearing && world.echo != nil }

  /// Of a call with sound.
  func echoCancellers(of engines: any SpeechEngines) -> (any EchoCancellerFactory)? {
    fault == .selfHearing ? nil : engines.echoCancellers
  }
}
