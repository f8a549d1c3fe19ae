/// Whole decibels as factors, from a chain of multiplications rather than a library's power function, so that every machine computes
/// the same.
enum Decibels {
  /// 10^(1/20): one decibel on an amplitude.
  private static let amplitudeStep = 1.122_018_454_301_963_3

  /// Factor on an amplitude.
  static func amplitude(_ decibels: Int) -> Double {
    var factor = 1.0
    for _ in 0..<abs(decibels) { factor *= amplitudeStep }
    return decibels < 0 ? 1 / factor : factor
  }

  /// Factor on a power.
  static func power(_ decibels: Int) -> Double { amplitude(decibels) * amplitude(decibels) }
}
