import Glibc

/// The average shape of a voice's spectrum, by linear prediction (Makhoul 1975), from which the length of its vocal tract is
/// compared with another's: a longer one has all its formants lower.
struct VocalTract {
  /// Poles: two for each kilohertz and two for the slope, as usual at 16 kHz.
  private static let order = 18
  /// Frames of 32 ms, every 16 ms.
  private static let frame = 512
  private static let hop = 256
  private static let sampleRate = 16_000.0
  /// Frequencies that are compared, in Hz: formants of speech, and those that telephones carry.
  private static let lowest = 300.0
  private static let highest = 4500.0
  private static let step = 25.0

  /// Mean of the logarithms of the frames' spectra at 0, `step`, 2·`step` … up to the half of the rate.
  private let envelope: [Double]

  /// - Parameter samples: 16 kHz mono; what is quiet in it is left out.
  /// - Returns: `nil` when nothing is loud enough.
  init?(_ samples: [Int16]) {
    let window = (0..<Self.frame).map { 0.54 - 0.46 * cos(2 * Double.pi * Double($0) / Double(Self.frame - 1)) }
    let starts = stride(from: 0, to: samples.count - Self.frame, by: Self.hop).map { start in
      (start, samples[start..<(start + Self.frame)].reduce(0.0) { $0 + Double($1) * Double($1) })
    }
    let loudest = starts.map(\.1).max() ?? 0
    var sum = [Double](repeating: 0, count: Int(Self.sampleRate / 2 / Self.step) + 1)
    var count = 0
    for (start, energy) in starts where energy > loudest / 100 && energy > 1e6 {
      let piece = (0..<Self.frame).map { Double(samples[start + $0]) * window[$0] }
      guard let poles = Self.prediction(of: piece) else { continue }
      for index in sum.indices { sum[index] += Self.logarithm(of: poles, at: Double(index) * Self.step) }
      count += 1
    }
    guard count >= 20 else { return nil }
    envelope = sum.map { $0 / Double(count) }
  }

  /// The factor on `other`'s frequencies that makes its spectrum most like this one: below 1 this tract is longer.
  func factor(against other: VocalTract, within range: ClosedRange<Double>) -> Double {
    let own = bands(factor: 1)
    var (best, distance) = (1.0, Double.infinity)
    for hundredths in stride(from: Int(range.lowerBound * 200), through: Int(range.upperBound * 200), by: 1) {
      let factor = Double(hundredths) / 200
      let theirs = other.bands(factor: factor)
      let off = zip(own, theirs).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      if off < distance { (best, distance) = (factor, off) }
    }
    return best
  }

  /// The spectrum with its frequencies stretched, without level and slope: those belong to the microphone and the larynx.
  private func bands(factor: Double) -> [Double] {
    let values = stride(from: Self.lowest, through: Self.highest, by: Self.step).map { hertz in
      let place = min(hertz / factor / Self.step, Double(envelope.count - 2))
      let index = Int(place)
      return envelope[index] + (envelope[index + 1] - envelope[index]) * (place - Double(index))
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let middle = (count - 1) / 2
    var (slope, spread) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      slope += (Double(index) - middle) * (value - mean)
      spread += (Double(index) - middle) * (Double(index) - middle)
    }
    return values.enumerated().map { $1 - mean - slope / spread * (Double($0) - middle) }
  }

  /// Levinson's recursion. `nil` for silence.
  private static func prediction(of piece: [Double]) -> (poles: [Double], error: Double)? {
    // A rise of 6 dB an octave lets the upper formants count.
    let rising = (1..<piece.count).map { piece[$0] - 0.97 * piece[$0 - 1] }
    let correlation = (0...order).map { lag in
      (0..<(rising.count - lag)).reduce(0.0) { $0 + rising[$1] * rising[$1 + lag] }
    }
    guard correlation[0] > 0 else { return nil }
    var (poles, error) = ([1.0], correlation[0] * 1.0001)
    for index in 1...order {
      let reflection = -(0..<index).reduce(0.0) { $0 + poles[$1] * correlation[index - $1] } / error
      let padded = poles + [0]
      poles = (0...index).map { padded[$0] + reflection * padded[index - $0] }
      error *= 1 - reflection * reflection
      guard error > 0 else { return nil }
    }
    return (poles, error)
  }

  private static func logarithm(of prediction: (poles: [Double], error: Double), at hertz: Double) -> Double {
    let turn = 2 * Double.pi * hertz / sampleRate
    var (real, imaginary) = (0.0, 0.0)
    for (index, pole) in prediction.poles.enumerated() {
      real += pole * cos(turn * Double(index))
      imaginary -= pole * sin(turn * Double(index))
    }
    return log(prediction.error) - log(max(real * real + imaginary * imaginary, 1e-12))
  }
}
