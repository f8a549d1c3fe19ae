package import CallCore
import Formats
package import Simulation
import Wires

extension TestRun {
  /// Enters what came of the call.
  ///
  /// - Parameters:
  ///   - startedAt: microseconds since 1970 UTC, on which the call's own clock is laid.
  ///   - transcriptEntriesMax: further lines are counted, not kept.
  package mutating func finish(with result: CaseResult, startedAt: Int64, transcriptEntriesMax: Int) {
    status = result.hasCall ? .completed : .failed
    evaluation = RunEvaluation(result)
    turnsDone = result.metrics.turnsReached
    // A caller with a goal wrote its turns itself.
    turnsAll = result.testCase.turns.count
    let lines = Self.lines(of: result, startedAt: startedAt)
    transcript = Array(lines.prefix(transcriptEntriesMax))
    transcriptDropped = lines.count - transcript.count
  }

  /// What the caller said as it was spoken, and what was heard of the agent, in order of time.
  private static func lines(of result: CaseResult, startedAt: Int64) -> [TestRunUtterance] {
    let begun = result.turns.compactMap { turn in turn.began.map { (number: turn.number, at: $0) } }
    var lines = zip(result.testCase.turns, result.turns).compactMap { written, turn in
      turn.began.map { began in
        TestRunUtterance(
          speaker: .user, text: turn.actualInput(of: written), step: turn.number,
          atUnixMicroseconds: startedAt + began.microseconds)
      }
    }
    for (text, at) in agentLines(of: result.evidence) where !text.isEmpty {
      let step = begun.last { $0.at <= at }?.number ?? 0
      lines.append(
        TestRunUtterance(speaker: .agent, text: text, step: step, atUnixMicroseconds: startedAt + at.microseconds))
    }
    return lines.enumerated().sorted {
      ($0.element.atUnixMicroseconds, $0.offset) < ($1.element.atUnixMicroseconds, $1.offset)
    }.map(\.element)
  }
}

extension TestRun {
  /// From the agent's own record, or as they were heard where the agent is somebody else's.
  private static func agentLines(of evidence: CallEvidence) -> [(text: String, at: Timestamp)] {
    if let record = evidence.record {
      return record.transcript.filter { $0.role == .agent }.map { ($0.playedText, $0.at) }
    }
    guard evidence.isByEar else { return [] }
    return evidence.notices.compactMap { notice in
      guard case .transcript(let heard) = notice.message, heard.role == .agent, heard.isFinal else { return nil }
      return (heard.text, heard.at)
    }
  }
}

extension CaseResult {
  /// Whether there was a call at all.
  fileprivate var hasCall: Bool {
    switch evidence.failure {
    case .unreachable, .refused, .callerEngine, .notRecorded, .modelNotAsked, .setAside: false
    case .brokenOff, .rubbish, .hung, .tooLong, nil: true
    }
  }
}

extension TurnResult {
  /// What was audible of the caller, or a remark in parentheses; empty when the call did not come to it.
  func actualInput(of written: TestTurn) -> String {
    guard isReached else { return "" }
    return spoken.isEmpty ? written.action.userInput : spoken
  }
}

extension RunEvaluation {
  /// What the predecessor's clients read of a result.
  ///
  /// - Parameter result: of one case. An invalid one counts as not passed; its failures say that it is invalid.
  package init(_ result: CaseResult) {
    let steps = zip(result.testCase.turns, result.turns).map { RunStep($0, $1) }
    let findings = Self.findings(of: result)
    self.init(
      isPassed: result.verdict == .passed, summary: Self.summary(of: result, steps),
      failures: findings.map(\.sentence), steps: steps,
      deviates: result.allChecks.contains { $0.kind == .stimulus && $0.verdict == .invalid })
    self.findings = findings
    judgements = result.judged.map(RunJudgement.init)
    similarities = result.allChecks.compactMap(RunSimilarity.init)
  }

  /// Such as `not assessed; latency p50 540 ms, 2 of 3 turns passed`.
  private static func summary(of result: CaseResult, _ steps: [RunStep]) -> String {
    var parts: [String] = []
    if let failure = result.evidence.failure { parts.append(failure.description) }
    let latencies = result.metrics.latencies.sorted()
    // Nearest rank: a latency that was measured, never one between two.
    if !latencies.isEmpty { parts.append("latency p50 \(latencies[(latencies.count + 1) / 2 - 1].milliseconds) ms") }
    parts.append("\(steps.count { $0.isPassed }) of \(steps.count) turns passed")
    if result.verdict == .invalid { parts.append("the run is invalid: it says nothing about the agent") }
    if let kind = result.testCase.mustFail {
      let outcome = result.verdict == .passed ? "and did" : "and did not"
      parts.append("the agent has to fail by \(kind.rawValue), \(outcome)")
    }
    return "not assessed; " + parts.joined(separator: ", ")
  }

  /// The reasons of the verdict. A case that passed because its agent failed as it had to has none; what failed is then listed, that kind
  /// first.
  private static func findings(of result: CaseResult) -> [RunFinding] {
    guard result.reasons.isEmpty else { return result.reasons.map(RunFinding.init) }
    let found = result.allChecks.filter { $0.verdict != .passed }
    let wanted = found.filter { $0.kind == result.testCase.mustFail }
    return (wanted + found.filter { $0.kind != result.testCase.mustFail }).map(RunFinding.init)
  }
}

extension RunStep {
  init(_ written: TestTurn, _ turn: TurnResult) {
    self.init(
      number: written.number, expectedInput: written.action.userInput, keywords: written.keywords,
      isExact: written.requiresExactMatch)
    actualInput = turn.actualInput(of: written)
    reply = turn.reply
    isReached = turn.isReached
    let faults = turn.checks.filter { $0.verdict != .passed }
    isPassed = turn.isReached && faults.isEmpty
    if !turn.isReached { details = "the call did not come to it" }
    findings = faults.map(RunFinding.init)
    if !findings.isEmpty {
      details = findings.map(\.sentence).joined(separator: "; ")
    } else if turn.isReached {
      var kinds: [String] = []
      for check in turn.checks where !kinds.contains(check.kind.rawValue) { kinds.append(check.kind.rawValue) }
      details = kinds.isEmpty ? "nothing was to be checked" : "passed: \(kinds.joined(separator: ", "))"
    }
  }
}

extension RunFinding {
  /// - Parameter check: one that did not pass.
  fileprivate init(_ check: CheckResult) {
    self.init(
      turn: check.turn, kind: check.kind.rawValue, text: "expected \(check.expected), got \(check.actual)",
      isInvalid: check.verdict == .invalid)
  }
}

extension RunJudgement {
  fileprivate init(_ criterion: JudgedCriterion) {
    self.init(
      statement: criterion.text, isAbsent: criterion.isAbsent, outcome: criterion.outcome.rawValue,
      reason: criterion.reason, votes: criterion.votes.map(RunVote.init))
  }
}

extension RunVote {
  fileprivate init(_ vote: JudgedCriterion.Vote) {
    self.init(
      answer: vote.answer?.rawValue, quote: vote.quote, why: vote.why, fault: vote.fault,
      atMilliseconds: vote.at?.milliseconds, model: vote.model)
  }
}

extension RunSimilarity {
  /// - Returns: `nil` for another kind of check.
  fileprivate init?(_ check: CheckResult) {
    guard check.kind == .similarInMeaning else { return nil }
    self.init(
      turn: check.turn, expected: check.expected, found: check.actual, thousandths: check.similarity?.thousandths,
      isPassed: check.verdict == .passed)
  }
}
