import CallCore
import JSON
import Wires

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
    return call.testCase.expectations.map(check.result)
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
