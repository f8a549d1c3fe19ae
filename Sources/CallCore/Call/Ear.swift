/// Turns speech probabilities into runs of speech and silence, with hysteresis.
struct Ear: Sendable, Equatable {
  /// A window is never counted as longer, however late it comes after the last one.
  private static let windowMax = CallDuration.milliseconds(32)

  /// Whether the last window belongs to speech.
  private(set) var hearsSpeech = false
  /// Length of the present run of speech; zero in silence.
  private(set) var run = CallDuration.zero
  /// End of the last window that held speech.
  private(set) var speechEnd = Timestamp.zero
  /// End of the last window.
  private(set) var heardUntil = Timestamp.zero

  /// Start of the present run.
  var speechStart: Timestamp { speechEnd - run }

  /// Silence since the last speech.
  var silence: CallDuration { heardUntil - speechEnd }

  /// Takes in one window that ended at `until`.
  mutating func hear(_ probability: SpeechProbability, until: Timestamp, limits: TurnLimits) {
    let length = min(until - heardUntil, Self.windowMax)
    heardUntil = until
    hearsSpeech = probability >= (hearsSpeech ? limits.silenceThreshold : limits.speechThreshold)
    run = hearsSpeech ? run + length : .zero
    if hearsSpeech { speechEnd = until }
  }

  /// Forgets the present run: the turn it belongs to is full, and the agent must get a word in.
  mutating func startAfresh() { run = .zero }
}
