import CallCore

/// What the terminal shows of a load test that goes on: one line a second, or a whole screen.
extension LoadTotals {
  /// Where nobody looks: one line.
  public var progressLine: String {
    guard let now = samples.last else { return "" }
    var parts = [
      "\(LoadText.clock(now.at))", "\(now.active) up", "\(now.offered) begun", "\(now.refused) refused",
      "\(now.failed) failed", "latency \(LoadText.latencies(figures.turnLatency))",
      "late \(LoadText.share(figures.framesLate, of: figures.framesReceived))",
    ]
    if now.serverCores != nil || now.serverBytes != nil {
      parts.append("server \(LoadText.cores(now.serverCores)) cores, \(LoadText.megabytes(now.serverBytes))")
    }
    parts.append("own late \(LoadText.share(figures.framesSentLate, of: figures.framesSent))")
    return parts.joined(separator: " · ")
  }

  /// The screen: a name and its figures in each line.
  public var progressRows: [(name: String, text: String)] {
    guard let now = samples.last else { return [] }
    return [
      (
        "time",
        "\(LoadText.clock(now.at)) of \(LoadText.clock(planDuration))\(isEnding ? ", calls end" : "")"
      ),
      (
        "calls",
        "\(now.active) up · \(now.connecting) connecting · \(now.offered) begun · \(now.completed) completed · "
          + "\(now.refused) refused · \(now.failed) failed"
      ),
      ("turn latency", figures.turnText),
      ("this second", "p50 \(LoadText.milliseconds(now.latencyP50)) · p95 \(LoadText.milliseconds(now.latencyP95))"),
      (
        "last minute", Self.sparkline(samples.suffix(60).map { $0.latencyP95.map { $0.seconds } ?? 0 }) + "  p95"
      ),
      ("agent frames", figures.frameText),
      ("server", "\(LoadText.cores(now.serverCores)) cores · \(LoadText.megabytes(now.serverBytes)) resident"),
      ("generator", "\(LoadText.cores(now.generatorCores)) cores · \(figures.sentText)"),
      ("canaries", canaries.count > 0 ? canaries.text : "none scored yet"),
    ]
  }

  /// A small chart in one line, scaled to its highest value.
  private static func sparkline(_ values: [Double]) -> String {
    let bars = Array("▁▂▃▄▅▆▇█")
    let top = values.max() ?? 0
    guard top > 0 else { return String(repeating: bars[0], count: values.count) }
    return String(values.map { bars[min(Int($0 / top * Double(bars.count - 1) + 0.5), bars.count - 1)] })
  }
}

/// What the screen and the summary say in the same words.
extension LoadFigures {
  /// Turns and how long they waited.
  var turnText: String { "\(LoadText.latencies(turnLatency)) of \(turns) turns · \(turnsMissed) not answered" }

  /// The agent's packets.
  var frameText: String {
    "\(LoadText.share(framesLate, of: framesReceived)) late of \(framesReceived) · \(gaps) gaps heard"
  }

  /// The generator's own packets.
  var sentText: String { "\(LoadText.share(framesSentLate, of: framesSent)) of \(framesSent) frames sent late" }
}

extension CanaryFigures {
  /// What came of them.
  var text: String { "\(passed) passed · \(failed) failed · \(invalid) invalid" }
}
