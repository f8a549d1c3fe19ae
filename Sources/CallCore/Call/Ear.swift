/// Turns speech probabilities into runs of speech and silence, with hysteresis.
struct Ear: Sendable, Equatable {
  /// A window is never counted as longer, however late it comes after the last one.
  private static let windowMax = CallDuration.milliseconds(32)

  /// Whether the last window belongs to speech.
  private(set) var hearsSpeech = false
  /// Length of the present run of speech; zero in silence.
  private(set) var run = CallDuration.zero
  /// Where the present or last run began.
  private(set) var speechStart = Timestamp.zero
  /// End of the caller's last sound that was speech.
  private(set) var speechEnd = Timestamp.zero
  /// End of the last window.
  private(set) var heardUntil = Timestamp.zero

  /// Silence since the last speech.
  var silence: CallDuration { heardUntil - speechEnd }

  /// Takes in one window; see `CallEvent.heard`.
  mutating func hear(
    _ probability: SpeechProbability, until: Timestamp, loudUntil: Timestamp, limits: TurnLimits
  ) {
    // The clock may be set back a little; time itself does not go back.
    let until = max(until, heardUntil)
    let length = min(until - heardUntil, Self.windowMax)
    let heardSpeech = hearsSpeech
    heardUntil = until
    hearsSpeech = probability >= (heardSpeech ? limits.silenceThreshold : limits.speechThreshold)
    guard hearsSpeech else {
      run = .zero
      return
    }
    if !heardSpeech { speechStart = until - length }
    run += length
    // What the detector takes for speech is speech as far as it is loud, and at least up to where its run began.
    speechEnd = max(speechEnd, speechStart, min(until, loudUntil))
  }

  /// Forgets the present run: the turn it belongs to is full, and the agent must get a word in.
  mutating func startAfresh() { run = .zero }
}
