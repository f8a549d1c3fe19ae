import CallCore

/// Figures and texts as a report says them.
enum ReportFormat {
  /// `340 ms`, `1.25 s`, `8 s`.
  static func span(_ duration: CallDuration) -> String {
    let milliseconds = duration.milliseconds
    guard abs(milliseconds) >= 1000 else { return "\(milliseconds) ms" }
    let hundredths = (abs(milliseconds) + 5) / 10
    let sign = milliseconds < 0 ? "−" : ""
    let rest = hundredths % 100
    if rest == 0 { return "\(sign)\(hundredths / 100) s" }
    return "\(sign)\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }

  /// Tenths as `12.3`.
  static func tenths(_ value: Int) -> String { "\(value < 0 ? "−" : "")\(abs(value) / 10).\(abs(value) % 10)" }

  /// A text in quotation marks, or `nothing`.
  static func quoted(_ text: String) -> String { text.isEmpty ? "nothing" : "“\(text)”" }

  /// `day, date`.
  static func list(_ texts: [String]) -> String { texts.joined(separator: ", ") }
}
