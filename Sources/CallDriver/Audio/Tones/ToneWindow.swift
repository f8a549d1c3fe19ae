/// The last samples of a telephone line, for detectors that look for tones in them: 8 kHz, weighted so that a tone stands out from its neighbours.
///
/// Of 16 kHz every two samples make one, as their mean. What that folds onto the tones from above, 6.3 kHz and more, is at least 10 dB softer, and a
/// telephone has nothing there. Additions and multiplications alone, in a fixed order, so that replays are exact.
struct ToneWindow: Sendable {
  private let count: Int
  private let hop: Int
  private let weights: [Double]
  private var samples: [Double]
  /// Samples of the next hop that are there.
  private var fill = 0
  /// The first of two samples that make one.
  private var half: Int16?
  /// The weighted samples of the window that is looked at.
  private(set) var weighted: [Double]
  /// Sum of the squares of `weighted`.
  private(set) var energy = 0.0
  /// Sums of the weights and of their squares.
  let (weightSum, weightPower): (Double, Double)

  /// - Parameters:
  ///   - count: samples of a window.
  ///   - hop: samples from one window to the next.
  ///   - edge: weight of the first and the last sample: 0.08 is Hamming's window, 0 is Hann's.
  ///   - turn: 2 cos(2π/(count − 1)).
  init(count: Int, hop: Int, edge: Double, turn: Double) {
    (self.count, self.hop) = (count, hop)
    var (before, now) = (turn / 2, 1.0)
    weights = (0..<count).map { _ in
      defer { (before, now) = (now, turn * now - before) }
      return (1 + edge) / 2 - (1 - edge) / 2 * now
    }
    samples = Array(repeating: 0, count: count)
    weighted = samples
    weightSum = weights.reduce(0, +)
    weightPower = weights.reduce(0) { $0 + $1 * $1 }
  }

  /// Takes in the next sample at 16 kHz.
  /// - Returns: whether a window is complete: `weighted` and `energy` are its.
  mutating func add(_ sample: Int16) -> Bool {
    guard let first = half else {
      half = sample
      return false
    }
    half = nil
    if fill == 0 {
      samples.withUnsafeMutableBufferPointer { all in
        for index in 0..<(count - hop) { all[index] = all[index + hop] }
      }
    }
    samples[count - hop + fill] = Double(Int(first) + Int(sample)) / 2
    fill += 1
    guard fill == hop else { return false }
    fill = 0
    weigh()
    return true
  }

  /// What comes next does not follow what came last.
  mutating func reset() {
    for index in samples.indices { samples[index] = 0 }
    (fill, half) = (0, nil)
  }

  private mutating func weigh() {
    var sum = 0.0
    weighted.withUnsafeMutableBufferPointer { weighted in
      weights.withUnsafeBufferPointer { weights in
        samples.withUnsafeBufferPointer { samples in
          for index in 0..<count {
            let value = samples[index] * weights[index]
            weighted[index] = value
            sum += value * value
          }
        }
      }
    }
    energy = sum
  }

  /// Mean square of the samples, as far as weights let it be known.
  var power: Double { energy / weightPower }

  /// Power of the window at one frequency, by Goertzel's recurrence. Of a sine of amplitude a it is `(a · weightSum / 2)²`.
  /// - Parameter turn: 2 cos(2πf/8000).
  func power(turn: Double) -> Double {
    weighted.withUnsafeBufferPointer { samples in
      var (one, two) = (0.0, 0.0)
      for index in 0..<count {
        let value = turn * one + (samples[index] - two)
        (two, one) = (one, value)
      }
      return one * one + two * two - turn * one * two
    }
  }
}
