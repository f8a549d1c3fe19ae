/// Samples of ITU-T G.711, the coding of telephone lines.
package enum G711 {
  /// Added before the exponent is taken, so that the first segment starts at a power of two (G.711, 33 in 14 bits).
  private static let bias = 132
  /// Largest magnitude that the bias leaves room for.
  private static let clip = 32635

  /// µ-law: a sign, three bits of exponent and four of mantissa, all inverted.
  package static func sample(mulaw code: UInt8) -> Int16 {
    let bits = ~code
    let magnitude = ((Int(bits & 15) << 3 + bias) << Int(bits >> 4 & 7)) - bias
    return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
  }

  /// The µ-law code whose value is nearest to `sample` in its segment.
  package static func mulaw(of sample: Int16) -> UInt8 {
    let magnitude = min(Int(sample.magnitude), clip) + bias
    let exponent = Int.bitWidth - 8 - magnitude.leadingZeroBitCount
    let mantissa = (magnitude >> (exponent + 3)) & 15
    return ~UInt8((sample < 0 ? 0x80 : 0) | exponent << 4 | mantissa)
  }

  /// A-law: the same fields, every other bit inverted, and the lowest segment linear.
  package static func sample(alaw code: UInt8) -> Int16 {
    let bits = code ^ 0x55
    let exponent = Int(bits >> 4 & 7)
    let step = Int(bits & 15) << 4 + 8
    let magnitude = exponent == 0 ? step : (step + 256) << (exponent - 1)
    return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
  }

  /// The A-law code whose value is nearest to `sample` in its segment.
  package static func alaw(of sample: Int16) -> UInt8 {
    let magnitude = Int(sample < 0 ? ~sample : sample)
    let exponent = max(Int.bitWidth - 8 - magnitude.leadingZeroBitCount, 0)
    let mantissa = (magnitude >> max(exponent + 3, 4)) & 15
    return UInt8((sample < 0 ? 0 : 0x80) | exponent << 4 | mantissa) ^ 0x55
  }
}
