/// The end of a turn by its meaning: in a pause the turn detector is asked once how complete the turn sounds, beside the recogniser, which is asked
/// for the words anyway.
///
/// Where both find the turn complete it is over at once; where both find it unfinished the caller gets `TurnLimits.unfinishedTurnSilence`; where
/// they differ, or one of them has no answer in time, silence ends the turn as usual. A caller who goes on before the reply is heard takes the
/// turn back as ever (`detectResumedTurn`).
extension CallMachine {
  /// Whether the turn that is open may end by its meaning: a client that set the silence itself has chosen the other rule.
  private var judgesTurns: Bool {
    limits.endsTurnsByMeaning && turns.endOfTurnSilence == nil
      && (listening.endOfTurn ?? limits.endOfTurn) == .meaning
  }

  /// Asks the turn detector, once a pause.
  mutating func askForJudgement(of open: inout OpenTurn, into actions: inout [CallAction]) {
    guard judgesTurns, open.judgement == .none, segmenter.silence >= limits.judgementSilence else { return }
    let request = nextRequest()
    open.judgement = .asked(request)
    actions.append(.judgeTurn(request))
  }

  /// The turn detector's answer, which may come before or after the words.
  mutating func keepJudgement(
    _ request: RequestID, _ completeness: TurnCompleteness, at now: Timestamp, into actions: inout [CallAction]
  ) {
    guard turn?.judgement == .asked(request) else { return }
    turn?.judgement = .answered(soundsComplete: completeness >= limits.completenessMin)
    _ = endTurnByMeaning(at: now, into: &actions)
  }

  /// Without an answer silence ends the turn; another one is not asked for in this pause.
  mutating func forgetJudgement(_ request: RequestID) {
    if turn?.judgement == .asked(request) { turn?.judgement = .failed }
  }

  /// Weighs sound and words of the pause once both are known.
  /// - Returns: whether the turn is over, as both are complete.
  mutating func endTurnByMeaning(at now: Timestamp, into actions: inout [CallAction]) -> Bool {
    guard turns.detectsTurns, judgesTurns, case .answered(let soundsComplete) = turn?.judgement,
      case .answered(let text) = turn?.speculation,
      TurnWords(text).isComplete == soundsComplete
    else { return false }
    guard soundsComplete else {
      turn?.isUnfinished = true
      dropEarlyAnswer(into: &actions)  // it answers half a sentence
      return false
    }
    endTurn(by: .meaning, at: now, into: &actions)
    return true
  }

  /// The caller goes on, or the turn is over.
  func dropJudgement(of open: inout OpenTurn, into actions: inout [CallAction]) {
    if case .asked(let request) = open.judgement { actions.append(.cancel(request)) }
    open.judgement = .none
    open.isUnfinished = false
  }
}

/// What the turn detector says of the present pause.
enum TurnJudgement: Sendable, Equatable {
  case none
  case asked(RequestID)
  case answered(soundsComplete: Bool)
  case failed
}
