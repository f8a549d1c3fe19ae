/// How a voice is bent, in per cent of its own.
public struct SpeakingStyle: Sendable, Hashable {
  /// 50 … 200; 200 is twice as fast.
  public var ratePercent: Int
  /// 50 … 200; 50 is an octave lower.
  public var pitchPercent: Int

  /// The voice as it is.
  public static let plain = SpeakingStyle(ratePercent: 100, pitchPercent: 100)
  /// What can be asked for.
  public static let range = 50...200

  /// See the properties.
  public init(ratePercent: Int = 100, pitchPercent: Int = 100) {
    self.ratePercent = ratePercent
    self.pitchPercent = pitchPercent
  }
}
