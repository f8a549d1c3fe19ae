import CallCore
import Wires

/// Of calls over somebody else's wire.
extension ReportText {
  /// What was expected and could not be seen; empty when nothing was skipped.
  static func skipped(_ result: CaseResult) -> String {
    result.skippedChecks.map { check in
      let turn = check.turn.map { "turn \($0), " } ?? ""
      return "\(turn)\(check.kind.rawValue): \(check.expected)"
    }.joined(separator: "; ")
  }

  /// What the agent's side did that its wire does not allow; empty when nothing.
  static func conformance(_ result: CaseResult) -> String {
    result.evidence.findings.map { finding in
      "\(finding.code) \(finding.text)" + (finding.offset.map { ", after \($0) bytes" } ?? "")
    }.joined(separator: "; ")
  }

  /// The tools that the agent called; empty when none.
  static func tools(_ result: CaseResult) -> String {
    (result.evidence.calledTools ?? []).map { "\($0.text) at \(moment($0.at))" }.joined(separator: "; ")
  }

  /// All of that, a line each, and that the agent's words are by ear.
  static func notes(of result: CaseResult, named name: String) -> [String] {
    let parts = [
      ("words", result.evidence.isByEar ? "by ear" : ""), ("skipped", skipped(result)),
      ("tools", tools(result)), ("conformance", conformance(result)),
      ("thrown away", discarded(result)),
    ]
    return parts.filter { !$1.isEmpty }.map { line("\(name): \($0): \($1)") }
  }
}
