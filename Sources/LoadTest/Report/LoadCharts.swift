import CallCore

struct LoadCharts {
  let result: LoadResult

  private var samples: [LoadSample] { result.totals.samples }

  /// In the order of the page; none without a second.
  var all: [LoadChart] {
    guard !samples.isEmpty else { return [] }
    var charts = [calls, latency, frames]
    if samples.contains(where: { $0.serverCores != nil }) { charts.append(cores) }
    if samples.contains(where: { $0.serverBytes != nil }) { charts.append(memory) }
    return charts + [generator]
  }

  private var calls: LoadChart {
    var series = [line("at once", "one") { Double($0.active) }]
    // Rates, so that a count over the whole run does not flatten the calls that are up.
    if samples.contains(where: { $0.refused > 0 }) {
      series.append(LoadChart.Series(name: "refused each second", tone: "two", values: perSecond(\.refused)))
    }
    if samples.contains(where: { $0.failed > 0 }) {
      series.append(LoadChart.Series(name: "failed each second", tone: "five", values: perSecond(\.failed)))
    }
    return chart("Calls", "", least: 4, series)
  }

  private var latency: LoadChart {
    chart(
      "Turn latency, ms", "ms", least: 400, limit: limit(.turnLatency),
      [
        line("p50", "four") { $0.latencyP50.map { Double($0.milliseconds) } },
        line("p95", "one") { $0.latencyP95.map { Double($0.milliseconds) } },
        line("p99", "three") { $0.latencyP99.map { Double($0.milliseconds) } },
      ])
  }

  private var frames: LoadChart {
    chart(
      "Agent frames late, %", "per cent", least: 2, decimals: 1, limit: limit(.framesLate),
      [line("late", "one") { share($0.framesLate, of: $0.framesReceived) }])
  }

  private var cores: LoadChart {
    chart("Server, cores", "cores", least: 1, decimals: 2, [line("cores", "one") { $0.serverCores }])
  }

  private var memory: LoadChart {
    chart(
      "Server, resident MB", "megabytes", least: 40,
      [line("resident", "one") { $0.serverBytes.map { Double($0) / 1_000_000 } }])
  }

  private var generator: LoadChart {
    chart(
      "Generator", "", least: 1, decimals: 2,
      [
        line("cores", "one") { $0.generatorCores },
        line("frames sent late, %", "five") { share($0.framesSentLate, of: $0.framesSent) },
      ])
  }

  private func chart(
    _ title: String, _ unit: String, least: Double, decimals: Int = 0, limit: Double? = nil,
    _ series: [LoadChart.Series]
  ) -> LoadChart {
    LoadChart(
      title: title, unit: unit, least: least, decimals: decimals, series: series, limit: limit,
      times: samples.map(\.at))
  }

  private func line(_ name: String, _ tone: String, _ value: (LoadSample) -> Double?) -> LoadChart.Series {
    LoadChart.Series(name: name, tone: tone, values: samples.map(value))
  }

  private func perSecond(_ count: KeyPath<LoadSample, Int>) -> [Double?] {
    samples.indices.map { Double(samples[$0][keyPath: count] - ($0 > 0 ? samples[$0 - 1][keyPath: count] : 0)) }
  }

  private func share(_ part: Int, of whole: Int) -> Double? { whole == 0 ? nil : Double(part) * 100 / Double(whole) }

  private func limit(_ figure: ThresholdFigure) -> Double? {
    result.findings.first { $0.threshold.figure == figure && ($0.threshold.isShare || figure.sort == .wait) }?.threshold
      .limit
  }
}
