import CallCore
import Wires

/// The tables of a call: figures of each turn, checks, figures of the whole.
struct HTMLFigures {
  let result: CaseResult
  /// Of the case in the page.
  let anchor: String

  /// Latency by stage, yield, word errors and state of each turn.
  func writeTurns(to html: inout Markup) {
    let head = ["Turn", "Latency", "by stage, ms", "Ended by", "Yield", "Word errors", "State"]
    html.table("Table of turns", head, result.turns) { turn, html in
      html.element("th", ["scope": "row"], text: "\(turn.number)")
      html.element("td", text: turn.latency.map(ReportText.milliseconds) ?? "–")
      html.element("td") { html in
        if let stages = turn.stages, stages.total > .zero { write(stages, to: &html) } else { html.add("–") }
      }
      html.element("td", ["class": "text"], text: ReportText.ending(of: turn))
      html.element("td", text: turn.yield.map(ReportText.milliseconds) ?? "–")
      html.element("td", text: turn.wordErrors.map { "\($0.errors) in \($0.referenceWords)" } ?? "–")
      html.element("td", ["class": "text"], text: turn.state.isEmpty ? "–" : turn.state)
    }
  }

  private func write(_ latency: TurnLatency, to html: inout Markup) {
    html.element("ul", ["class": "stages"]) { html in
      for stage in LatencyStage.all(of: latency) {
        html.element("li", ["class": "key \(stage.name)", "title": stage.name]) { html in
          html.element("span", ["class": "visually-hidden"], text: "\(stage.name) ")
          html.add("\(stage.span.milliseconds)")
        }
      }
    }
  }

  /// Every check with what it found; those that did not pass first.
  func writeChecks(to html: inout Markup) {
    let checks = result.allChecks
    let ordered = checks.filter { $0.verdict != .passed } + checks.filter { $0.verdict == .passed }
    html.element("ul", ["class": "checks"]) { html in
      for check in ordered {
        html.element("li", ["class": check.verdict.rawValue]) { html in
          html.element("span", ["class": "mark", "aria-hidden": "true"], text: RunTable.mark(check.verdict))
          html.element("span", ["class": "visually-hidden"], text: check.verdict.rawValue)
          html.element("p") { write(check, to: &$0) }
        }
      }
    }
  }

  private func write(_ check: CheckResult, to html: inout Markup) {
    html.element("b", text: (check.turn.map { "Turn \($0), " } ?? "") + check.kind.rawValue)
    html.add(" \(check.expected)")
    html.element("span", ["class": "hint"], text: " found:")
    html.add(" \(check.actual)")
    if check.line > 0 { html.element("span", ["class": "hint"], text: " line \(check.line)") }
    guard let at = check.at else { return }
    html.add(" ")
    HTMLMoment.write(at, anchor: anchor, to: &html)
  }

  /// What is known of the call as a whole.
  func writeFacts(to html: inout Markup) {
    html.facts("facts", facts.map { (name: $0, text: $1.isEmpty ? nil : $1) })
  }

  private var facts: [(String, String)] {
    let (metrics, test, record) = (result.metrics, result.testCase, result.evidence.record)
    return [
      ("Agent", test.agent.flow + (test.agent.fault.map { ", made \($0.rawValue)" } ?? "")),
      ("Caller", [test.caller.persona, test.caller.voice].filter { !$0.isEmpty }.joined(separator: " · ")),
      ("Seed", String(result.seed)),
      ("Written", test.source.file.isEmpty ? "" : "\(test.source.file):\(test.source.line)"),
      ("Ended", record?.reason?.rawValue ?? ""), ("Outcome", record?.outcome ?? ""),
      (
        "Slots",
        (record?.slots ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
      ),
      ("Word errors", metrics.wordErrors.map(ReportText.errors) ?? ""),
      ("Talk-over", ReportText.milliseconds(metrics.talkOver)),
      ("Agent interrupts", interruptions(metrics)), ("Taken back", takenBack(metrics)),
      ("Missed turns", "\(metrics.missedTurns)"),
      ("Dropouts", result.evidence.hasSound ? "\(metrics.dropouts)" : ""),
      ("Clipped samples", result.evidence.hasSound ? "\(metrics.clippedSamples)" : ""),
      ("Agent's level", metrics.agentLevelTenths.map { "\(ReportText.tenths($0)) dB below full scale" } ?? ""),
      ("Speech over noise", metrics.noiseRatioTenths.map { "\(ReportText.tenths($0)) dB" } ?? ""),
      ("Packets lost", packets(result.evidence.network)),
      ("Agent's words", result.evidence.isByEar ? "by ear, over \(result.evidence.wire.rawValue)" : ""),
      ("Skipped", ReportText.skipped(result)), ("Tools", ReportText.tools(result)),
      ("Conformance", ReportText.conformance(result)),
      ("Wants", test.caller.brief?.goal ?? ""), ("Goal", ReportText.goal(result)),
      ("Thrown away", ReportText.discarded(result)),
    ]
  }

  private func interruptions(_ metrics: CallMetrics) -> String {
    let ends = metrics.falseEnds > 0 ? ", \(metrics.falseEnds) in a pause" : ""
    return ReportText.counted(metrics.agentInterruptions, "time") + ends
  }

  /// How often the agent paused for what was no interruption, and when.
  private func takenBack(_ metrics: CallMetrics) -> String {
    let instants = metrics.interruptionsTakenBack
    guard !instants.isEmpty else { return "" }
    let times = instants.map { ReportText.moment($0) }.joined(separator: ", ")
    return ReportText.counted(instants.count, "interruption") + " at " + times
  }

  private func packets(_ network: NetworkCounts) -> String {
    network.sent == 0 ? "" : ReportText.share(network.lost, of: network.sent, "packet")
  }
}
