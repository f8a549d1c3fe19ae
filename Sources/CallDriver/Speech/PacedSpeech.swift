public import CallCore

/// Speaks at any rate from a quarter to four times a voice's own: the engine as far as it can, and `TimeStretch` the rest.
public struct PacedSpeech: Sendable {
  /// Rates that can be asked for, in per cent.
  public static let rates = TimeStretch.rates

  /// What the engine is asked for.
  public let style: SpeakingStyle
  /// What is left to do, in per cent.
  public let stretchPercent: Int

  /// - Parameter ratePercent: brought into `rates`.
  public init(ratePercent: Int) {
    let rate = min(max(ratePercent, Self.rates.lowerBound), Self.rates.upperBound)
    let own = min(max(rate, SpeakingStyle.range.lowerBound), SpeakingStyle.range.upperBound)
    style = SpeakingStyle(ratePercent: own)
    stretchPercent = rate * 100 / own
  }

  /// One sentence.
  public func speak(
    _ text: String, voice: Voice.ID, by synthesizer: any SpeechSynthesizer
  ) throws(EngineError) -> PCMBuffer {
    TimeStretch.stretch(
      try synthesizer.synthesize(text, voice: voice, style: style), ratePercent: stretchPercent)
  }
}
