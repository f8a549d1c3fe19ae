/// How loud a sound is, in thousandths of a decibel against a square wave at full scale: an integer, so that replays are exact.
struct SoundLevel: Hashable, Comparable, Sendable {
  /// −90 309 … 0 for what 16-bit samples hold.
  let thousandths: Int

  init(thousandths: Int) { self.thousandths = thousandths }

  /// - Parameter meanSquare: of 16-bit samples, 0 … 2³⁰; below 1 counts as 1.
  init(meanSquare: Int) {
    let value = UInt64(max(meanSquare, 1))
    let exponent = 63 - value.leadingZeroBitCount
    // Squaring a number in 1 ..< 2 doubles its logarithm: each step gives one more binary digit of it.
    var mantissa = value << UInt64(31 - min(exponent, 31))
    var logarithm = exponent
    for _ in 0..<Self.fractionBits {
      mantissa = (mantissa * mantissa) >> 31
      logarithm <<= 1
      guard mantissa >> 32 > 0 else { continue }
      mantissa >>= 1
      logarithm |= 1
    }
    thousandths = (logarithm - (30 << Self.fractionBits)) * Self.octave / (10 << Self.fractionBits)
  }

  /// Digits of the logarithm: a step is less than a thousandth of a decibel.
  private static let fractionBits = 12
  /// Ten times the decibels of a doubled power, 10 log₁₀ 2, in thousandths.
  private static let octave = 30_103

  /// `count` whole decibels.
  static func decibels(_ count: Int) -> SoundLevel { SoundLevel(thousandths: count * 1000) }

  static func < (left: SoundLevel, right: SoundLevel) -> Bool { left.thousandths < right.thousandths }
  static func + (left: SoundLevel, right: SoundLevel) -> SoundLevel {
    SoundLevel(thousandths: left.thousandths + right.thousandths)
  }
  static func - (left: SoundLevel, right: SoundLevel) -> SoundLevel {
    SoundLevel(thousandths: left.thousandths - right.thousandths)
  }
}
