public import CallCore

/// The agent that virtual and text calls are placed to: our own flows, one of which is made bad where a case asks for it.
public struct BuiltInAgent: Sendable {
  /// The flows by name.
  public let flows: FlowLibrary
  /// The voice of flows that name none.
  public var defaultVoice: Voice.ID
  /// The day that flows take for today, as `YYYY-MM-DD`.
  public var today: String
  /// Found once: to find them takes longer than a call without sound.
  private let preparedSentences: Set<String>

  /// The day that simulated calls take for today unless told otherwise: a Monday, so that cases can name days.
  public static let usualToday = "2026-03-02"

  /// See the properties.
  public init(flows: FlowLibrary, defaultVoice: Voice.ID = "heart", today: String = usualToday) {
    self.flows = flows
    self.defaultVoice = defaultVoice
    self.today = today
    preparedSentences = Set(flows.flows.flatMap(\.fixedSentences))
  }

  /// What one call to it is set up with.
  struct Line: Sendable {
    var flow: any AgentFlow
    var flowName: String
    var voice: Voice.ID
    var limits: TurnLimits
    /// Sentences that are made before the first call.
    var preparedSentences: Set<String>
    var isDeaf: Bool
  }

  /// - Throws: `.refused` when there is no such flow.
  func line(for plan: CallerPlan) throws(CallFailure) -> Line {
    let agent = plan.testCase.agent
    guard let flow = flows[agent.flow] else {
      let known = flows.names.joined(separator: ", ")
      throw .refused(code: "out-of-range", message: "there is no flow \(agent.flow); there are \(known)")
    }
    let machine = FlowMachine(flow: flow, library: flows, seed: plan.seed, variables: ["today": today])
    var limits = TurnLimits()
    if let silence = flow.endOfTurnSilence { limits.endOfTurnSilence = silence }
    if agent.fault == .interrupting {
      limits.endOfTurnSilence = FaultyFlow.hastySilence
      limits.speculationSilence = FaultyFlow.hastySilence
    }
    var good: any AgentFlow = machine
    if let fault = agent.fault { good = FaultyFlow(machine, fault: fault, keywords: plan.testCase.keywordsByTurn) }
    return Line(
      flow: good, flowName: flow.name, voice: agent.voice ?? flow.voice ?? defaultVoice, limits: limits,
      preparedSentences: preparedSentences, isDeaf: agent.fault == .deaf)
  }
}

extension TestCase {
  /// The keywords that each turn which the agent hears of expects, in order.
  var keywordsByTurn: [[String]] {
    turns.compactMap { turn in
      switch turn.deed {
      case .say, .play, .press: break
      case .staySilent, .backchannel, .hangUp: return nil
      }
      return turn.expectations.flatMap { expectation -> [String] in
        guard !expectation.isAbsent, case .keywords(let words) = expectation.check else { return [] }
        return words
      }
    }
  }
}
