/// ITU-T G.711 µ-law: a sign, three bits of exponent and four of mantissa, all inverted.
enum MulawCoding: SampleCoding {
  static let width = 1
  /// Added before the exponent is taken, so that the first segment starts at a power of two (G.711, 33 in 14 bits).
  private static let bias = 132
  /// Largest magnitude that the bias leaves room for.
  private static let clip = 32635

  static func sample(_ index: Int, of packet: UnsafeRawBufferPointer) -> Int16 {
    let code = ~packet[index]
    let exponent = Int(code >> 4) & 7
    let magnitude = ((Int(code & 15) << 3 + bias) << exponent) - bias
    return Int16(code & 0x80 == 0 ? magnitude : -magnitude)
  }

  static func append(_ sample: Int16, to bytes: inout [UInt8]) {
    let magnitude = min(Int(sample.magnitude), clip) + bias
    let exponent = Int.bitWidth - 8 - magnitude.leadingZeroBitCount
    let mantissa = (magnitude >> (exponent + 3)) & 15
    bytes.append(~UInt8((sample < 0 ? 0x80 : 0) | exponent << 4 | mantissa))
  }
}
