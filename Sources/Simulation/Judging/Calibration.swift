public import CallCore

/// What a judge made of kept calls of which the answer is known.
public struct CalibrationResult: Sendable, Equatable {
  /// One of them.
  public struct Call: Sendable, Equatable {
    /// What was said, and how it has to be judged.
    public var kept: KeptCall
    /// How it was.
    public var judged: JudgedCriterion

    package init(kept: KeptCall, judged: JudgedCriterion) { (self.kept, self.judged) = (kept, judged) }

    /// Whether it was judged as it has to be, or otherwise; `invalid`: it was not.
    public var verdict: Verdict {
      switch judged.outcome {
      case .yes: kept.isTrue ? .passed : .failed
      case .no: kept.isTrue ? .failed : .passed
      case .unjudged, .notAsked: .invalid
      }
    }
  }

  /// Id of the set.
  public var id: String
  /// Path of its file.
  public var file: String
  /// In the order of the file.
  public var calls: [Call] = []

  package init(id: String, file: String) { (self.id, self.file) = (id, file) }

  /// How many came to `verdict`.
  public func count(_ verdict: Verdict) -> Int { calls.count { $0.verdict == verdict } }

  /// Whether each was judged as it has to be.
  public var isSound: Bool { calls.allSatisfy { $0.verdict == .passed } }

  /// Names of the columns of `rows`.
  public static let head = ["", "call", "must", "judged", "votes", "statement", "why"]

  /// A row for each call, for the terminal.
  public var rows: [(verdict: Verdict, cells: [String])] {
    calls.map { call in
      let judged = call.judged
      let votes = judged.votes.map { $0.counts || $0.fault == nil ? $0.answer?.rawValue ?? "–" : "–" }
      return (
        call.verdict,
        [
          RunTable.mark(call.verdict), call.kept.id, call.kept.isTrue ? "yes" : "no", judged.outcome.rawValue,
          ReportFormat.list(votes), ReportText.line(call.kept.criterion),
          ReportText.line(
            judged.reason.isEmpty ? judged.decidingVote.map { ReportFormat.quoted($0.quote) } ?? "" : judged.reason),
        ]
      )
    }
  }

  /// Such as `9 of 10 calls judged right, 1 misjudged`.
  public var summary: String {
    var parts = ["\(count(.passed)) of \(ReportText.counted(calls.count, "call")) judged right"]
    for (count, name) in [(count(.failed), "misjudged"), (count(.invalid), "unjudged")] where count > 0 {
      parts.append("\(count) \(name)")
    }
    return ReportFormat.list(parts)
  }
}

extension ModelJudge {
  /// Judges every call of a set, one after the other.
  /// - Parameter tell: called with the number of calls that are judged.
  public func calibrate(_ set: CalibrationSet, tell: (Int) -> Void = { _ in }) -> CalibrationResult {
    var result = CalibrationResult(id: set.id, file: set.file)
    for call in set.calls {
      let transcript = JudgedTranscript(call.lines.map { JudgedTranscript.Line($0.role, $0.text) })
      let criterion = JudgedCriterion(call.criterion, line: call.line)
      let judged = judge(criterion, transcript, model.beginCall(of: set.id, seed: 0))
      result.calls.append(CalibrationResult.Call(kept: call, judged: judged))
      tell(result.calls.count)
    }
    return result
  }
}
