import CallClient
import CallCore
import Simulation
import Wires

/// Shows a call line by line as it goes on. On a terminal, words that are still being said stand in a last line that is
/// overwritten; elsewhere only what is final is written.
final class CallScreen {
  private let output: TerminalOutput
  private let lines: CallPrinter
  private let clock = ContinuousClock()
  private var answered: ContinuousClock.Instant?
  /// The last line, when it is to be overwritten.
  private var live = ""
  /// A turn's latency is measured here and told by the server, in either order; both are shown in one line.
  private var heard: CallDuration?
  private var measured: TurnLatency?
  /// What was told last of what the agent says.
  private var told: AgentNotice?

  init(_ output: TerminalOutput) {
    self.output = output
    lines = CallPrinter(output: output)
  }

  func show(_ news: CallerEvent) {
    switch news {
    case .message(let message): show(message)
    case .began: break
    case .answered(_, let latency):
      heard = latency
      if measured != nil { showLatency() }
    case .finished(let report):
      showLatency()
      write(lines.summary(of: report))
    }
  }

  private func show(_ message: ServerMessage) {
    switch message {
    case .ready(let ready):
      answered = clock.now
      write(lines.head(ready))
    case .transcript(let notice) where notice.role == .caller:
      if notice.isFinal {
        showLatency()
        write(lines.said(notice))
      } else {
        overwrite(lines.beingSaid(notice.text, at: notice.at))
      }
    case .speech(true, let at): overwrite(lines.beingSaid("", at: at))
    case .agent(let notice): show(notice)
    case .state(let name, let from, let because): write(lines.state(name, from: from, because: because, at: now))
    case .tool(let entry): write(lines.tool(entry, at: now))
    case .turn(let latency):
      measured = latency
      if heard != nil { showLatency() }
    case .error(let code, let text, false): write(lines.trouble(text, code: code))
    // What is fatal ends the command, which says it.
    case .error(_, _, true), .speech, .transcript, .clear, .ended, .unknown: break
    }
  }

  private func show(_ notice: AgentNotice) {
    switch notice.state {
    case .started:
      // What a language model goes on to say comes with all that it said before.
      let known = told?.utterance == notice.utterance ? told?.text ?? "" : ""
      told = notice
      let more =
        notice.text.hasPrefix(known) ? String(notice.text.dropFirst(known.count).drop { $0 == " " }) : notice.text
      write(lines.agent(more, at: now))
    case .interrupted: write(lines.interrupted(notice))
    case .finished, .paused, .resumed: break
    }
  }

  private func showLatency() {
    guard heard != nil || measured != nil else { return }
    write(lines.latency(heard: heard, measured: measured))
    (heard, measured) = (nil, nil)
  }

  /// Since the call was answered.
  private var now: CallDuration { answered.map { CallDuration(clock.now - $0) } ?? .zero }

  /// Lines that stay.
  private func write(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    let clearing = live.isEmpty ? "" : "\r\u{1B}[K"
    live = ""
    output.write(clearing + lines.map { $0 + "\n" }.joined())
  }

  /// The last line anew.
  private func overwrite(_ line: String) {
    guard output.isTerminal else { return }
    live = line
    output.write("\r\u{1B}[K" + line)
  }
}

/// What a call's events look like: the time, who, and what, in columns that fit the terminal.
struct CallPrinter {
  let output: TerminalOutput

  /// Width of `  12.3 s  caller  `.
  private static let textColumn = 18
  /// Width of `  12.3 s  `.
  private static let nameColumn = 10

  func head(_ ready: ReadyNotice) -> [String] {
    let parts = [
      "Call \(ready.callID)", "\(ready.flow), voice \(ready.voice), \(ready.codec.rawValue) \(ready.sampleRate) Hz",
    ]
    return parts.map(output.dim) + [""]
  }

  func said(_ notice: TranscriptNotice) -> [String] {
    let text =
      switch notice.source {
      case .speech: notice.text.isEmpty ? "(not understood)" : notice.text
      case .keys: "(keys) \(notice.text)"
      case .text: "(typed) \(notice.text)"
      }
    return speech(of: "caller", text, at: notice.at - .zero, style: output.cyan)
  }

  func agent(_ text: String, at: CallDuration) -> [String] { speech(of: "agent", text, at: at, style: output.green) }

  /// One line, whatever the width; no line break behind it.
  func beingSaid(_ text: String, at: Timestamp) -> String {
    let room = output.columns - Self.textColumn - 1
    let words = TextColumns.end(of: text.isEmpty ? "…" : text + " …", to: room)
    return clock(at - .zero) + output.cyan("caller") + "  " + output.dim(words)
  }

  func interrupted(_ notice: AgentNotice) -> [String] {
    let heard = notice.playedText.isEmpty ? "nothing of it was heard" : "heard: \(notice.playedText)"
    return remark("interrupted after \(notice.heard.milliseconds) ms; \(heard)")
  }

  func state(_ name: String, from: String, because: String, at: CallDuration) -> [String] {
    let step = from.isEmpty ? name : "\(from) → \(name)"
    return event("\(step)\(because.isEmpty || from.isEmpty ? "" : " (\(because))")", at: at)
  }

  /// What a language model does with a tool: a line when it begins, where that takes time, and one when it is over.
  func tool(_ entry: ToolCallEntry, at: CallDuration) -> [String] {
    let given = entry.arguments.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    let took = entry.duration.map { $0 > .zero ? " after \($0.milliseconds) ms" : "" }
    let result = took.map { " \(entry.state.rawValue)\($0)\(entry.detail.isEmpty ? "" : ": \(entry.detail)")" } ?? " …"
    return event("\(entry.name)(\(given))\(result)", at: at)
  }

  private func event(_ text: String, at: CallDuration) -> [String] {
    let line = TextColumns.wrapped("· \(text)", to: room(behind: Self.nameColumn))
    return zip([clock(at)] + line.dropFirst().map { _ in blank(Self.nameColumn) }, line).map { output.dim($0 + $1) }
  }

  func latency(heard: CallDuration?, measured: TurnLatency?) -> [String] {
    let first = heard.map { "answered after \($0.milliseconds) ms" }
    let second = measured.map { "server \($0.total.milliseconds) ms\(stages(of: $0))" }
    return remark([first, second].compactMap(\.self).joined(separator: "; "))
  }

  func trouble(_ text: String, code: String) -> [String] {
    remark("note: \(text) (\(code))", style: output.yellow)
  }

  func summary(of report: CallerReport) -> [String] {
    guard let record = report.record?.record else { return [] }
    var rows = [("ended", "\(record.reason?.rawValue ?? "?") after \(SpokenFigures.seconds(record.duration))")]
    if !record.outcome.isEmpty { rows.append(("outcome", record.outcome)) }
    for (name, value) in record.slots.sorted(by: { $0.key < $1.key }) { rows.append((name, value)) }
    let heard = report.latencies.map(\.latency.milliseconds).sorted()
    if !heard.isEmpty {
      let middle = heard[(heard.count - 1) / 2]
      rows.append(("latency", "median \(middle) ms, worst \(heard[heard.count - 1]) ms, as the caller heard it"))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return [""] + rows.map { "\(output.bold(TextColumns.padded($0.0, to: width)))  \($0.1)" }
  }

  private func speech(of who: String, _ text: String, at: CallDuration, style: (String) -> String) -> [String] {
    let lines = TextColumns.wrapped(text, to: room(behind: Self.textColumn))
    let first = clock(at) + style(TextColumns.padded(who, to: 6)) + "  " + (lines.first ?? "")
    return [first] + lines.dropFirst().map { blank(Self.textColumn) + $0 }
  }

  /// About the line above.
  private func remark(_ text: String, style: ((String) -> String)? = nil) -> [String] {
    TextColumns.wrapped(text, to: room(behind: Self.textColumn)).map {
      blank(Self.textColumn) + (style ?? output.dim)($0)
    }
  }

  /// Stages that took no time are left out.
  private func stages(of latency: TurnLatency) -> String {
    let parts = LatencyStage.all(of: latency).filter { $0.span.milliseconds > 0 }
    let shown = parts.map { "\($0.name) \($0.span.milliseconds)" }.joined(separator: " + ")
    return shown.isEmpty ? "" : " = \(shown)"
  }

  private func clock(_ at: CallDuration) -> String {
    TextColumns.aligned(SpokenFigures.seconds(at), to: Self.nameColumn - 2) + "  "
  }

  private func blank(_ width: Int) -> String { String(repeating: " ", count: width) }

  /// Where nobody looks, lines are as long as they are, so that programs can read them.
  private func room(behind column: Int) -> Int { output.isTerminal ? output.columns - column : .max }
}
