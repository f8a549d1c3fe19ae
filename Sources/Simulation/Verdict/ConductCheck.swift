import CallCore

/// Whether a caller whom a language model plays kept to its brief. Where it did not, the call says nothing about the agent, whatever else
/// was found.
struct ConductCheck {
  let evidence: CallEvidence

  /// One of a caller with a brief, none of one with a script.
  func checks() -> [CheckResult] {
    guard let improvised = evidence.improvised else { return [] }
    let misbehavior = improvised.misbehavior
    return [
      CheckResult(
        .conduct, verdict: misbehavior == nil ? .passed : .invalid, expected: "the caller keeps to its brief",
        actual: misbehavior.map { "\($0.kind.rawValue): \($0.detail)" } ?? "it did")
    ]
  }
}

extension TestCase {
  /// With the turns that its caller found, and with what is expected of a caller with a goal where nothing else is written: that it is
  /// reached.
  func filled(from improvised: ImprovisedCall?) -> TestCase {
    guard let improvised, caller.brief != nil else { return self }
    var filled = self
    filled.turns = improvised.turns
    if !expectations.contains(where: { $0.check.kind == .goal }) {
      filled.expectations.append(Expectation(.goal(.reached)))
    }
    return filled
  }
}
