import CallDriver

/// What a telephone makes of a voice: 300 to 3400 Hz, 8000 samples a second, µ-law.
///
/// A Butterworth high-pass of fourth order, −3 dB at 300 Hz, and a low-pass of sixth order before sampling at 8 kHz and once more
/// after it, −3 dB at 3400 Hz for both together (each −1.5 dB there, −3 dB at 3584.12 Hz). Every second sample is coded with G.711;
/// those between are zeros that the second low-pass fills in. It lags behind by less than 1 ms.
public struct TelephoneBand: Sendable {
  /// Butterworth sections by the bilinear transform at 16 kHz: the formulas of R. Bristow-Johnson's "Cookbook formulae for audio
  /// EQ biquad filter coefficients" with Q = 1 / (2 cos(π(2k+1)/2n)); SciPy's `butter` gives the same poles.
  private static let highPass = [
    Biquad(gain: 0.89892013519023670, middle: -2, first: -1.7915876967777840, second: 0.80409284398316282),
    Biquad(gain: 0.95363987437466540, middle: -2, first: -1.9006465638071275, second: 0.91391293369153370),
  ]
  private static let lowPass = [
    Biquad(gain: 0.21438295673866764, middle: 2, first: -0.16649536700650866, second: 0.02402719396117924),
    Biquad(gain: 0.24663138182568353, middle: 2, first: -0.19154033071036164, second: 0.17806585801309577),
    Biquad(gain: 0.33353024727635133, middle: 2, first: -0.25902824446879963, second: 0.59314923357420500),
  ]

  private var before = highPass + lowPass
  private var after = lowPass

  /// A line on which nothing was said yet.
  public init() {}

  /// A whole clip as it comes out of a telephone.
  /// - Parameter clip: 16 kHz mono; an odd last sample is lost.
  public static func passed(_ clip: [Int16]) -> [Int16] {
    var band = TelephoneBand()
    var samples = clip.dropLast(clip.count % 2).map(Double.init)
    samples.withUnsafeMutableBufferPointer { band.pass($0) }
    return samples.map(Gain.saturated)
  }

  /// Passes a piece of a stream on, in place. Allocates nothing.
  /// - Parameter samples: 16 kHz, an even number, on the scale of 16-bit samples.
  mutating func pass(_ samples: UnsafeMutableBufferPointer<Double>) {
    precondition(samples.count % 2 == 0, "every second sample travels")
    for index in before.indices { before[index].pass(samples) }
    for index in stride(from: 0, to: samples.count, by: 2) {
      // Twice as loud, because the zero beside it carries nothing.
      samples[index] = 2 * Double(G711.sample(mulaw: G711.mulaw(of: Gain.saturated(samples[index]))))
      samples[index + 1] = 0
    }
    for index in after.indices { after[index].pass(samples) }
  }

  /// Power that is left of a sound whose spectrum is that of `response`: the filters alone, without coding.
  /// - Parameter response: of the filter that makes the sound from white noise of power 1, long enough to fade.
  static func power(through response: [Double]) -> Double {
    var response = response
    response.withUnsafeMutableBufferPointer { samples in
      for section in highPass + lowPass + lowPass {
        var section = section
        section.pass(samples)
      }
    }
    return response.reduce(0) { $0 + $1 * $1 }
  }
}

/// A second-order section of a low-pass or high-pass filter, in the transposed direct form II.
struct Biquad: Sendable {
  /// On the input.
  let gain: Double
  /// The numerator is 1, `middle`, 1: 2 for a low-pass, −2 for a high-pass.
  let middle: Double
  /// The denominator is 1, `first`, `second`.
  let first: Double
  let second: Double
  var memory = (0.0, 0.0)
  /// Below this the memory is silence. 10⁻¹⁵ of a sample; what fades for seconds would end in numbers that are slow to compute with.
  private static let silence = 1e-15

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
