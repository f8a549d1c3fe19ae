import ArgumentParser
import CallCore
import Formats
import JSON
import LoadTest

/// Shows a load test while it goes on: a screen that is written over itself on a terminal, a line a second elsewhere.
final class LoadScreen {
  private let output = TerminalOutput.errors
  var title: String
  private var linesShown = 0
  private var titleShown = ""

  /// - Parameter title: what is being done.
  init(title: String) { self.title = title }

  func show(_ totals: LoadTotals) {
    guard output.isTerminal else {
      if title != titleShown { output.line(title) }
      titleShown = title
      return output.line(totals.progressLine)
    }
    var rows = [output.bold(TextColumns.cut(title, to: output.columns - 1))]
    for row in totals.progressRows {
      rows.append(
        "  " + output.dim(TextColumns.padded(row.name, to: 14)) + TextColumns.cut(row.text, to: output.columns - 17))
    }
    write(rows)
  }

  /// Must be called before anything else is written.
  func clear() {
    guard output.isTerminal, linesShown > 0 else { return }
    output.write("\u{1B}[\(linesShown)A\r\u{1B}[J")
    linesShown = 0
  }

  private func write(_ rows: [String]) {
    let up = linesShown > 0 ? "\u{1B}[\(linesShown)A" : ""
    output.write(up + "\r" + rows.map { "\u{1B}[2K\($0)\n" }.joined() + "\u{1B}[J")
    linesShown = rows.count
  }
}

extension LoadResult {
  /// Prints what came of the run.
  func show(on output: TerminalOutput) {
    for row in summaryRows { output.line(output.dim(TextColumns.padded(row.name, to: 14)) + row.text) }
    output.line("")
    for finding in findings {
      let text = "\(TextColumns.padded(finding.threshold.text, to: 28))  \(finding.found)"
      output.line(finding.holds ? "\(output.green("✓")) \(text)" : "\(output.red("✗")) \(text)")
    }
    output.line("")
    output.line(output.bold(verdictText))
  }
}

/// Shows the runs of a search for the highest load, each as soon as it is over.
final class CapacityTable {
  private static let widths = [10, 8, 17, 8, 8, 12, 20, 7, 13]
  private let isQuiet: Bool
  private var hasHead = false

  /// - Parameter isQuiet: whether nothing is to be shown.
  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// What a run is for.
  static func words(for step: CapacitySearch.Step) -> String {
    switch step {
    case .probe(let calls): "trying \(calls) calls at once"
    case .confirm(let calls): "trying \(calls) calls at once a second time"
    case .found, .nothing: "done"
    }
  }

  func show(_ probe: CapacitySearch.Probe, _ result: LoadResult) {
    guard !isQuiet else { return }
    let output = TerminalOutput.output
    if !hasHead { output.line(output.bold(Self.line(CapacityResult.head))) }
    hasHead = true
    let line = Self.line(CapacityResult.row(probe, result))
    output.line(probe.held ? line : output.yellow(line))
  }

  private static func line(_ cells: [String]) -> String {
    zip(cells, widths).map { TextColumns.padded($0, to: $1) }.joined(separator: " ")
  }
}

/// How a load is told to another program: lines of JSON on standard output, as `LoadEvent` reads them.
enum LoadProgress: String, ExpressibleByArgument {
  case json

  /// How many of the generators on other machines are there.
  static func showGenerators(_ gathering: LoadGathering) {
    line("generators") { gathering.writeMembers(to: &$0) }
  }

  /// The second that is over.
  static func showSecond(of totals: LoadTotals) {
    guard let second = totals.samples.last else { return }
    line("second") { LoadJSON.write(second, to: &$0) }
  }

  /// What came of the run, and the page.
  static func showEnd(_ result: LoadResult) {
    line("result") { LoadJSON.write(result, hasSeconds: false, to: &$0) }
    line("page") { $0.field("html", LoadHTML.text(of: result)) }
  }

  private static func line(_ type: String, _ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("type", type)
      members(&writer)
    }
    Terminal.line(String(decoding: writer.bytes, as: UTF8.self))
  }
}
