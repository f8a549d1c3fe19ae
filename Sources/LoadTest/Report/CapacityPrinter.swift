/// What came of a search for the highest load, in lines.
public struct CapacityPrinter: Sendable {
  private let search: CapacityResult

  /// - Parameter search: what to tell.
  public init(_ search: CapacityResult) { self.search = search }

  /// Names of the columns.
  public static let head = [
    "calls", "held", "turn latency p50", "p95", "p99", "frames late", "refused", "failed", "server cores",
  ]

  /// A row for each run.
  public var rows: [[String]] { search.runs.map { Self.row($0.probe, $0.result) } }

  /// One row.
  public static func row(_ probe: CapacitySearch.Probe, _ result: LoadResult) -> [String] {
    let figures = result.standing.figures
    let latency = [50.0, 95, 99].map { LoadText.milliseconds(figures.turnLatency.percentile($0)) }
    let verdict = result.verdict == .invalid ? "invalid" : probe.held ? "yes" : "no"
    return [
      "\(probe.calls)\(probe.isConfirmation ? " again" : "")", verdict, latency[0], latency[1], latency[2],
      LoadText.share(figures.framesLate, of: figures.framesReceived), "\(figures.refused)", "\(figures.failed)",
      LoadText.cores(result.standing.serverCores),
    ]
  }

  /// What it comes to, in a sentence.
  public var verdict: String {
    if let capacity = search.capacity {
      let least = capacity >= search.callsMax ? "at least " : ""
      return "The server holds \(least)\(capacity) calls at once within the thresholds, twice in a row."
    }
    if search.decisive?.verdict == .invalid {
      return "The search ended early: the generator itself was late, so that nothing is known of the server."
    }
    if search.isBroken { return "The search was stopped before its end." }
    return "No load held within the thresholds twice in a row."
  }
}
