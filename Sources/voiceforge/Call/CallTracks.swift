import CallClient

/// Both sides of a call as the caller experienced them, on one clock.
enum CallTracks {
  /// Samples a second of both.
  static let sampleRate = 16_000

  /// Caller left, agent right, interleaved; the shorter side ends in silence.
  static func stereo(of report: CallerReport) -> [Int16] {
    let (left, right) = (report.callerSamples, report.agentSamples)
    let length = max(left.count, right.count)
    var samples = [Int16](repeating: 0, count: length * 2)
    for (index, sample) in left.enumerated() { samples[index * 2] = sample }
    for (index, sample) in right.enumerated() { samples[index * 2 + 1] = sample }
    return samples
  }
}
