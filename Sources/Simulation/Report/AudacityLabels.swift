import CallCore

/// What happened in a call as a label track, to be opened beside the call's sound (in Audacity: File, Import, Labels).
public enum AudacityLabels {
  /// One line for each label: start and end in seconds with six decimals, and the label, with tabs between. In the order of time;
  /// a key and a failure are points, whose start is their end.
  public static func text(of result: CaseResult) -> String {
    var labels = spans(result.evidence.callerSpeech, "caller speech")
    labels += spans(result.evidence.agentSpeech, "agent speech")
    for turn in result.turns { labels += Self.labels(of: turn) }
    for key in result.evidence.acts.flatMap(\.keys) { labels.append(Label(key.at, key.at, "key \(key.key.character)")) }
    for reason in result.reasons {
      guard let at = reason.at else { continue }
      labels.append(Label(at, at, "\(reason.verdict.rawValue.uppercased()) \(ReportText.finding(reason))"))
    }
    return labels.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
      .map(\.element.line).joined()
  }

  private struct Label {
    let start: Timestamp
    let end: Timestamp
    let text: String

    init(_ start: Timestamp, _ end: Timestamp, _ text: String) {
      self.start = start
      self.end = max(start, end)
      self.text = text
    }

    var line: String { "\(seconds(start))\t\(seconds(end))\t\(ReportText.line(text))\n" }

    private func seconds(_ instant: Timestamp) -> String {
      ReportText.decimal(Int(max(instant.microseconds, 0)), places: 6)
    }
  }

  private static func spans(_ spans: [SpeechSpan], _ text: String) -> [Label] {
    spans.map { Label($0.start, $0.end, text) }
  }

  private static func labels(of turn: TurnResult) -> [Label] {
    guard let began = turn.began else { return [] }
    let ended = turn.ended ?? began
    let words = turn.spoken.isEmpty ? turn.action : turn.spoken
    var labels = [Label(began, ended, "turn \(turn.number): \(words)")]
    if let latency = turn.latency {
      labels.append(
        Label(ended, ended + latency, "latency of turn \(turn.number): \(ReportText.milliseconds(latency))"))
    }
    if let yield = turn.yield {
      labels.append(
        Label(began, began + yield, "interruption in turn \(turn.number): yield \(ReportText.milliseconds(yield))"))
    }
    return labels
  }
}
