import LoadTest

/// Prints what came of a load test.
struct LoadSummary {
  private let result: LoadResult

  init(_ result: LoadResult) { self.result = result }

  func show() {
    let outlet = TerminalOutput.output
    let lines = LoadSummaryPrinter(result)
    for row in lines.rows { outlet.line(outlet.dim(TextColumns.padded(row.name, to: 14)) + row.text) }
    outlet.line("")
    for finding in result.findings {
      let text = "\(TextColumns.padded(finding.threshold.text, to: 28))  \(finding.found)"
      outlet.line(finding.holds ? "\(outlet.green("✓")) \(text)" : "\(outlet.red("✗")) \(text)")
    }
    outlet.line("")
    outlet.line(outlet.bold(lines.verdict))
  }
}
