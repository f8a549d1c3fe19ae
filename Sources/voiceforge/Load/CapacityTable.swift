import LoadTest

/// Shows the runs of a search for the highest load, each as soon as it is over.
final class CapacityTable {
  private static let widths = [10, 8, 17, 8, 8, 12, 8, 7, 13]
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

  /// One more row.
  func show(_ probe: CapacitySearch.Probe, _ result: LoadResult) {
    guard !isQuiet else { return }
    let outlet = TerminalOutput.output
    if !hasHead { outlet.line(outlet.bold(Self.line(CapacityPrinter.head))) }
    hasHead = true
    let line = Self.line(CapacityPrinter.row(probe, result))
    outlet.line(probe.held ? line : outlet.yellow(line))
  }

  private static func line(_ cells: [String]) -> String {
    zip(cells, widths).map { TextColumns.padded($0, to: $1) }.joined(separator: " ")
  }
}
