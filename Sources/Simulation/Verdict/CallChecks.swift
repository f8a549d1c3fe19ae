import CallCore

/// The checks of the whole call that are made without being written.
struct CallChecks {
  let call: CallReading
  let metrics: CallMetrics

  func checks() -> [CheckResult] {
    [line(), call.isHeld ? coverage() : nil].compactMap(\.self)
  }

  private func line() -> CheckResult? {
    let expected = "the call is held to its end"
    if let failure = call.evidence.failure, !call.isAskedFor(failure) {
      let verdict = failure.isTargets ? Verdict.failed : .invalid
      return CheckResult(
        .line, turn: nil, verdict: verdict, expected: expected, actual: failure.description, at: call.end)
    }
    if let trouble = call.trouble {
      return CheckResult(
        .line, turn: nil, verdict: .failed, expected: expected, actual: trouble.text, at: trouble.at)
    }
    return CheckResult(.line, turn: nil, verdict: .passed, expected: expected, actual: "it was", at: call.end)
  }

  /// A call that was to break cannot be held to reach every turn; and a caller cannot hang up on an agent that hung up before.
  private func coverage() -> CheckResult? {
    if call.brokeAsAsked { return nil }
    let missing = call.testCase.turns.filter { turn in
      let isOverAnyway = turn.deed == .hangUp && call.isOver
      return call.act(turn.number) == nil && !isOverAnyway
    }
    let whole = "\(metrics.turnsWritten) of \(metrics.turnsWritten) turns"
    guard !missing.isEmpty else {
      return CheckResult(.coverage, turn: nil, verdict: .passed, expected: whole, actual: "all were reached")
    }
    let end = call.reason.map { ", and the call ended: \($0.rawValue)" } ?? ""
    return CheckResult(
      .coverage, turn: nil, verdict: .failed, expected: whole,
      actual: "\(metrics.turnsReached) were reached\(end)", at: call.end, line: missing.first?.line ?? 0)
  }
}
