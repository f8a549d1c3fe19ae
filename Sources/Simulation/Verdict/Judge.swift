public import CallCore
public import CallDriver

/// Draws the verdict of a call from its evidence: what happened in each turn, its figures, every check, and what they come to. The same
/// evidence gives the same result; `Sources/Documentation.docc/Simulate.md` says how everything is measured.
public struct Judge: Sendable {
  private let meaning: (any MeaningComparer)?

  /// - Parameter meaning: for what is to be similar in meaning; without it, such an expectation is neither met nor missed, and fails.
  public init(meaning: (any MeaningComparer)? = nil) { self.meaning = meaning }

  /// - Parameters:
  ///   - testCase: what was to be done and is expected.
  ///   - attempt: which of the repeats, from 1; passed on.
  ///   - seed: passed on.
  ///   - evidence: of the whole call, its spans in order of time.
  ///   - replay: the command that repeats it; passed on.
  public func result(
    of testCase: TestCase, attempt: Int, seed: UInt64, evidence: CallEvidence, replay: String
  ) -> CaseResult {
    let testCase = testCase.filled(from: evidence.improvised)
    let call = CallReading(evidence.compared(by: meaning), of: testCase)
    var turns = TurnAccount(call: call).results()
    let meter = CallMeter(call: call)
    var metrics = meter.metrics(turns: turns)
    var checks = CallChecks(call: call, metrics: metrics).checks()
    if call.isHeld {
      checkTurns(&turns, of: call, meter: meter)
      metrics.missedTurns = turns.count { turn in turn.checks.contains { $0.kind == .reply && $0.verdict == .failed } }
      checks = WorldChecks(call: call, metrics: metrics).checks() + checks
      checks += ExpectationCheck.results(
        of: testCase.expectations.filter { evidence.canObserve($0) && $0.check.kind != .judged },
        .init(of: metrics, in: call))
    }
    checks += ConductCheck(evidence: evidence).checks()
    let decision = Decision(testCase: testCase, checks: turns.flatMap(\.checks) + checks)
    var result = CaseResult(
      testCase: testCase, attempt: attempt, seed: seed, verdict: decision.verdict, reasons: decision.reasons,
      turns: turns, checks: checks, metrics: metrics, evidence: evidence, replay: replay)
    let criteria = testCase.judgedCriteria
    if !criteria.isEmpty { result.setJudged(criteria.map { $0.notAsked(result.isPassedByCode) }) }
    return result
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
      turns[index].checks =
        stimuli.checks(of: act) + standing.checks(of: act, result: turns[index], reply: reply)
        + ExpectationCheck.results(
          of: act.turn.expectations.filter(call.evidence.canObserve), .init(of: act, turns[index], reply, in: call))
    }
  }

  /// An agent that never says a word misses the first turn, too: the caller waits for it in vain.
  private func missedOpening(of call: CallReading) -> CheckResult? {
    guard call.utterances.isEmpty, call.evidence.failure == nil, !call.hasTrouble else { return nil }
    return CheckResult(
      .reply, turn: 1, verdict: .failed, expected: "the agent opens the call", actual: "it said nothing", at: call.end)
  }
}

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
    // What is left unjudged explains nothing else.
    let firstInvalid = invalid.map { $0.kind == .judged ? .max : $0.turn ?? 0 }.min()
    if let firstInvalid, !failed.contains(where: { firstInvalid == .max || ($0.turn ?? .max) < firstInvalid }) {
      verdict = .invalid
      reasons = Self.sorted(invalid) + Self.sorted(failed)
      return
    }
    verdict = failed.isEmpty ? .passed : .failed
    reasons = failed.isEmpty ? [] : Self.sorted(failed) + Self.sorted(invalid)
    if let kind = testCase.mustFail { invertVerdict(kind) }
  }

  /// A case that must fail passes when the first thing that failed is of that kind.
  private mutating func invertVerdict(_ kind: CheckKind) {
    if verdict == .failed, reasons.first?.kind == kind {
      verdict = .passed
      reasons = []
      return
    }
    let first = reasons.first.map { "it failed by \($0.kind.rawValue) first: \($0.expected)" } ?? "it passed"
    let reason = CheckResult(kind, verdict: .failed, expected: "the case fails by \(kind.rawValue)", actual: first)
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
