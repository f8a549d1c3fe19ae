/// White noise: each sample is the sum of four even numbers of 16 bits, which is close to a normal distribution and exact to compute.
struct WhiteNoise: Sendable {
  /// Mean square of a sample: 4 · (2³² − 1) / 3, the variance of four numbers drawn evenly from −65 535, −65 533 … 65 535.
  static let power = 4.0 * 4_294_967_295 / 3

  private var stream: SeededStream

  /// - Parameter seed: of the call.
  init(seed: UInt64) { stream = SeededStream(seed: seed, "noise") }

  /// The next sample; mean 0.
  mutating func next() -> Double {
    let bits = stream.next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return Double(2 * Int(sum) - 4 * 65_535)
  }
}
