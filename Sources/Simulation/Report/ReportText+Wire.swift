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

  /// What the provider would have complained about; empty when nothing.
  static func conformance(_ result: CaseResult) -> String {
    result.evidence.findings.map { "\($0.code.rawValue) \($0.text), after \($0.offset) bytes" }.joined(separator: "; ")
  }

  /// All of that, a line each, and that the agent's words are by ear.
  static func notes(of result: CaseResult, named name: String) -> [String] {
    let parts = [
      ("words", result.evidence.isByEar ? "by ear" : ""), ("skipped", skipped(result)),
      ("conformance", conformance(result)),
    ]
    return parts.filter { !$1.isEmpty }.map { line("\(name): \($0): \($1)") }
  }
}
