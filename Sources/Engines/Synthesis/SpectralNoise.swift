import Glibc

/// Complex Gaussian noise that is the same every time: SplitMix64 (Steele, Lea, Flood 2014) and the Box–Muller transform.
struct SpectralNoise {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number with mean 0 and variance 1 in each component.
  mutating func next() -> (real: Float, imaginary: Float) {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    bits ^= bits >> 31
    // 24 bits each: as many as a Float holds. The first is kept above 0 for the logarithm.
    let first = Float((bits >> 40) + 1) * 0x1p-24
    let second = Float((bits >> 8) & 0xFF_FFFF) * 0x1p-24
    let radius = (-2 * logf(first)).squareRoot()
    let angle = 2 * Float.pi * second
    return (radius * cosf(angle), radius * sinf(angle))
  }
}
