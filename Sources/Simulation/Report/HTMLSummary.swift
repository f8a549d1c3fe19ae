import CallCore
import JSON

/// The top of the page: what came of the run, and its figures.
struct HTMLSummary {
  private let run: SimulationRun
  private let figures: RunFigures

  init(_ run: SimulationRun) {
    self.run = run
    figures = RunFigures(run)
  }

  /// The page's own verdict in a few words.
  static func headline(of run: SimulationRun) -> String {
    let bad = run.count(.failed) + run.count(.invalid)
    if run.results.isEmpty { return "No call was held" }
    if bad > 0 { return "\(bad) of \(ReportText.counted(run.results.count, "call")) did not pass" }
    let all = run.results.count == 1 ? "The call passed" : "All \(run.results.count) calls passed"
    return run.notRun.isEmpty ? all : "\(all), \(run.notRun.count) not run"
  }

  func write(to html: inout Markup) {
    html.element("section", ["class": "card summary", "aria-labelledby": "headline"]) { html in
      html.element("h2", ["id": "headline"], text: Self.headline(of: run))
      writeShares(to: &html)
      html.element("div", ["class": "panels"]) { html in
        html.element("dl", ["class": "figures"], writeFigures)
        html.element("dl", ["class": "facts"], writeFacts)
      }
      if !figures.latencies.isEmpty { writeLatencies(to: &html) }
    }
    if !run.notRun.isEmpty { writeNotRun(to: &html) }
  }

  /// The verdicts as one bar; the numbers stand in the filter.
  private func writeShares(to html: inout Markup) {
    let total = run.results.count + run.notRun.count
    guard total > 0 else { return }
    let parts = Verdict.allCases.map { ($0.rawValue, run.count($0)) } + [("not-run", run.notRun.count)]
    html.element("svg", ["class": "shares", "width": "100%", "height": "10", "aria-hidden": "true"]) { html in
      var before = 0
      for (name, count) in parts where count > 0 {
        let whole = TimelineScale(duration: .seconds(total))
        html.empty(
          "rect",
          [
            "class": name, "x": whole.share(.seconds(before)), "width": whole.share(.seconds(count)), "height": "10",
          ])
        before += count
      }
    }
  }

  private func writeFigures(to html: inout Markup) {
    let latencies = figures.latencies
    let few = latencies.count < ReportText.eventsForShareMin
    write("Turn latency, median", Percentile.of(latencies, 50).map(ReportText.milliseconds), to: &html)
    // Of so few turns the slowest is all that can be said.
    write(
      few ? "Slowest turn" : "Turn latency, p95", Percentile.of(latencies, few ? 100 : 95).map(ReportText.milliseconds),
      to: &html)
    write("Yield, median", Percentile.of(figures.yields, 50).map(ReportText.milliseconds), to: &html)
    write("Slowest yield", figures.yields.max().map(ReportText.milliseconds), to: &html)
    write(
      "Word errors", figures.wordErrors.map(ReportText.errors), to: &html)
    guard run.repeats > 1 else { return }
    let cases = RepeatedCase.all(of: run)
    write("pass@\(run.repeats)", ReportText.share(cases.count { $0.passedOnce }, of: cases.count, "case"), to: &html)
    write("pass^\(run.repeats)", ReportText.share(cases.count { $0.passedAlways }, of: cases.count, "case"), to: &html)
  }

  private func writeFacts(to html: inout Markup) {
    write("Seed", String(run.seed), to: &html)
    write("Mode", run.mode.rawValue, to: &html)
    write("Target", run.target ?? "built-in agent", to: &html)
    if run.repeats > 1 { write("Repeats", "\(run.repeats) of each case", to: &html) }
    write(
      "Calls", "\(run.results.count), \(ReportText.seconds(figures.duration)) together", to: &html)
    if run.startedAtUnixMicroseconds != 0 {
      write("Started", UTCTime.text(unixMicroseconds: run.startedAtUnixMicroseconds), to: &html)
    }
    if run.wallMicroseconds != 0 {
      write("Took", ReportText.seconds(.microseconds(run.wallMicroseconds)), to: &html)
    }
    write("Metrics", "version \(CallMetrics.version)", to: &html)
  }

  private func write(_ name: String, _ words: String?, to html: inout Markup) {
    guard let words else { return }
    html.element("div") { html in
      html.element("dt", text: name)
      html.element("dd", text: words)
    }
  }

  /// Above this a turn is late (`measures.md`).
  private static let lateLatency = CallDuration.milliseconds(2750)

  /// Every answered turn as a stroke on one scale; strokes that fall together are darker.
  private func writeLatencies(to html: inout Markup) {
    let longest = max(figures.latencies.max() ?? .zero, .seconds(1))
    let scale = TimelineScale(duration: .microseconds(longest.microseconds * 21 / 20))
    let late = figures.latencies.count { $0 > Self.lateLatency }
    html.element("figure", ["class": "strip"]) { html in
      html.element("svg", ["width": "100%", "height": "34", "aria-hidden": "true"]) { html in
        html.empty("rect", ["class": "ground", "width": "100%", "height": "26", "rx": "6"])
        if longest > Self.lateLatency {
          let x = scale.share(Self.lateLatency)
          html.empty("line", ["class": "limit", "x1": x, "x2": x, "y1": "0", "y2": "34"])
        }
        for latency in figures.latencies {
          let x = scale.share(latency)
          html.empty("line", ["class": "stroke", "x1": x, "x2": x, "y1": "4", "y2": "22"])
        }
      }
      html.element(
        "figcaption", ["class": "hint"],
        text: "Latency of \(ReportText.counted(figures.latencies.count, "answered turn")), 0 to "
          + "\(ReportText.milliseconds(longest)). "
          + (late == 0 ? "None is late" : "\(ReportText.counted(late, "turn")) late")
          + " (over \(ReportText.milliseconds(Self.lateLatency))). Invalid calls are not counted.")
    }
  }

  private func writeNotRun(to html: inout Markup) {
    html.element("details", ["class": "card not-run"]) { html in
      html.element(
        "summary", text: "\(ReportText.counted(run.notRun.count, "case")) not run, because the run was stopped")
      html.element("ul") { html in for id in run.notRun { html.element("li", text: id) } }
    }
  }
}
