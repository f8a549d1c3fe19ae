import CallCore
import LoadTest

/// Shows a load test while it goes on: a screen that is written over itself on a terminal, a line a second elsewhere.
final class LoadScreen {
  private let outlet: TerminalOutput
  /// What is being done.
  var title: String
  private var linesShown = 0
  private var titleShown = ""

  /// - Parameters:
  ///   - title: what is being done.
  ///   - outlet: where to.
  init(title: String, outlet: TerminalOutput = .errors) {
    self.title = title
    self.outlet = outlet
  }

  /// Shows where the run stands.
  func show(_ progress: LoadRun.Progress) {
    let lines = LoadPrinter(progress)
    guard outlet.isTerminal else {
      if title != titleShown { outlet.line(title) }
      titleShown = title
      return outlet.line(lines.line)
    }
    var rows = [outlet.bold(TextColumns.cut(title, to: outlet.columns - 1))]
    for row in lines.rows {
      rows.append(
        "  " + outlet.dim(TextColumns.padded(row.name, to: 14)) + TextColumns.cut(row.text, to: outlet.columns - 17))
    }
    write(rows)
  }

  /// Must be called before anything else is written.
  func clear() {
    guard outlet.isTerminal, linesShown > 0 else { return }
    outlet.write("\u{1B}[\(linesShown)A\r\u{1B}[J")
    linesShown = 0
  }

  private func write(_ rows: [String]) {
    let up = linesShown > 0 ? "\u{1B}[\(linesShown)A" : ""
    outlet.write(up + "\r" + rows.map { "\u{1B}[2K\($0)\n" }.joined() + "\u{1B}[J")
    linesShown = rows.count
  }
}
