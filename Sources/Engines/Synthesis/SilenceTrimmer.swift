import CallDriver

/// Cuts the silence around speech: it is pure turn latency (hibari begins after 0.26 to 0.33 s of it).
enum SilenceTrimmer {
  /// Kept before the first and after the last sound: 1/50 s = 20 ms.
  private static let keptPerSecond = 50
  /// A sound is a sample above 1/128 (-42 dB) of the loudest one: below that lies the vocoder's noise floor, above it the
  /// onset of the softest consonants.
  private static let soundShare = 128

  /// - Returns: an empty buffer when there is no sound at all.
  static func trim(_ speech: PCMBuffer) -> PCMBuffer {
    let samples = speech.samples
    let peak = samples.reduce(0) { max($0, Int($1.magnitude)) }
    let threshold = max(peak / soundShare, 1)
    guard let first = samples.firstIndex(where: { Int($0.magnitude) > threshold }),
      let last = samples.lastIndex(where: { Int($0.magnitude) > threshold })
    else { return PCMBuffer(sampleRate: speech.sampleRate, samples: []) }
    let kept = speech.sampleRate / keptPerSecond
    let range = max(first - kept, 0)..<min(last + 1 + kept, samples.count)
    return PCMBuffer(sampleRate: speech.sampleRate, samples: Array(samples[range]))
  }
}
