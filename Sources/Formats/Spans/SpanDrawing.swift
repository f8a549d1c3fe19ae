package import CallCore

/// The spans of a call as text: a line each, with a bar where it lies in the call.
///
/// ```text
/// call                     0.000 s   8.120 s  ████████████████████████████████████████
///   turn 1                 1.200 s   3.400 s       ███████████
///     endpoint             2.100 s     500 ms           ███
/// ```
package enum SpanDrawing {
  /// Columns of the bars.
  package static let barColumns = 60
  /// Most spans that are drawn; the last line says how many more there are.
  package static let spansMax = 2000

  /// The lines, each with a line break.
  package static func text(of call: CallSpans) -> String {
    let depths = depths(of: call.spans)
    let shown = ordered(call.spans).prefix(spansMax)
    let names = shown.map { String(repeating: "  ", count: depths[$0.id] ?? 0) + label(of: $0) }
    let nameColumns = names.map(\.count).max() ?? 0
    let whole = max((call.spans.map(\.end).max() ?? .zero) - .zero, .microseconds(1))
    var lines: [String] = []
    for (span, name) in zip(shown, names) {
      let name = name + String(repeating: " ", count: nameColumns - name.count)
      let mark = span.failure == nil ? " " : "!"
      lines.append(
        "\(name) \(right(seconds(span.start), 10)) \(right(length(span.duration), 10)) \(mark)\(bar(of: span, in: whole))"
      )
    }
    if call.spans.count > shown.count { lines.append("and \(call.spans.count - shown.count) more") }
    return lines.map { line in line.trimmedRight + "\n" }.joined()
  }

  /// Each behind what it is a part of.
  private static func ordered(_ spans: [CallSpan]) -> [CallSpan] {
    let ids = Set(spans.map(\.id))
    let children = Dictionary(grouping: spans) { span in span.parent.flatMap { ids.contains($0) ? $0 : nil } }
    var ordered: [CallSpan] = []
    var open = Array((children[nil] ?? []).reversed())
    while let span = open.popLast() {
      ordered.append(span)
      open += (children[span.id] ?? []).reversed()
    }
    return ordered
  }

  private static func depths(of spans: [CallSpan]) -> [SpanID: Int] {
    var depths: [SpanID: Int] = [:]
    for span in ordered(spans) { depths[span.id] = span.parent.flatMap { depths[$0] }.map { $0 + 1 } ?? 0 }
    return depths
  }

  /// With the number by which people know a turn or an utterance.
  private static func label(of span: CallSpan) -> String {
    let number = span.attributes.first { $0.name == "voiceforge.\(span.name).number" }
    if case .number(let number)? = number?.value { return "\(span.name) \(number)" }
    return span.name
  }

  private static func bar(of span: CallSpan, in whole: CallDuration) -> String {
    func column(_ instant: Timestamp) -> Int {
      let share = Double(max(instant.microseconds, 0)) / Double(whole.microseconds)
      return min(Int(share * Double(barColumns)), barColumns)
    }
    let first = min(column(span.start), barColumns - 1)
    let blanks = String(repeating: " ", count: first)
    if span.duration == .zero { return blanks + "▏" }
    return blanks + String(repeating: "█", count: max(column(span.end) - first, 1))
  }

  private static func seconds(_ instant: Timestamp) -> String {
    let milliseconds = CallDuration.microseconds(instant.microseconds).milliseconds
    return "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst()) s"
  }

  private static func length(_ duration: CallDuration) -> String { "\(duration.milliseconds) ms" }

  private static func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(columns - text.count, 0)) + text
  }
}

extension String {
  fileprivate var trimmedRight: Substring {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return text
  }
}
