import CallCore
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

  /// The act of the turn with this number.
  func act(_ number: Int) -> ActReading? { acts.first { $0.act.turn == number } }

  /// End of the call.
  var end: Timestamp { .zero + evidence.duration }

  private static func lastReason(in evidence: CallEvidence) -> CloseReason? {
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
      if act.turn.deed.takesTheFloor, utterance.ended <= act.end { continue }
      act.replies.append(utterance)
      if act.answer == nil, isAnswer(utterance, to: act, turnBefore: turnBefore) { act.answer = utterance }
    }
  }

  /// An agent that did not hear the caller may still speak, when it loses patience or has more to say. It shows by neither a new turn
  /// in its count nor a word of having heard something.
  private func isAnswer(_ utterance: AgentUtterance, to act: ActReading, turnBefore: TurnID) -> Bool {
    if act.turn.deed == .staySilent || utterance.turn > turnBefore { return true }
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
