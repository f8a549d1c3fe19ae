import CallCore
import JSON
package import Page
import Simulation

/// A load test as one page that needs nothing else: charts are drawn in it, there is no script, and its own policy forbids it to ask for
/// more.
public enum LoadHTML {
  /// The page of one run.
  public static func text(of result: LoadResult) -> String {
    page(title: result.verdictText) { html in write(result, heading: "Result", to: &html) }
  }

  /// The page of a search: its steps, then the run that decided it.
  public static func text(of search: CapacityResult) -> String {
    page(title: search.verdictText) { html in
      html.element("section", ["class": "card summary", "aria-labelledby": "found"]) { html in
        html.element("h2", ["id": "found"], text: search.verdictText)
        html.table("Runs", CapacityResult.head, search.rows) { row, html in
          for cell in row { html.element("td", text: cell) }
        }
      }
      if let decisive = search.decisive { write(decisive, heading: "The last run", to: &html) }
    }
  }

  /// The page's `Content-Security-Policy`.
  public static let policy =
    "default-src 'none'; style-src '\(style.digest)'; base-uri 'none'; form-action 'none'"

  /// The look of the simulation's report with what charts and thresholds need.
  package static let style = InlineAsset("web/report/base.css", "web/report/report.css", "web/report/load.css")

  private static func page(title: String, _ body: (inout Markup) -> Void) -> String {
    ReportAssets.page(title: title, policy: policy, style: style) { html in
      ReportAssets.writeTop(tagline: "Load test", to: &html)
      html.element("main", ["id": "main"], body)
    }
  }

  // MARK: - A run

  private static func write(_ result: LoadResult, heading: String, to html: inout Markup) {
    html.element("section", ["class": "card summary", "aria-label": heading]) { html in
      html.element("h2", text: result.verdictText)
      if result.verdict == .invalid {
        html.element(
          "p", ["class": "notice"], text: "The figures below prove nothing: \(result.problems.joined(separator: "; "))."
        )
      }
      writeFigures(of: result, to: &html)
      writeFacts(of: result, to: &html)
      writeThresholds(of: result, to: &html)
      writeGenerators(of: result, to: &html)
    }
    html.element("section", ["class": "charts", "aria-label": "Charts"]) { html in
      for chart in LoadCharts(result: result).all { chart.write(to: &html) }
    }
    writeCanaries(of: result, to: &html)
  }

  private static func writeFigures(of result: LoadResult, to html: inout Markup) {
    let totals = result.totals
    let figures = totals.figures
    html.facts(
      "figures",
      [
        ("Calls at once, at most", "\(totals.activeMax)"), ("Calls begun", "\(figures.offered)"),
        ("Refused", "\(figures.refused)"), ("Failed", "\(figures.failed)"),
        ("Turn latency, median", LoadText.milliseconds(figures.turnLatency.percentile(50))),
        ("p95", LoadText.milliseconds(figures.turnLatency.percentile(95))),
        ("p99", LoadText.milliseconds(figures.turnLatency.percentile(99))),
        ("Agent frames late", LoadText.share(figures.framesLate, of: figures.framesReceived)),
        ("Server, cores", LoadText.cores(totals.serverCores)),
        ("Server, memory", LoadText.megabytes(totals.serverBytesMax)),
      ])
  }

  private static func writeFacts(of result: LoadResult, to html: inout Markup) {
    var facts = result.summaryRows.filter { !$0.name.isEmpty }
    facts += [
      ("target", result.url), ("cases", result.mix.map { "\($0.id) × \($0.weight)" }.joined(separator: ", ")),
      ("seed", "\(result.seed)"),
    ]
    if result.startedAtUnixMicroseconds != 0 {
      facts.append(("started", UTCTime.text(unixMicroseconds: result.startedAtUnixMicroseconds)))
    }
    for (reason, count) in result.totals.figures.refusals.sorted(by: { $0.key < $1.key }) {
      facts.append(("refused", "\(count) × \(reason)"))
    }
    for (reason, count) in result.totals.figures.failures.sorted(by: { $0.key < $1.key }) {
      facts.append(("failed", "\(count) × \(reason)"))
    }
    html.facts("facts", facts.map { (name: $0.name.prefix(1).uppercased() + $0.name.dropFirst(), text: $0.text) })
  }

  private static func writeThresholds(of result: LoadResult, to html: inout Markup) {
    guard !result.findings.isEmpty else { return }
    html.table("Thresholds", ["Threshold", "Found", ""], result.findings) { finding, html in
      html.element("th", ["scope": "row"], text: finding.threshold.text)
      html.element("td", text: finding.found)
      html.element("td", ["class": finding.holds ? "kept" : "broken"], text: finding.holds ? "✓ kept" : "✗ not kept")
    }
  }

  private static func writeGenerators(of result: LoadResult, to html: inout Markup) {
    guard !result.generators.isEmpty else { return }
    let head = ["Generator", "Calls begun", "Cores at most", "Own frames late", "Clock set to", ""]
    html.table("Generators", head, result.generators) { generator, html in
      html.element("th", ["scope": "row"], text: generator.name)
      html.element("td", text: "\(generator.offered)")
      html.element("td", text: LoadText.cores(generator.coresMax))
      html.element("td", text: LoadText.share(generator.framesSentLate, of: generator.framesSent))
      html.element("td", text: generator.clockError.map { "\($0.microseconds) µs" } ?? "–")
      let isFine = generator.problem == nil
      html.element(
        "td", ["class": isFine ? "kept" : "broken"], text: isFine ? "✓" : "✗ \(generator.problemText ?? "")")
    }
  }

  private static func writeCanaries(of result: LoadResult, to html: inout Markup) {
    let canaries = result.totals.canaries
    guard !canaries.reasons.isEmpty else { return }
    html.element("section", ["class": "card summary", "aria-label": "Canaries"]) { html in
      html.element("h2", text: "Canaries that did not pass")
      html.element("ul", ["class": "checks"]) { html in
        for reason in canaries.reasons {
          html.element("li", ["class": "failed"]) { html in
            html.element("span", ["class": "mark", "aria-hidden": "true"], text: "✗")
            html.element("p", text: reason)
          }
        }
      }
    }
  }
}
