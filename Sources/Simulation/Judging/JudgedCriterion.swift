public import CallCore

/// A statement about the agent of one call, and what a language model made of it.
public struct JudgedCriterion: Sendable, Equatable {
  /// What came of it. The raw values stand in reports.
  public enum Outcome: String, Sendable, CaseIterable {
    /// The statement is true of the call.
    case yes
    /// It is not.
    case no
    /// Nothing is known: the model could not tell, gave no answer that counts, or did not agree with itself.
    case unjudged
    /// Nobody was asked.
    case notAsked = "not-asked"
  }

  /// One answer of the model.
  public struct Vote: Sendable, Equatable {
    /// What it says; `nil` when there is no answer that can be read.
    public var answer: JudgeAnswer.Word?
    /// The agent's words on which it says to rest; cut after `JudgeAnswer.textMax` characters.
    public var quote = ""
    /// Its reason, in its own words; cut likewise.
    public var why = ""
    /// Why it does not count; `nil` when it does.
    public var fault: String?
    /// When the line begins in which the quote was found.
    public var at: Timestamp?
    /// Who answered, as the server calls it; empty when nobody did.
    public var model = ""

    package init() {}

    /// Whether it is yes or no, with a quote that is in the transcript.
    public var counts: Bool { fault == nil && (answer == .yes || answer == .no) }
  }

  /// The statement.
  public var text: String
  /// Whether it must *not* be true.
  public var isAbsent: Bool
  /// Line in the case's file; 0 when there is none.
  public var line: Int
  /// What came of it.
  public var outcome = Outcome.notAsked
  /// Why it is unjudged or nobody was asked; empty otherwise.
  public var reason = ""
  /// The answers, in order; three at most.
  public var votes: [Vote] = []

  /// One that nobody was asked about.
  /// - Parameter line: in the case's file.
  public init(_ text: String, isAbsent: Bool = false, line: Int = 0) {
    (self.text, self.isAbsent, self.line) = (text, isAbsent, line)
  }

  /// Whether what the case wants is so; `nil` when it is not known.
  public var isMet: Bool? {
    switch outcome {
    case .yes: !isAbsent
    case .no: isAbsent
    case .unjudged, .notAsked: nil
    }
  }

  /// As it stands when the code checks are made, and before any model is asked.
  func notAsked(_ isPassedByCode: Bool) -> Self {
    var criterion = self
    criterion.reason =
      isPassedByCode
      ? "no language model judges here; run the case with voiceforge simulate --llm live, record or replay"
      : "a check by code did not pass"
    return criterion
  }

  /// The first answer that says what came of it.
  var decidingVote: Vote? { votes.first { $0.counts && $0.answer?.rawValue == outcome.rawValue } }

  /// What the report of the checks says. What is not known makes the case invalid, never failed.
  var check: CheckResult {
    let expected = "\(isAbsent ? "not: " : "")the agent \(text)"
    let verdict: Verdict = isMet.map { $0 ? .passed : .failed } ?? .invalid
    return CheckResult(
      .judged, verdict: verdict, expected: expected, actual: finding, at: decidingVote?.at, line: line)
  }

  /// What came of it, in words, with what was quoted or why nothing is known.
  var finding: String {
    switch outcome {
    case .yes, .no:
      let vote = decidingVote
      let quote = vote.map { ", by \(ReportFormat.quoted($0.quote))" } ?? ""
      let why = vote.map { $0.why.isEmpty ? "" : " (\($0.why))" } ?? ""
      return "\(outcome.rawValue)\(quote)\(why)"
    case .unjudged: return "unjudged: \(reason)"
    case .notAsked: return "not asked: \(reason)"
    }
  }
}

extension TestCase {
  /// What a language model is to be asked about a call.
  public var judgedCriteria: [JudgedCriterion] {
    expectations.compactMap { expectation in
      guard case .judged(let text) = expectation.check else { return nil }
      return JudgedCriterion(text, isAbsent: expectation.isAbsent, line: expectation.line)
    }
  }
}

extension CaseResult {
  /// Whether everything that code can check is so. Only then a model is asked.
  var isPassedByCode: Bool { allChecks.allSatisfy { $0.verdict == .passed || $0.kind == .judged } }

  /// Puts in what was judged, and draws the verdict again.
  mutating func setJudged(_ criteria: [JudgedCriterion]) {
    judged = criteria
    checks.removeAll { $0.kind == .judged }
    // Otherwise the case has its verdict without them.
    if isPassedByCode { checks += criteria.map(\.check) }
    let decision = Decision(testCase: testCase, checks: allChecks)
    (verdict, reasons) = (decision.verdict, decision.reasons)
  }
}
