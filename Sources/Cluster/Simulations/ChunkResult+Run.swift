package import CallDriver
package import Simulation

extension ChunkResult {
  /// Where sound files lie, as seen from the page.
  package static let soundFolder = "calls"

  /// What a worker leaves of calls that it held: of those that passed their figures and their part of each report, of the others their sound
  /// and its labels, too, as files `calls/NAME.wav` and `calls/NAME.txt`. Sound beyond `ChunkQueueLimits.filesBytesMax` is left out, the last
  /// calls' first, and the page says so.
  /// - Parameters:
  ///   - run: every call of `plan` was held.
  ///   - plan: has a shard.
  package init?(_ run: SimulationRun, of plan: RunPlan) {
    var (run, files, bytes) = (run, [String: [UInt8]](), 0)
    for index in run.results.indices {
      let result = run.results[index]
      guard let tracks = result.evidence.tracks else { continue }
      let sound = result.verdict == .passed ? [] : CallSound.wav(of: tracks)
      guard !sound.isEmpty, bytes + sound.count <= ChunkQueueLimits.filesBytesMax else {
        run.results[index].evidence.tracks = nil
        continue
      }
      bytes += sound.count
      files["\(Self.soundFolder)/\(result.fileName).wav"] = sound
      files["\(Self.soundFolder)/\(result.fileName).txt"] = Array(AudacityLabels.text(of: result).utf8)
    }
    guard let report = ShardReport(run, of: plan, soundFolder: Self.soundFolder) else { return nil }
    self.init(report: report.bytes, files: files, failed: run.count(.failed), invalid: run.count(.invalid))
  }
}
