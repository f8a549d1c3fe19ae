import CallCore

/// What reports say of callers whose words a language model finds.
extension ReportText {
  /// How far the caller came, and who played it; empty of a caller with a script.
  static func goal(_ result: CaseResult) -> String {
    guard let improvised = result.evidence.improvised else { return "" }
    return improvised.goal.rawValue + (improvised.model.isEmpty ? "" : ", played by \(improvised.model)")
  }

  /// Calls before this one that say nothing about the agent, and why; empty where there are none.
  static func discarded(_ result: CaseResult) -> String {
    guard !result.discarded.isEmpty else { return "" }
    let calls = result.discarded.map { "seed \($0.seed): \($0.misbehavior.kind.rawValue): \($0.misbehavior.detail)" }
    return "\(counted(calls.count, "call")): " + calls.joined(separator: "; ")
  }

  /// What an attempt was given of what varies, such as `voice heart-low, level -6`; empty where nothing does.
  static func varied(_ testCase: TestCase) -> String {
    testCase.varied.map { "\($0.property.rawValue) \($0.label)" }.joined(separator: ", ")
  }

  /// How good the model is that plays the callers; empty where there is nothing to say.
  static func spoiledCalls(of run: RunSummary) -> String {
    guard let calls = run.improvisedCalls, calls.spoiled > 0 else { return "" }
    let share = "the model that plays the callers spoiled \(share(calls.spoiled, of: calls.all, "call"))"
    return run.isUsable
      ? share
      : share
        + ": more than \(SimulationRun.spoiledPercentMax) %, so this run says nothing; take another model or clearer briefs"
  }
}
