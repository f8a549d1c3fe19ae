import CallCore
import JSON

/// The top of the page: what came of the run, and its figures.
struct HTMLSummary {
  private let run: RunSummary
  private let figures: RunFigures

  init(_ run: RunSummary) {
    self.run = run
    figures = RunFigures(run)
  }

  /// The page's own verdict in a few words.
  static func headline(of run: RunSummary) -> String {
    let bad = run.count(.failed) + run.count(.invalid)
    if run.calls.isEmpty { return "No call was held" }
    if bad > 0 { return "\(bad) of \(ReportText.counted(run.calls.count, "call")) did not pass" }
    let all = run.calls.count == 1 ? "The call passed" : "All \(run.calls.count) calls passed"
    return run.notRun.isEmpty ? all : "\(all), \(run.notRun.count) not run"
  }

  func write(to html: inout Markup) {
    html.element("section", ["class": "card summary", "aria-labelledby": "headline"]) { html in
      html.element("h2", ["id": "headline"], text: Self.headline(of: run))
      writeShares(to: &html)
      html.element("div", ["class": "panels"]) { html in
        html.facts("figures", shownFigures)
        html.facts("facts", facts)
      }
      if !figures.latencies.isEmpty { writeLatencies(to: &html) }
    }
    writeVaried(to: &html)
    if !run.notRun.isEmpty { writeNotRun(to: &html) }
  }

  /// The verdicts as one bar; the numbers stand in the filter.
  private func writeShares(to html: inout Markup) {
    let total = run.calls.count + run.notRun.count
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

  private var shownFigures: [(name: String, text: String?)] {
    let latencies = figures.latencies
    // Of so few turns the slowest is all that can be said.
    let few = latencies.count < ReportText.eventsForShareMin
    let slowest = Percentile.of(latencies, few ? 100 : 95)
    let passed = RepeatedCase.shares(of: run)
    return [
      ("Turn latency, median", Percentile.of(latencies, 50).map(ReportText.milliseconds)),
      (few ? "Slowest turn" : "Turn latency, p95", slowest.map(ReportText.milliseconds)),
      ("Yield, median", Percentile.of(figures.yields, 50).map(ReportText.milliseconds)),
      ("Slowest yield", figures.yields.max().map(ReportText.milliseconds)),
      ("Word errors", figures.wordErrors.map(ReportText.errors)),
      ("pass@\(run.repeats)", passed?.once), ("pass^\(run.repeats)", passed?.always),
    ]
  }

  private var facts: [(name: String, text: String?)] {
    let start = run.startedAtUnixMicroseconds
    let wall = run.wallMicroseconds
    return [
      ("Seed", String(run.seed)), ("Mode", run.mode.rawValue), ("Target", run.target ?? "built-in agent"),
      ("Repeats", run.repeats > 1 ? "\(run.repeats) of each case" : nil),
      ("Calls", "\(run.calls.count), \(ReportText.seconds(figures.duration)) together"),
      ("Started", start == 0 ? nil : UTCTime.text(unixMicroseconds: start)),
      ("Took", wall == 0 ? nil : ReportText.seconds(.microseconds(wall))),
      ("Metrics", "version \(CallMetrics.version)"),
    ]
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

  /// Which voice, which noise failed.
  private func writeVaried(to html: inout Markup) {
    let shares = VariedShare.all(of: run)
    guard !shares.isEmpty else { return }
    html.element("section", ["class": "card", "aria-labelledby": "varied"]) { html in
      html.element("h2", ["id": "varied"], text: "What varied")
      html.element("table") { html in
        html.element("thead") { html in
          html.element("tr") { html in
            for name in ["Case", "Property", "Value", "Passed"] { html.element("th", ["scope": "col"], text: name) }
          }
        }
        html.element("tbody") { html in
          for share in shares {
            html.element("tr", ["data-varied": share.value.property.rawValue]) { html in
              html.element("td", text: share.id)
              html.element("td", text: share.value.property.rawValue)
              html.element("td", text: share.value.label)
              html.element("td", text: "\(share.passed) of \(share.ran)")
            }
          }
        }
      }
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
