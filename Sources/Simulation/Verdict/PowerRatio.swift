/// Ratios of powers in decibels. Without the C library's logarithm, so that every machine gives the same tenth.
enum PowerRatio {
  /// Binary places of the logarithm; 16 are good for a thousandth of a dB.
  private static let places = 16
  /// 10 · log₁₀ 2, in tenths of a dB.
  private static let tenthsPerOctave = 30.102_999_566

  /// - Returns: tenths of a dB, rounded; `nil` unless both are above zero.
  static func tenths(_ power: Double, over reference: Double) -> Int? {
    guard power > 0, reference > 0 else { return nil }
    let ratio = power / reference
    var mantissa = ratio.significand
    var logarithm = Double(ratio.exponent)
    var place = 0.5
    for _ in 0..<places {
      mantissa *= mantissa
      if mantissa >= 2 {
        mantissa /= 2
        logarithm += place
      }
      place /= 2
    }
    return Int((logarithm * tenthsPerOctave).rounded())
  }
}
