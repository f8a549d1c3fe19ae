import CallCore
import JSON
import Wires

/// What happened in a turn, for what was expected of it.
struct TurnFacts {
  let call: CallReading
  let act: ActReading
  let result: TurnResult
  let reply: ReplyWords

  func checks() -> [CheckResult] {
    guard !act.turn.expectations.isEmpty else { return [] }
    var facts = ExpectationCheck.Facts(turn: result.number, reply: reply)
    facts.states = states()
    facts.slots = slots()
    facts.latencies = result.latency.map { [$0] } ?? []
    facts.yields = result.yield.map { [$0] } ?? []
    facts.wordErrors = result.wordErrors
    facts.understood = result.understood
    facts.at = result.replyAt ?? result.ended
    let check = ExpectationCheck(facts: facts)
    return act.turn.expectations.filter(call.evidence.canObserve).map(check.result)
  }

  /// Those that were entered before the caller's next turn, or else the one that the flow stayed in.
  private func states() -> [String] {
    var entered: [String] = []
    for notice in call.evidence.notices where notice.at >= act.start && notice.at < act.until {
      if case .state(let name, _, _) = notice.message { entered.append(name) }
    }
    return entered.isEmpty && !result.state.isEmpty ? [result.state] : entered
  }

  /// By the record's timeline, as they were when the caller's next turn began.
  private func slots() -> [String: String]? {
    guard let record = call.evidence.record else { return nil }
    if act.isLast { return record.slots }
    var slots: [String: String] = [:]
    for entry in record.timeline where entry.kind == .slotFilled && entry.at < act.until {
      let parts = entry.detail.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { slots[String(parts[0])] = String(parts[1]) }
    }
    return slots
  }
}

/// What happened in the whole call, for what was expected of it.
struct CallFacts {
  let call: CallReading
  let turns: [TurnResult]
  let metrics: CallMetrics

  func checks() -> [CheckResult] {
    guard !call.testCase.expectations.isEmpty else { return [] }
    let record = call.evidence.record
    var facts = ExpectationCheck.Facts(
      reply: ReplyWords(call.utterances.map(\.playedText).joined(separator: " ")))
    facts.states = states()
    facts.slots = record?.slots
    facts.outcome = record?.outcome
    facts.reason = call.reason
    facts.latencies = metrics.latencies
    facts.yields = metrics.yields
    facts.wordErrors = metrics.wordErrors
    facts.duration = metrics.duration
    facts.talkOver = metrics.talkOver
    let check = ExpectationCheck(facts: facts)
    return call.testCase.expectations.filter(call.evidence.canObserve).map(check.result)
  }

  private func states() -> [String] {
    var states: [String] = []
    for notice in call.evidence.notices {
      if case .state(let name, _, _) = notice.message { states.append(name) }
    }
    let last = call.evidence.record?.finalState ?? ""
    return states.isEmpty && !last.isEmpty ? [last] : states
  }
}
