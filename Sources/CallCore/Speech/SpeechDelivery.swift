/// How a sentence is spoken: at which rate, and with how much silence around it.
public struct SpeechDelivery: Sendable, Hashable {
  /// Of the voice's own rate, in per cent, 25 … 400.
  public var ratePercent: Int
  /// Silence in front, up to `SSMLText.pausesMax`.
  public var pauseBefore: CallDuration
  /// Silence behind, up to `SSMLText.pausesMax`; `nil` for what is usual between sentences: 250 ms in files, nothing in calls.
  public var pauseAfter: CallDuration?

  /// At the voice's own rate with the usual silence.
  public static let plain = SpeechDelivery()

  package init(ratePercent: Int = 100, pauseBefore: CallDuration = .zero, pauseAfter: CallDuration? = nil) {
    self.ratePercent = ratePercent
    self.pauseBefore = pauseBefore
    self.pauseAfter = pauseAfter
  }

  /// Silence in front and behind, where it is not the usual one.
  package var silence: CallDuration { pauseBefore + (pauseAfter ?? .zero) }
}

/// One sentence as an engine is to speak it.
public struct SynthesisText: Sendable, Hashable, ExpressibleByStringLiteral {
  /// Words as they are said, at most 500 Unicode scalars.
  public var words: String
  /// How.
  public var delivery: SpeechDelivery

  package init(_ words: String, _ delivery: SpeechDelivery = .plain) {
    self.words = words
    self.delivery = delivery
  }

  /// Spoken plainly.
  public init(stringLiteral words: String) { self.init(words) }
}
