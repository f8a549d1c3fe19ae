/// A second-order section of a low-pass or high-pass filter, in the transposed direct form II.
struct Biquad: Sendable {
  /// On the input.
  private let gain: Double
  /// The numerator is 1, `middle`, 1: 2 for a low-pass, −2 for a high-pass.
  private let middle: Double
  /// The denominator is 1, `first`, `second`.
  private let first: Double
  private let second: Double
  private var memory = (0.0, 0.0)
  /// Below this the memory is silence. 10⁻¹⁵ of a sample; what fades for seconds would end in numbers that are slow to compute with.
  private static let silence = 1e-15

  init(gain: Double, middle: Double, first: Double, second: Double) {
    self.gain = gain
    self.middle = middle
    self.first = first
    self.second = second
  }

  /// Filters a piece of a stream in place.
  mutating func pass(_ samples: UnsafeMutableBufferPointer<Double>) {
    var (one, two) = memory
    for index in samples.indices {
      let input = samples[index] * gain
      let output = input + one
      one = middle * input - first * output + two
      two = input - second * output
      samples[index] = output
    }
    memory = (abs(one) < Self.silence ? 0 : one, abs(two) < Self.silence ? 0 : two)
  }
}
