import CallClient
import CallCore
import CallWire

/// What a call's news look like on a terminal.
enum CallLines {
  static func lines(for news: CallerNews) -> [String] {
    switch news {
    case .message(let message): self.lines(for: message)
    case .began: []
    case .answered(_, let latency): [Terminal.dim("           heard after \(latency.milliseconds) ms")]
    case .finished(let report): self.lines(for: report)
    }
  }

  private static func lines(for message: ServerMessage) -> [String] {
    switch message {
    case .ready(let ready):
      [Terminal.dim("call \(ready.callID), flow \(ready.flow), voice \(ready.voice), \(ready.codec.rawValue) \(ready.sampleRate) Hz")]
    case .transcript(let notice) where notice.isFinal && notice.role == .caller:
      ["\(clock(notice.at))  \(Terminal.bold("caller"))  \(notice.text)"]
    case .agent(let notice) where notice.state == .started: ["           \(Terminal.bold("agent "))  \(notice.text)"]
    case .agent(let notice) where notice.state == .interrupted:
      [Terminal.dim("           interrupted after \(notice.heard.milliseconds) ms; heard: \(notice.heardText)")]
    case .state(let name, let from, let because):
      [Terminal.dim("           [\(from.isEmpty ? "" : "\(from) → ")\(name)\(because.isEmpty ? "" : ": \(because)")]")]
    case .turn(let latency): [Terminal.dim("           \(stages(of: latency))")]
    case .error(let code, let text, let fatal): ["           \(fatal ? "error" : "note"): \(text) (\(code))"]
    case .speech, .transcript, .agent, .clear, .ended, .unknown: []
    }
  }

  private static func lines(for report: CallerReport) -> [String] {
    guard let record = report.record?.record else { return [] }
    let slots = record.slots.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    var lines = ["", "The call lasted \(seconds(record.duration)) s and ended: \(record.reason?.rawValue ?? "?")"]
    if !record.outcome.isEmpty { lines.append("Outcome: \(record.outcome)") }
    if !slots.isEmpty { lines.append("Slots: \(slots)") }
    let heard = report.latencies.map(\.latency.milliseconds).sorted()
    if !heard.isEmpty {
      lines.append("Turn latency as heard by the caller: median \(heard[(heard.count - 1) / 2]) ms, worst \(heard[heard.count - 1]) ms")
    }
    return lines
  }

  private static func stages(of latency: TurnLatency) -> String {
    let parts = [
      ("endpoint", latency.endpoint), ("recognition", latency.recognition), ("flow", latency.flow),
      ("synthesis", latency.synthesis), ("playout", latency.playout),
    ]
    let shown = parts.map { "\($0.0) \($0.1.milliseconds)" }.joined(separator: " + ")
    return "turn \(latency.turn.number): \(latency.total.milliseconds) ms = \(shown)"
  }

  private static func clock(_ at: Timestamp) -> String {
    let tenths = at.milliseconds / 100
    let text = "\(tenths / 10).\(tenths % 10) s"
    return String(repeating: " ", count: max(9 - text.count, 0)) + text
  }

  private static func seconds(_ duration: CallDuration) -> String {
    let tenths = duration.milliseconds / 100
    return "\(tenths / 10).\(tenths % 10)"
  }
}
