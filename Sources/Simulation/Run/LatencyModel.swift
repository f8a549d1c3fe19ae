public import CallCore

/// How long engines take in virtual time, where nothing is measured: the figures of one idle core of an ordinary server.
public struct LatencyModel: Sendable, Equatable {
  /// A recognition, whatever its length, and for each second of audio: 66 ms for 2 to 4 s (measured).
  public var recognitionBase = CallDuration.milliseconds(20)
  /// See `recognitionBase`.
  public var recognitionPerSecond = CallDuration.milliseconds(15)
  /// A sentence, whatever its length, and for each character: 80 ms for one of 50 (measured).
  public var synthesisBase = CallDuration.milliseconds(30)
  /// See `synthesisBase`.
  public var synthesisPerCharacter = CallDuration.milliseconds(1)
  /// A tool; there is no network in virtual time, so every tool fails after this.
  public var tool = CallDuration.milliseconds(50)

  /// The defaults described at the properties.
  public init() {}

  /// For so many samples at 16 kHz.
  func recognition(samples: Int) -> CallDuration {
    recognitionBase + .microseconds(recognitionPerSecond.microseconds * Int64(samples) / 16_000)
  }

  /// For so many characters.
  func synthesis(characters: Int) -> CallDuration { synthesisBase + synthesisPerCharacter * characters }
}
