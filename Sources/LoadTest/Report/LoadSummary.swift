import CallCore

/// What came of a load test, in lines for a terminal.
extension LoadResult {
  /// A name and its figures in each line.
  public var summaryRows: [(name: String, text: String)] {
    let figures = totals.figures
    var rows = [
      ("plan", plan),
      (
        "calls",
        "\(figures.offered) begun · \(figures.completed) completed · \(figures.cutOff) hung up at the end · "
          + "\(figures.refused) refused · \(figures.failed) failed · at most \(totals.activeMax) at once"
      ),
    ]
    for (reason, count) in figures.refusals.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      rows.append(("", "\(count) × refused: \(reason)"))
    }
    for (reason, count) in figures.failures.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      rows.append(("", "\(count) × \(reason)"))
    }
    if totals.givenUp > 0 {
      rows.append(("given up", "\(totals.givenUp) calls, because so many were up as the plan allows"))
    }
    rows += [("turn latency", figures.turnText), ("agent frames", figures.frameText)]
    if totals.serverBytesMax != nil || totals.serverCores != nil {
      rows.append(
        (
          "server",
          "\(LoadText.cores(totals.serverCores)) cores under full load, at most \(LoadText.cores(totals.serverCoresMax)) · "
            + "\(LoadText.megabytes(totals.serverBytesMax)) resident at most"
        ))
    }
    if totals.canaries.count > 0 { rows.append(("canaries", canaries)) }
    let cores = totals.samples.map(\.generatorCores).max()
    rows.append(
      (generators.isEmpty ? "generator" : "generators", "\(LoadText.cores(cores)) cores at most · \(figures.sentText)"))
    return rows + generators.map { ("", $0.text) }
  }

  private var canaries: String {
    let found = totals.canaries
    guard found.latency.count > 0 else { return found.text }
    return "\(found.text) · latency \(LoadText.latencies(found.latency)); "
      + "audible \(LoadText.milliseconds(found.onset.percentile(50))) after the first packet at the median"
  }

  /// Whether a generator had too little of its machine.
  private var isHeldUp: Bool {
    guard !generators.isEmpty else { return true }
    return generators.contains { if case .heldUp = $0.problem { true } else { false } }
  }

  /// What it comes to, in a sentence.
  public var verdictText: String {
    let broken = findings.count { !$0.holds }
    let end =
      switch ending {
      case .finished: ""
      case .stopped: " Stopped before the end of the plan."
      case .aborted(let threshold): " Ended early: \(threshold) was hopeless."
      case .targetGone: " Ended early: the target was gone."
      }
    switch verdict {
    case .passed: return "Passed: every threshold was kept.\(end)"
    case .failed:
      return "Failed: \(broken) of \(findings.count) thresholds \(broken == 1 ? "was" : "were") not kept.\(end)"
    case .invalid:
      return
        "Invalid: \(problems.joined(separator: "; ")), so that nothing is known of the server."
        + (isHeldUp ? " Give the generator a core of its own, or fewer calls." : "") + end
    case .unreachable: return "Nobody answered at \(url)."
    }
  }
}

extension GeneratorResult {
  /// What it did, in a line.
  var text: String {
    let late = "\(LoadText.share(framesSentLate, of: framesSent)) of \(framesSent) frames sent late"
    let clock = clockError.map { " · clock set to \(LoadText.decimals(Double($0.microseconds) / 1000, 3)) ms" } ?? ""
    return "\(name): \(offered) calls begun · \(LoadText.cores(coresMax)) cores at most · \(late)\(clock)"
      + (problem == nil ? "" : " · worth nothing: \(problemText ?? "")")
  }
}

/// What came of a search for the highest load, in lines.
extension CapacityResult {
  /// Names of the columns.
  public static let head = [
    "calls", "held", "turn latency p50", "p95", "p99", "frames late", "refused", "failed", "server cores",
  ]

  /// A row for each run.
  public var rows: [[String]] { runs.map { Self.row($0.probe, $0.result) } }

  /// One row.
  public static func row(_ probe: CapacitySearch.Probe, _ result: LoadResult) -> [String] {
    let figures = result.totals.figures
    let latency = [50.0, 95, 99].map { LoadText.milliseconds(figures.turnLatency.percentile($0)) }
    let refused = "\(figures.refused)" + (figures.commonestRefusal.map { " \($0.prefix(14))" } ?? "")
    let verdict = result.verdict == .invalid ? "invalid" : probe.held ? "yes" : "no"
    return [
      "\(probe.calls)\(probe.isConfirmation ? " again" : "")", verdict, latency[0], latency[1], latency[2],
      LoadText.share(figures.framesLate, of: figures.framesReceived), refused, "\(figures.failed)",
      LoadText.cores(result.totals.serverCores),
    ]
  }

  /// What it comes to, in a sentence.
  public var verdictText: String {
    if let capacity {
      let least = capacity >= callsMax ? "at least " : ""
      return "The server holds \(least)\(capacity) calls at once within the thresholds, twice in a row."
    }
    if decisive?.verdict == .invalid {
      return "The search ended early: the generator itself was late, so that nothing is known of the server."
    }
    if isBroken { return "The search was stopped before its end." }
    return "No load held within the thresholds twice in a row."
  }
}
