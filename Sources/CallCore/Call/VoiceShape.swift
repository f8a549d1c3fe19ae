/// How a voice sits against the neural voice that it is made of. It is no person's likeness.
public struct VoiceShape: Hashable, Sendable {
  /// Factor on the fundamental frequency.
  public var pitch: Double
  /// Factor on the frequencies of the formants: below 1 a longer vocal tract.
  public var formants: Double
  /// Factor on the speed of speaking.
  public var pace: Double

  /// The neural voice as it is.
  public static let plain = VoiceShape(pitch: 1, formants: 1, pace: 1)
  /// Factors on the pitch within which speech is understood.
  public static let pitches = 0.35...1.8
  /// Factors on the formants within which speech is understood.
  public static let formantFactors = 0.78...1.22
  /// Paces at which speech is understood.
  public static let paces = 0.7...1.45

  /// See the properties.
  public init(pitch: Double, formants: Double, pace: Double) {
    self.pitch = pitch
    self.formants = formants
    self.pace = pace
  }

  /// The nearest shape within the three ranges.
  public var clamped: VoiceShape {
    VoiceShape(
      pitch: Self.nearest(pitch, in: Self.pitches), formants: Self.nearest(formants, in: Self.formantFactors),
      pace: Self.nearest(pace, in: Self.paces))
  }

  private static func nearest(_ value: Double, in range: ClosedRange<Double>) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }
}
