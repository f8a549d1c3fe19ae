public import CallCore

/// Draws the verdict of a call from its evidence: what happened in each turn, its figures, every check, and what they come to. The same
/// evidence gives the same result; `Sources/Documentation.docc/Simulate.md` says how everything is measured.
public struct Judge: Sendable {
  /// A judge has no opinions to set.
  public init() {}

  /// - Parameters:
  ///   - testCase: what was to be done and is expected.
  ///   - attempt: which of the repeats, from 1; passed on.
  ///   - seed: passed on.
  ///   - evidence: of the whole call, its spans in order of time.
  ///   - replay: the command that repeats it; passed on.
  public func result(
    of testCase: TestCase, attempt: Int, seed: UInt64, evidence: CallEvidence, replay: String
  ) -> CaseResult {
    let call = CallReading(evidence, of: testCase)
    var turns = TurnAccount(call: call).results()
    let meter = CallMeter(call: call)
    var metrics = meter.metrics(turns: turns)
    var checks = CallChecks(call: call, metrics: metrics).checks()
    if call.isHeld {
      checkTurns(&turns, of: call, meter: meter)
      metrics.missedTurns = turns.count { turn in turn.checks.contains { $0.kind == .reply && $0.verdict == .failed } }
      let facts = CallFacts(call: call, turns: turns, metrics: metrics)
      checks = WorldChecks(call: call, metrics: metrics).checks() + checks + facts.checks()
    }
    let decision = Decision(testCase: testCase, checks: turns.flatMap(\.checks) + checks)
    return CaseResult(
      testCase: testCase, attempt: attempt, seed: seed, mode: evidence.mode, verdict: decision.verdict,
      reasons: decision.reasons, turns: turns, checks: checks, metrics: metrics, evidence: evidence, replay: replay)
  }

  private func checkTurns(_ turns: inout [TurnResult], of call: CallReading, meter: CallMeter) {
    let stimuli = StimulusChecks(call: call)
    let standing = StandingChecks(call: call, meter: meter)
    for index in turns.indices {
      guard let act = call.act(turns[index].number) else {
        if index == 0, let opening = missedOpening(of: call) { turns[index].checks = [opening] }
        continue
      }
      let reply = ReplyWords(turns[index].reply)
      let facts = TurnFacts(call: call, act: act, result: turns[index], reply: reply)
      turns[index].checks =
        stimuli.checks(of: act) + standing.checks(of: act, result: turns[index], reply: reply) + facts.checks()
    }
  }

  /// An agent that never says a word misses the first turn, too: the caller waits for it in vain.
  private func missedOpening(of call: CallReading) -> CheckResult? {
    guard call.utterances.isEmpty, call.evidence.failure == nil, !call.hasTrouble else { return nil }
    return CheckResult(
      .reply, turn: 1, verdict: .failed, expected: "the agent opens the call", actual: "it said nothing", at: call.end)
  }
}
