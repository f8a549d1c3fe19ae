import CallCore

/// What the terminal shows of a load test: one line a second, or a whole screen.
public struct LoadPrinter: Sendable {
  private let progress: LoadRun.Progress
  private let totals: LoadTotals
  private let figures: LoadFigures

  /// - Parameter progress: what to show.
  public init(_ progress: LoadRun.Progress) {
    self.progress = progress
    totals = progress.totals
    figures = progress.totals.figures
  }

  /// Where nobody looks: one line.
  public var line: String {
    guard let now = totals.samples.last else { return "" }
    var parts = [
      "\(LoadText.clock(now.at))", "\(now.active) up", "\(now.offered) begun", "\(now.refused) refused",
      "\(now.failed) failed", "latency \(Self.latencies(figures.turnLatency))",
      "late \(LoadText.share(figures.framesLate, of: figures.framesReceived))",
    ]
    if now.serverCores != nil || now.serverBytes != nil {
      parts.append("server \(LoadText.cores(now.serverCores)) cores, \(LoadText.megabytes(now.serverBytes))")
    }
    parts.append("own late \(LoadText.share(figures.framesSentLate, of: figures.framesSent))")
    return parts.joined(separator: " · ")
  }

  /// The screen: a name and its figures in each line.
  public var rows: [(name: String, text: String)] {
    guard let now = totals.samples.last else { return [] }
    return [
      (
        "time",
        "\(LoadText.clock(now.at)) of \(LoadText.clock(progress.duration))\(progress.isEnding ? ", calls end" : "")"
      ),
      (
        "calls",
        "\(now.active) up · \(now.connecting) connecting · \(now.offered) begun · \(now.completed) completed · "
          + "\(now.refused) refused · \(now.failed) failed"
      ),
      ("turn latency", "\(Self.latencies(figures.turnLatency)) of \(figures.turns) turns · \(missed)"),
      ("this second", "p50 \(LoadText.milliseconds(now.latencyP50)) · p95 \(LoadText.milliseconds(now.latencyP95))"),
      (
        "last minute", Self.sparkline(totals.samples.suffix(60).map { $0.latencyP95.map { $0.seconds } ?? 0 }) + "  p95"
      ),
      (
        "agent frames",
        "\(LoadText.share(figures.framesLate, of: figures.framesReceived)) late of \(figures.framesReceived) · "
          + "\(figures.gaps) gaps heard"
      ),
      (
        "server",
        "\(LoadText.cores(now.serverCores)) cores · \(LoadText.megabytes(now.serverBytes)) resident"
      ),
      (
        "generator",
        "\(LoadText.cores(now.generatorCores)) cores · \(LoadText.share(figures.framesSentLate, of: figures.framesSent)) of "
          + "\(figures.framesSent) frames sent late"
      ),
      ("canaries", canaries),
    ]
  }

  private var missed: String { "\(figures.turnsMissed) not answered" }

  private var canaries: String {
    let found = totals.canaries
    guard found.count > 0 else { return "none scored yet" }
    return "\(found.passed) passed · \(found.failed) failed · \(found.invalid) invalid"
  }

  static func latencies(_ record: LatencyRecord) -> String {
    guard record.count > 0 else { return "–" }
    let parts = [("p50", 50.0), ("p95", 95), ("p99", 99)].map { name, share in
      "\(name) \(LoadText.milliseconds(record.percentile(share)))"
    }
    return parts.joined(separator: " · ")
  }

  /// A small chart in one line, scaled to its highest value.
  static func sparkline(_ values: [Double]) -> String {
    let bars = Array("▁▂▃▄▅▆▇█")
    let top = values.max() ?? 0
    guard top > 0 else { return String(repeating: bars[0], count: values.count) }
    return String(values.map { bars[min(Int($0 / top * Double(bars.count - 1) + 0.5), bars.count - 1)] })
  }
}
