import CallDriver

/// Measures the pitch of speech by autocorrelation.
enum PitchMeter {
  /// Pitches looked for, in Hz.
  private static let pitches = 40...450
  /// How alike two periods must be to count as voiced, in hundredths.
  private static let likenessMin = 70

  /// - Returns: the median over the voiced pieces of 60 ms, in Hz; 0 when nothing is voiced.
  static func median(_ speech: PCMBuffer) -> Double {
    // Every third sample at most: 8 kHz holds all that matters here, and it is quick.
    let step = max(speech.sampleRate / 8000, 1)
    let rate = speech.sampleRate / step
    let samples = stride(from: 0, to: speech.samples.count, by: step).map { Int(speech.samples[$0]) }
    let length = rate * 6 / 100
    let pitches = stride(from: 0, to: samples.count - length, by: rate / 50).compactMap {
      pitch(of: samples[$0..<($0 + length)], rate: rate)
    }.sorted()
    return pitches.isEmpty ? 0 : pitches[pitches.count / 2]
  }

  private static func pitch(of piece: ArraySlice<Int>, rate: Int) -> Double? {
    let samples = Array(piece)
    guard samples.reduce(0, { $0 + $1 * $1 }) / samples.count > 250_000 else { return nil }
    let lags = (rate / pitches.upperBound)...(rate / pitches.lowerBound)
    let scores = lags.map { likeness(samples, lag: $0) }
    guard let best = scores.max(), best * 100 >= Double(likenessMin) else { return nil }
    // The shortest period that is as good: twice the period always is, too. Half of it comes close where a formant carries an even
    // harmonic.
    let index = scores.indices.first { scores[$0] > best - 0.03 && isPeak($0, scores) }
    return index.map { Double(rate) / Double(lags.lowerBound + $0) }
  }

  private static func isPeak(_ index: Int, _ scores: [Double]) -> Bool {
    index > 0 && index + 1 < scores.count && scores[index] >= scores[index - 1] && scores[index] >= scores[index + 1]
  }

  /// Correlation of the piece with itself `lag` samples later, −1 … 1.
  private static func likeness(_ samples: [Int], lag: Int) -> Double {
    var product = 0
    var first = 1
    var second = 1
    for index in 0..<(samples.count - lag) {
      product += samples[index] * samples[index + lag]
      first += samples[index] * samples[index]
      second += samples[index + lag] * samples[index + lag]
    }
    return Double(product) / (Double(first) * Double(second)).squareRoot()
  }
}
