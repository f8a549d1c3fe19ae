public import CallCore

extension SpeechSynthesizer {
  /// Speaks a sentence as it is to be delivered: at its rate, with the silence that belongs to it. The usual silence between sentences
  /// (`SpeechDelivery.pauseAfter` of `nil`) is left to whoever joins them.
  ///
  /// - Parameter ratePercent: on top of the sentence's own rate; both together are brought into `PacedSpeech.rates`.
  public func speak(
    _ text: SynthesisText, voice: Voice.ID, ratePercent: Int = 100
  ) throws(EngineError) -> PCMBuffer {
    let rate = text.delivery.ratePercent * ratePercent / 100
    var speech =
      rate == 100
      ? try synthesize(text.words, voice: voice)
      : try PacedSpeech(ratePercent: rate).speak(text.words, voice: voice, by: self)
    let (before, after) = (text.delivery.pauseBefore, text.delivery.pauseAfter ?? .zero)
    guard before > .zero || after > .zero else { return speech }
    speech.samples = speech.silence(before) + speech.samples + speech.silence(after)
    return speech
  }
}

extension PCMBuffer {
  /// Silence between sentences: about what people leave when they read.
  private static let pauseBetweenSentences = CallDuration.milliseconds(250)

  /// With the usual silence between sentences behind it.
  public var followedByPause: PCMBuffer {
    PCMBuffer(sampleRate: sampleRate, samples: samples + silence(Self.pauseBetweenSentences))
  }

  /// Samples of silence at its rate.
  /// - Parameter length: 0 and up.
  public func silence(_ length: CallDuration) -> [Int16] {
    [Int16](repeating: 0, count: Int(length.microseconds * Int64(sampleRate) / 1_000_000))
  }
}
