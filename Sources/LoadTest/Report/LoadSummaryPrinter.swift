import CallCore

/// What came of a load test, in lines for a terminal.
public struct LoadSummaryPrinter: Sendable {
  private let result: LoadResult

  /// - Parameter result: what to tell.
  public init(_ result: LoadResult) { self.result = result }

  /// A name and its figures in each line.
  public var rows: [(name: String, text: String)] {
    let totals = result.totals
    let figures = totals.figures
    var rows = [
      ("plan", result.plan),
      (
        "calls",
        "\(figures.offered) begun · \(figures.completed) completed · \(figures.cutOff) hung up at the end · "
          + "\(figures.refused) refused · \(figures.failed) failed · at most \(totals.activeMax) at once"
      ),
    ]
    for (reason, count) in figures.failures.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      rows.append(("", "\(count) × \(reason)"))
    }
    if totals.givenUp > 0 {
      rows.append(("given up", "\(totals.givenUp) calls, because so many were up as the plan allows"))
    }
    rows += [
      (
        "turn latency",
        "\(LoadPrinter.latencies(figures.turnLatency)) of \(figures.turns) turns · \(figures.turnsMissed) not answered"
      ),
      (
        "agent frames",
        "\(LoadText.share(figures.framesLate, of: figures.framesReceived)) late of \(figures.framesReceived) · "
          + "\(figures.gaps) gaps heard"
      ),
    ]
    if totals.serverBytesMax != nil || totals.serverCores != nil {
      rows.append(
        (
          "server",
          "\(LoadText.cores(totals.serverCores)) cores under full load, at most \(LoadText.cores(totals.serverCoresMax)) · "
            + "\(LoadText.megabytes(totals.serverBytesMax)) resident at most"
        ))
    }
    if totals.canaries.count > 0 { rows.append(("canaries", canaries)) }
    rows.append(("generator", generator))
    return rows
  }

  private var canaries: String {
    let found = result.totals.canaries
    var text = "\(found.passed) passed · \(found.failed) failed · \(found.invalid) invalid"
    if found.latency.count > 0 {
      text +=
        " · latency \(LoadPrinter.latencies(found.latency)); audible \(LoadText.milliseconds(found.onset.percentile(50))) "
      text += "after the first packet at the median"
    }
    return text
  }

  private var generator: String {
    let figures = result.totals.figures
    let cores = result.totals.samples.map(\.generatorCores).max()
    return
      "\(LoadText.cores(cores)) cores at most · \(LoadText.share(figures.framesSentLate, of: figures.framesSent)) of "
      + "\(figures.framesSent) frames sent late"
  }

  /// What it comes to, in a sentence.
  public var verdict: String {
    let broken = result.findings.filter { !$0.holds }.count
    let end =
      switch result.ending {
      case .finished: ""
      case .stopped: " Stopped before the end of the plan."
      case .aborted(let threshold): " Ended early: \(threshold) was hopeless."
      case .targetGone: " Ended early: the target was gone."
      }
    switch result.verdict {
    case .passed: return "Passed: every threshold was kept.\(end)"
    case .failed:
      return "Failed: \(broken) of \(result.findings.count) thresholds \(broken == 1 ? "was" : "were") not kept.\(end)"
    case .invalid:
      return
        "Invalid: \(LoadText.decimals(result.ownLatePercent, 1)) % of the generator's own frames left over 20 ms late, so that "
        + "nothing is known of the server. Give the generator a core of its own, or fewer calls.\(end)"
    case .unreachable: return "Nobody answered at \(result.url)."
    }
  }
}

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
    let figures = result.totals.figures
    let latency = [50.0, 95, 99].map { LoadText.milliseconds(figures.turnLatency.percentile($0)) }
    let verdict = result.verdict == .invalid ? "invalid" : probe.held ? "yes" : "no"
    return [
      "\(probe.calls)\(probe.isConfirmation ? " again" : "")", verdict, latency[0], latency[1], latency[2],
      LoadText.share(figures.framesLate, of: figures.framesReceived), "\(figures.refused)", "\(figures.failed)",
      LoadText.cores(result.totals.serverCores),
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
