import CallCore
import LoadTest

/// Shows a load test while it goes on: a screen that is written over itself on a terminal, a line a second elsewhere.
final class LoadScreen {
  private let outlet: Outlet
  private let isQuiet: Bool
  private let title: String
  private var linesShown = 0

  /// - Parameters:
  ///   - title: what is being done.
  ///   - isQuiet: whether nothing is to be shown.
  ///   - outlet: where to.
  init(title: String, isQuiet: Bool, outlet: Outlet = .errors) {
    self.title = title
    self.isQuiet = isQuiet
    self.outlet = outlet
  }

  /// Shows where the run stands.
  func show(_ progress: LoadRun.Progress) {
    guard !isQuiet else { return }
    let lines = LoadLines(progress)
    guard outlet.isTerminal else { return outlet.line(lines.line) }
    var rows = [outlet.bold(title)]
    for row in lines.rows {
      rows.append(
        "  " + outlet.dim(TextColumns.padded(row.name, to: 14)) + TextColumns.cut(row.text, to: outlet.columns - 17))
    }
    write(rows)
  }

  /// Leaves the last screen where it is.
  func finish() { linesShown = 0 }

  /// Must be called before anything else is written.
  func clear() {
    guard !isQuiet, outlet.isTerminal, linesShown > 0 else { return }
    outlet.write("\u{1B}[\(linesShown)A\r\u{1B}[J")
    linesShown = 0
  }

  private func write(_ rows: [String]) {
    let up = linesShown > 0 ? "\u{1B}[\(linesShown)A" : ""
    outlet.write(up + "\r" + rows.map { "\u{1B}[2K\($0)\n" }.joined() + "\u{1B}[J")
    linesShown = rows.count
  }
}
