import CallCore

/// Makes one load test of several that were placed at the same time, each by a generator that knows nothing of the others.
///
/// Counts and histograms are added, and thresholds are judged over the whole. The first seconds of all make the first second, and so on: the
/// loads are taken as begun at the same moment, whatever their clocks said.
package enum LoadReportMerge {
  /// - Parameter reports: one and up.
  package static func merged(_ reports: [LoadReport]) -> LoadResult {
    let results = reports.map(\.result)
    let totals = totals(of: results.map(\.totals))
    var thresholds: [Threshold] = []
    for finding in results.flatMap(\.findings) where !thresholds.contains(where: { $0.text == finding.threshold.text })
    {
      thresholds.append(finding.threshold)
    }
    var result = LoadResult(
      url: texts(results.map(\.url)), plan: texts(results.map(\.plan)), mix: mix(of: results),
      seed: results[0].seed,
      startedAtUnixMicroseconds: results.map(\.startedAtUnixMicroseconds).filter { $0 != 0 }.min() ?? 0,
      duration: results.map(\.duration).max() ?? .zero, ending: ending(of: results.map(\.ending)), totals: totals,
      findings: thresholds.map { ThresholdFinding($0, in: totals) }, loops: results.map(\.loops).reduce(0, +))
    result.generators = reports.flatMap(generators)
    return result
  }

  private static func texts(_ texts: [String]) -> String {
    var known: [String] = []
    for text in texts where !known.contains(text) { known.append(text) }
    return known.count == 1 ? "\(known[0])" : known.joined(separator: " + ")
  }

  private static func mix(of results: [LoadResult]) -> [(id: String, weight: Int)] {
    var mix: [(id: String, weight: Int)] = []
    for one in results.flatMap(\.mix) where !mix.contains(where: { $0.id == one.id }) { mix.append(one) }
    return mix
  }

  /// What happened to one of them happened to the whole; the worst is told.
  private static func ending(of endings: [LoadResult.Ending]) -> LoadResult.Ending {
    let aborted = endings.first { if case .aborted = $0 { true } else { false } }
    if endings.allSatisfy({ $0 == .targetGone }) { return .targetGone }
    return aborted ?? endings.first { $0 != .finished } ?? .finished
  }

  private static func generators(of report: LoadReport) -> [GeneratorResult] {
    let result = report.result
    guard result.generators.isEmpty else { return result.generators }
    var generator = GeneratorResult(name: report.name)
    let figures = result.totals.figures
    (generator.offered, generator.framesSent) = (figures.offered, figures.framesSent)
    generator.framesSentLate = figures.framesSentLate
    generator.coresMax = result.totals.samples.map(\.generatorCores).max() ?? 0
    if figures.wasHeldUp { generator.problem = .heldUp(figures.ownLatePercent) }
    return [generator]
  }

  private static func totals(of parts: [LoadTotals]) -> LoadTotals {
    var totals = LoadTotals()
    for part in parts {
      totals.figures += part.figures
      totals.canaries.add(part.canaries)
      totals.givenUp += part.givenUp
    }
    for index in 0..<(parts.map(\.samples.count).max() ?? 0) {
      totals.add(sample(index, of: parts.map(\.samples)))
    }
    totals.planDuration = totals.samples.last?.at ?? .zero
    return totals
  }

  /// One that has ended before keeps its sums, and no call of it is up.
  private static func sample(_ index: Int, of parts: [[LoadSample]]) -> LoadSample {
    let there = parts.filter { index < $0.count }.map { $0[index] }
    var sample = LoadSample(at: there.map(\.at).max() ?? .zero)
    var record = LatencyRecord()
    for one in there {
      sample.active += one.active
      sample.connecting += one.connecting
      sample.framesReceived += one.framesReceived
      sample.framesLate += one.framesLate
      sample.framesSent += one.framesSent
      sample.framesSentLate += one.framesSentLate
      sample.turns += one.turns
      sample.generatorCores += one.generatorCores
      let isRecord = record.add(counts: one.latencyCounts)
      precondition(isRecord, "what was read is a record")
    }
    for one in parts.compactMap({ $0.prefix(index + 1).last }) {
      sample.offered += one.offered
      sample.refused += one.refused
      sample.failed += one.failed
      sample.completed += one.completed
    }
    sample.isFull = there.allSatisfy(\.isFull)
    // All of them watched the same servers.
    sample.serverCores = there.compactMap(\.serverCores).max()
    sample.serverBytes = there.compactMap(\.serverBytes).max()
    sample.setLatencies(of: record)
    return sample
  }
}
