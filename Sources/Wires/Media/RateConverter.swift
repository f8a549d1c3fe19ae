import CallCore

/// Changes the rate of linear samples that come in pieces of any length, without a shift in time: each output sample stands where it stood, and waits
/// for the few input samples behind it that it is made of. A low-pass filter of 32 zero crossings, with a Kaiser window: 80 dB between
/// what is kept, up to 0.9 of the lower band, and what would fold back. Nothing is allocated once it is made.
final class RateConverter {
  /// Samples that are taken at once.
  static let inputMax = 1536
  /// Zero crossings of the filter on each side.
  private static let crossings = 16.0
  /// Where the filter cuts, as a part of the lower of the two bands.
  private static let cutoff = 0.92
  /// Of the Kaiser window: 80 dB (A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 7.5.3).
  private static let beta = 7.86
  /// Most places between two input samples at which an output sample may stand: enough for every usual rate, 11,025 among them.
  private static let phasesMax = 640

  private let phases: Int
  private let step: Int
  private let half: Int
  private let weights: [Float]
  private let input: UnsafeMutableBufferPointer<Float>
  private let output: UnsafeMutableBufferPointer<Int16>
  private var count = 0
  /// The input sample at or before the next output sample, and the phase behind it.
  private var center = 0
  private var phase = 0

  /// - Parameters:
  ///   - rate: of the input, 8,000 … 48,000 samples a second.
  ///   - target: of the output.
  /// - Returns: `nil` for a rate that is out of range or has no short ratio to the other.
  init?(from rate: Int, to target: Int) {
    guard (8000...48_000).contains(rate) else { return nil }
    let divisor = Self.greatestCommonDivisor(rate, target)
    phases = target / divisor
    step = rate / divisor
    guard phases <= Self.phasesMax else { return nil }
    let narrowing = max(1, Double(rate) / Double(target))
    half = Int(nearest: (Self.crossings * narrowing).rounded(.up))
    weights = Self.weights(phases: phases, half: half, band: Self.cutoff / narrowing)
    input = .allocate(capacity: 2 * half + step + Self.inputMax)
    output = .allocate(capacity: (Self.inputMax + 2 * half + 1) * phases / step + 2)
    reset()
  }

  deinit {
    input.deallocate()
    output.deallocate()
  }

  /// Forgets what came.
  func reset() {
    input.initialize(repeating: 0)
    (count, center, phase) = (half - 1, half - 1, 0)
  }

  /// Takes in samples.
  /// - Parameters:
  ///   - samples: at most `inputMax`.
  ///   - deliver: takes what is due of the output, lent for the call.
  func convert(_ samples: UnsafeBufferPointer<Int16>, _ deliver: (UnsafeBufferPointer<Int16>) -> Void) {
    precondition(samples.count <= Self.inputMax, "samples come in pieces")
    for sample in samples {
      input[count] = Float(sample)
      count += 1
    }
    var made = 0
    while center + half < count {
      output[made] = sample()
      made += 1
      phase += step
      center += phase / phases
      phase %= phases
    }
    // What the next one is made of stays.
    let first = min(max(center - half + 1, 0), count)
    for index in first..<count { input[index - first] = input[index] }
    count -= first
    center -= first
    if made > 0 { deliver(UnsafeBufferPointer(rebasing: output[..<made])) }
  }

  private func sample() -> Int16 {
    let first = center - half + 1
    let row = phase * 2 * half
    var sum: Float = 0
    for tap in 0..<(2 * half) { sum += input[first + tap] * weights[row + tap] }
    return Int16(min(max(sum.rounded(), -32_768), 32_767))
  }

  /// For each phase those of the input samples from `half - 1` before the center to `half` behind it; each row adds up to 1.
  private static func weights(phases: Int, half: Int, band: Double) -> [Float] {
    (0..<phases).flatMap { phase -> [Float] in
      let row = (0..<(2 * half)).map { tap -> Double in
        let distance = Double(tap - half + 1) - Double(phase) / Double(phases)
        let position = distance / Double(half)
        guard abs(position) < 1 else { return 0 }
        let angle = Double.pi * distance * band
        let sinc = abs(angle) < 1e-9 ? 1 : sine(angle) / angle
        return sinc * bessel(beta * (1 - position * position).squareRoot())
      }
      let sum = row.reduce(0, +)
      return row.map { Float($0 / sum) }
    }
  }

  /// By its power series, which is as exact as the numbers within a turn. This module has no C library: it would bring a clock.
  private static func sine(_ angle: Double) -> Double {
    let reduced = angle.remainder(dividingBy: 2 * .pi)
    var (sum, term) = (reduced, reduced)
    for index in 1...14 {
      term *= -reduced * reduced / Double(2 * index * (2 * index + 1))
      sum += term
    }
    return sum
  }

  /// The modified Bessel function of the first kind and order zero, by its power series.
  private static func bessel(_ value: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for index in 1...40 {
      term *= value / (2 * Double(index))
      sum += term * term
    }
    return sum
  }

  private static func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
    other == 0 ? one : greatestCommonDivisor(other, one % other)
  }
}
