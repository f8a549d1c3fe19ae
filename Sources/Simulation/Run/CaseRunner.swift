package import CallCore
package import CallDriver

/// Has the call of a case held and judges it. One that says nothing because a model played its caller badly is held again, with the next seed.
package struct CaseRunner: Sendable {
  /// How often a call is held again whose caller did not keep to its brief.
  static let repeatsMax = 2

  private let plan: RunPlan
  private let judge: ModelJudge?
  private let meaning: (any MeaningComparer)?

  /// - Parameters:
  ///   - plan: whose case it is.
  ///   - judge: asks a language model about what cases leave to it; `nil`: such cases are invalid unless they fail.
  ///   - meaning: for what is to be similar in meaning.
  package init(plan: RunPlan, judge: ModelJudge?, meaning: (any MeaningComparer)?) {
    (self.plan, self.judge, self.meaning) = (plan, judge, meaning)
  }

  /// - Parameter call: holds the call, blocking until it is over.
  package func result(
    of job: RunPlan.Job, call: (_ testCase: TestCase, _ seed: UInt64) -> CallEvidence
  ) -> CaseResult {
    var discarded: [DiscardedCall] = []
    while true {
      var again = job
      again.seed = job.seed &+ UInt64(discarded.count)
      var result = judged(again, call(again.testCase, again.seed))
      guard let misbehavior = result.evidence.improvised?.misbehavior, discarded.count < Self.repeatsMax,
        // Nobody's agent is called again because our model is down.
        plan.mode != .live || misbehavior.kind != .failedEngine
      else {
        result.discarded = discarded
        return result
      }
      discarded.append(DiscardedCall(seed: again.seed, misbehavior: misbehavior))
    }
  }

  private func judged(_ job: RunPlan.Job, _ evidence: CallEvidence) -> CaseResult {
    var result = Judge(meaning: meaning).result(
      of: job.testCase, attempt: job.attempt, seed: job.seed, evidence: evidence, replay: plan.replay(job))
    if let judge { result = judge.judge(result) }
    if !plan.keepsTracks { result.evidence.tracks = nil }
    return result
  }
}
