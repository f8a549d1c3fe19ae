import CallCore
import JSON
import Wires

/// The evidence of a call, sorted by who said what in which turn. Acts and the agent's utterances are matched by where they are
/// audible: a caller's turn may be two of the agent's, or none.
struct CallReading {
  let testCase: TestCase
  let evidence: CallEvidence
  /// Those that were audible.
  let utterances: [AgentUtterance]
  /// Turns that the call came to, in order.
  private(set) var acts: [ActReading] = []
  /// Why the call ended, as far as the agent's side said so.
  let reason: CloseReason?

  init(_ evidence: CallEvidence, of testCase: TestCase) {
    self.testCase = testCase
    self.evidence = evidence
    utterances = AgentUtterance.all(in: evidence)
    reason = evidence.record?.reason ?? Self.lastReason(in: evidence)
    for act in evidence.acts where testCase.turns.indices.contains(act.turn - 1) {
      let reading = ActReading(act, of: testCase.turns[act.turn - 1], speech: evidence.callerSpeech)
      if !acts.isEmpty {
        acts[acts.count - 1].until = reading.start
        acts[acts.count - 1].isLast = false
      }
      acts.append(reading)
    }
    for index in acts.indices { findUtterances(for: &acts[index]) }
  }

  /// The act of the turn with this number; the last one, where the agent asked for it again.
  func act(_ number: Int) -> ActReading? { acts.last { $0.act.turn == number } }

  var end: Timestamp { .zero + evidence.duration }

  static func lastReason(in evidence: CallEvidence) -> CloseReason? {
    for notice in evidence.notices.reversed() {
      if case .ended(let reason, _) = notice.message { return reason }
    }
    return nil
  }

  private func findUtterances(for act: inout ActReading) {
    var turnBefore = TurnID(0)
    for utterance in utterances where utterance.began < act.until {
      if utterance.began < act.start {
        turnBefore = max(turnBefore, utterance.turn)
        if utterance.isGoingOn(at: act.start) { act.interrupted = utterance }
        continue
      }
      if act.turn.action.takesTheFloor, utterance.ended <= act.end { continue }
      act.replies.append(utterance)
      if act.answer == nil, isAnswer(utterance, to: act, turnBefore: turnBefore) { act.answer = utterance }
    }
  }

  /// An agent that did not hear the caller may still speak, when it loses patience or has more to say. It shows by neither a new turn
  /// in its count nor a word of having heard something.
  private func isAnswer(_ utterance: AgentUtterance, to act: ActReading, turnBefore: TurnID) -> Bool {
    // Over a wire of others nobody says that a key was heard.
    let isUntold = evidence.isByEar || (evidence.wire != .voiceforge && act.turn.action.isPress)
    if isUntold { return act.turn.action == .staySilent || !isPromptAgain(utterance, after: act) }
    if act.turn.action == .staySilent || utterance.turn > turnBefore { return true }
    return evidence.notices.contains { notice in
      guard notice.at >= act.start, notice.at <= utterance.began + AgentUtterance.noticeSlack else { return false }
      switch notice.message {
      case .speech(started: true, at: _): return true
      case .transcript(let news): return news.role == .caller
      default: return false
      }
    }
  }
}

/// What became of the line.
extension CallReading {
  /// Whether a call came about that can be judged.
  var isHeld: Bool { evidence.failure?.isTargets ?? true }

  /// Whether the agent's side ended the call as a flow does.
  var isOver: Bool {
    switch reason {
    case .completed, .transferred, .noInput, .noMatch: true
    default: false
    }
  }

  /// Whether the case itself asks for this failure.
  func isAskedFor(_ failure: CallFailure) -> Bool {
    if case .brokenOff = failure { testCase.world.disconnectAfter != nil || breaksByEngine } else { false }
  }

  /// Whether the call ended early because the case asked for it.
  var brokeAsAsked: Bool {
    if let failure = evidence.failure { return isAskedFor(failure) }
    return (testCase.world.disconnectAfter != nil && reason == .callerVanished) || breaksByEngine
  }

  private var breaksByEngine: Bool { !testCase.world.engineTroubles.isEmpty && reason == .engineFailed }

  /// Whether the agent's side failed, asked for or not.
  var hasTrouble: Bool {
    switch reason {
    case .callerVanished, .engineFailed, .timeLimit, .protocolError, .serverShutdown, .refused: true
    case .completed, .callerHungUp, .noInput, .noMatch, .transferred, nil: false
    }
  }

  /// What the agent's side itself said went wrong, unless the case asks for it.
  var trouble: (text: String, at: Timestamp)? {
    if testCase.world.engineTroubles.isEmpty {
      for notice in evidence.notices {
        guard case .error(let code, let message, let isFatal) = notice.message else { continue }
        if isFatal || Self.engineCodes.contains(code) { return ("\(message) (\(code))", notice.at) }
      }
    }
    guard let reason, hasTrouble, !brokeAsAsked else { return nil }
    return ("the agent's side ended the call: \(reason.rawValue)", end)
  }

  /// Of `CallMachine.survive`; other errors that are not fatal are about what the caller sent.
  private static let engineCodes: Set = ["recognition-failed", "synthesis-failed"]
}

extension CallFailure {
  /// Whether the target is to blame for it. Otherwise there was no call at all, or the caller failed.
  var isTargets: Bool {
    switch self {
    case .brokenOff, .rubbish, .hung, .tooLong: true
    case .unreachable, .refused, .callerEngine, .notRecorded, .modelNotAsked, .setAside: false
    }
  }
}
