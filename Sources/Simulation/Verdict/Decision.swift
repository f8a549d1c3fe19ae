import CallCore

/// What the checks of a case come to, and why.
struct Decision {
  private(set) var verdict: Verdict
  /// The first reason first; empty when the case passed.
  private(set) var reasons: [CheckResult]

  /// A stimulus that is missing may explain every failure from there on, so the case is then invalid; what failed in an earlier turn failed
  /// all the same.
  init(testCase: TestCase, checks: [CheckResult]) {
    let failed = checks.filter { $0.verdict == .failed }
    let invalid = checks.filter { $0.verdict == .invalid }
    let firstInvalid = invalid.map { $0.turn ?? 0 }.min()
    if let firstInvalid, !failed.contains(where: { ($0.turn ?? .max) < firstInvalid }) {
      verdict = .invalid
      reasons = Self.sorted(invalid) + Self.sorted(failed)
      return
    }
    verdict = failed.isEmpty ? .passed : .failed
    reasons = failed.isEmpty ? [] : Self.sorted(failed) + Self.sorted(invalid)
    if let kind = testCase.mustFail { turnAround(kind) }
  }

  /// A case that must fail passes when the first thing that failed is of that kind.
  private mutating func turnAround(_ kind: CheckKind) {
    if verdict == .failed, reasons.first?.kind == kind {
      verdict = .passed
      reasons = []
      return
    }
    let first = reasons.first.map { "it failed by \($0.kind.rawValue) first: \($0.expected)" } ?? "it passed"
    let reason = CheckResult(
      kind, turn: nil, verdict: .failed, expected: "the case fails by \(kind.rawValue)", actual: first)
    verdict = .failed
    reasons.insert(reason, at: 0)
  }

  /// By turn, those of the call last; within a turn, what explains the others first.
  private static func sorted(_ checks: [CheckResult]) -> [CheckResult] {
    checks.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.turn ?? .max, rank(a.kind), left.offset) < (b.turn ?? .max, rank(b.kind), right.offset)
    }.map(\.element)
  }

  /// An agent that talked at the wrong time, or not at all, is why its words, states and times are wrong.
  private static func rank(_ kind: CheckKind) -> Int {
    switch kind {
    case .stimulus: 0
    case .line: 1
    case .interruption: 2
    case .yield: 3
    case .selectivity: 4
    case .reply: 5
    case .understood: 6
    case .echo: 7
    case .ownWords: 8
    case .coverage: 10
    default: 9
    }
  }
}
