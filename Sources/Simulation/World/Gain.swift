/// Makes samples louder or softer; what is too loud is cut off at full scale.
public struct Gain: Sendable {
  private let factor: Double

  /// - Parameter decibels: 0 leaves everything as it is, bit for bit.
  public init(decibels: Int) { factor = Decibels.amplitude(decibels) }

  /// The samples at the other level, each rounded to the nearest.
  public func applied(to samples: [Int16]) -> [Int16] {
    factor == 1 ? samples : samples.map { Self.saturated(Double($0) * factor) }
  }

  /// The nearest sample.
  static func saturated(_ value: Double) -> Int16 { Int16(max(-32768, min(32767, value.rounded()))) }
}
