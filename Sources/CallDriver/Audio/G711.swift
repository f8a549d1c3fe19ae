/// Samples of ITU-T G.711, the coding of telephone lines.
package enum G711 {
  /// µ-law: a sign, three bits of exponent and four of mantissa, all inverted.
  package static func sample(mulaw code: UInt8) -> Int16 {
    let bits = ~code
    let magnitude = ((Int(bits & 15) << 3 + 132) << Int(bits >> 4 & 7)) - 132
    return Int16(bits & 0x80 == 0 ? magnitude : -magnitude)
  }

  /// A-law: the same fields, every other bit inverted, and the lowest segment linear.
  package static func sample(alaw code: UInt8) -> Int16 {
    let bits = code ^ 0x55
    let exponent = Int(bits >> 4 & 7)
    let step = Int(bits & 15) << 4 + 8
    let magnitude = exponent == 0 ? step : (step + 256) << (exponent - 1)
    return Int16(bits & 0x80 == 0 ? -magnitude : magnitude)
  }
}
