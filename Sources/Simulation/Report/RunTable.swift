import CallCore

/// A run as a table for the terminal: cells, not lines, because only who prints them knows the width and the colours. No cell holds
/// control characters or line ends.
public struct RunTable: Sendable {
  /// Names of the columns.
  public static let head = ["", "case", "turns", "latency p50", "p95", "yield", "word errors", "length", "reason"]

  /// A result that did not pass.
  public struct Failure: Sendable, Equatable {
    /// Failed or invalid.
    public var verdict: Verdict
    /// The case, and which attempt where there are several.
    public var name: String
    /// Why, each with its moment; at least one.
    public var reasons: [String]
    /// The command that repeats it.
    public var replay: String
  }

  /// One for each result, with a cell for each column of `head`; attempts that came out alike because nothing in their case is drawn
  /// from the seed are one.
  public var rows: [[String]]
  /// The verdict of each row, for its colour.
  public var verdicts: [Verdict]
  /// Such as `3 passed, 1 failed, 1 invalid · 5 calls of 61.2 s · latency p50 620 ms, p95 810 ms of 14 turns`.
  public var summary: String
  /// What did not pass, in the order of the run.
  public var failures: [Failure]
  /// What else is to be known of a result, such as expectations that were skipped.
  public var notes: [String]

  /// Lays out `run`.
  public init(_ run: SimulationRun) {
    let lines = AlikeAttempts.all(of: run, cells: Self.cells)
    rows = lines.map { Self.row(of: $0, in: run) }
    verdicts = lines.map(\.result.verdict)
    summary = Self.summary(of: run.summary)
    notes = lines.flatMap { ReportText.notes(of: $0.result, named: $0.name(in: run)) }
    notes += lines.compactMap(\.note)
    notes += Self.notes(of: run.summary)
    failures = lines.filter { $0.result.verdict != .passed }.map { line in
      Self.failure(line.result, named: line.name(in: run))
    }
  }

  /// Of a run whose results are not at hand.
  init(_ run: RunSummary, rows: [[String]], failures: [Failure], notes: [String]) {
    (self.rows, self.failures) = (rows, failures)
    verdicts = run.calls.map(\.verdict)
    summary = Self.summary(of: run)
    self.notes = notes + Self.notes(of: run)
  }

  static func failure(_ result: CaseResult, named name: String) -> Failure {
    Failure(
      verdict: result.verdict, name: ReportText.line(name), reasons: reasons(of: result),
      replay: ReportText.line(result.replay))
  }

  private static func notes(of run: RunSummary) -> [String] {
    let spoiled = ReportText.spoiledCalls(of: run)
    return VariedShare.lines(of: run) + VariedShare.missingRows(of: run) + (spoiled.isEmpty ? [] : [spoiled])
  }

  /// `✓`, `✗`, or `!` for what is invalid.
  public static func mark(_ verdict: Verdict) -> String {
    switch verdict {
    case .passed: "✓"
    case .failed: "✗"
    case .invalid: "!"
    }
  }

  private static func row(of line: AlikeAttempts, in run: SimulationRun) -> [String] {
    row(of: line.result, named: line.name(in: run))
  }

  static func row(of result: CaseResult, named name: String) -> [String] {
    [mark(result.verdict), ReportText.line(name)] + cells(of: result)
  }

  private static func cells(of result: CaseResult) -> [String] {
    let metrics = result.metrics
    return [
      "\(metrics.turnsReached)/\(metrics.turnsWritten)",
      cell(Percentile.of(metrics.latencies, 50)), cell(Percentile.of(metrics.latencies, 95)),
      cell(metrics.yields.max()),
      metrics.wordErrors.map { "\($0.errors)/\($0.referenceWords)" } ?? "–", ReportText.seconds(metrics.duration),
      result.reasons.first.map { ReportText.line(ReportText.finding($0)) } ?? "",
    ]
  }

  private static func cell(_ span: CallDuration?) -> String { span.map(ReportText.milliseconds) ?? "–" }

  private static func reasons(of result: CaseResult) -> [String] {
    guard !result.reasons.isEmpty else { return ["no reason was given"] }
    let varied = ReportText.varied(result.testCase)
    return result.reasons.map { ReportText.line(ReportText.finding($0)) + ReportText.place($0) }
      + (varied.isEmpty ? [] : [ReportText.line("with \(varied)")])
  }

  private static func summary(of run: RunSummary) -> String {
    let figures = RunFigures(run)
    var counts = ["\(run.count(.passed)) passed"]
    for (count, name) in [
      (run.count(.failed), "failed"), (run.count(.invalid), "invalid"), (run.notRun.count, "not run"),
    ] where count > 0 { counts.append("\(count) \(name)") }
    var parts = [
      counts.joined(separator: ", "),
      "\(ReportText.counted(run.calls.count, "call")) of \(ReportText.seconds(figures.duration))",
    ]
    if let passed = RepeatedCase.shares(of: run) {
      parts.append("pass@\(run.repeats) \(passed.once), pass^\(run.repeats) \(passed.always)")
    }
    if let p50 = Percentile.of(figures.latencies, 50), let p95 = Percentile.of(figures.latencies, 95) {
      parts.append(
        "latency p50 \(ReportText.milliseconds(p50)), p95 \(ReportText.milliseconds(p95)) of "
          + ReportText.counted(figures.latencies.count, "turn"))
    }
    let judged: [TurnEnding] = [.meaning, .longSilence]
    if judged.contains(where: { figures.latenciesByEnding[$0] != nil }) {
      parts += (judged + [.silence]).compactMap { ending in
        guard let spans = figures.latenciesByEnding[ending], let p50 = Percentile.of(spans, 50) else { return nil }
        return
          "\(ReportText.counted(spans.count, "turn")) ended by \(ending.words), p50 \(ReportText.milliseconds(p50))"
      }
      parts.append(
        "the agent cut off \(ReportText.share(figures.agentInterruptions.count, of: figures.agentInterruptions.ofTurns, "spoken turn")), "
          + "\(figures.falseEnds) in a pause"
      )
    }
    if let slowest = figures.yields.max() {
      parts.append("yield at most \(ReportText.milliseconds(slowest)) in \(figures.yields.count)")
    }
    if let errors = figures.wordErrors { parts.append("word errors \(ReportText.errors(errors))") }
    return parts.joined(separator: " · ")
  }
}
