/// Measures the pitch of a voice by autocorrelation.
public enum PitchMeter {
  /// Pitches looked for, in Hz.
  private static let pitches = 50...420
  /// How alike two periods must be to count as voiced.
  private static let likenessMin = 0.7
  /// Rate that is measured at: 8 kHz holds all that matters here.
  private static let rate = 8000
  /// Longest stretch that is compared, 60 ms: three periods of the lowest voices.
  private static let length = rate * 6 / 100

  /// - Returns: the median over the voiced pieces of 60 ms, in Hz; `nil` when fewer than ten are voiced.
  public static func median(_ speech: PCMBuffer) -> Double? {
    let step = max(speech.sampleRate / rate, 1)
    let samples = stride(from: 0, to: speech.samples.count, by: step).map { Double(speech.samples[$0]) }
    let ownRate = Double(speech.sampleRate) / Double(step)
    let loudness = samples.isEmpty ? 0 : samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
    let found = stride(from: 0, to: max(samples.count - length, 0), by: rate / 50).compactMap {
      pitch(samples[$0..<($0 + length)], rate: ownRate, loudness: loudness)
    }.sorted()
    return found.count < 10 ? nil : found[found.count / 2]
  }

  private static func pitch(_ piece: ArraySlice<Double>, rate: Double, loudness: Double) -> Double? {
    let samples = Array(piece)
    guard samples.reduce(0, { $0 + $1 * $1 }) / Double(samples.count) > max(loudness / 10, 1000) else { return nil }
    let lags = Int(rate) / pitches.upperBound...Int(rate) / pitches.lowerBound
    let scores = lags.map { likeness(samples, lag: $0) }
    guard let best = scores.max(), best >= likenessMin else { return nil }
    // The shortest period that is nearly as good: twice the period always is, too.
    guard let index = scores.indices.first(where: { scores[$0] > best - 0.03 && isPeak($0, scores) }) else {
      return nil
    }
    return rate / (Double(lags.lowerBound + index) + refinement(index, scores))
  }

  private static func isPeak(_ index: Int, _ scores: [Double]) -> Bool {
    index > 0 && index + 1 < scores.count && scores[index] >= scores[index - 1] && scores[index] >= scores[index + 1]
  }

  /// The peak of the parabola through a score and its neighbours, −0.5 … 0.5: periods are no whole samples.
  private static func refinement(_ index: Int, _ scores: [Double]) -> Double {
    let (before, here, after) = (scores[index - 1], scores[index], scores[index + 1])
    let curve = before - 2 * here + after
    return curve < 0 ? (before - after) / (2 * curve) : 0
  }

  /// Correlation of the piece with itself `lag` samples later, −1 … 1.
  private static func likeness(_ samples: [Double], lag: Int) -> Double {
    var (product, first, second) = (0.0, 1.0, 1.0)
    for index in 0..<(samples.count - lag) {
      product += samples[index] * samples[index + lag]
      first += samples[index] * samples[index]
      second += samples[index + lag] * samples[index + lag]
    }
    return product / (first * second).squareRoot()
  }
}
