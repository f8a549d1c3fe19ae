/// Turns speech probabilities into runs of speech and silence, with hysteresis.
struct SpeechSegmenter: Sendable, Equatable {
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

  /// Takes in one window; see `CallEvent.speechWindow`.
  mutating func addWindow(
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

  /// Forgets the present run, which belongs to a turn that is over or was given up: only what comes from now on is a run of its own.
  mutating func resetRun() {
    run = .zero
    speechStart = heardUntil
  }

  /// Forgets what of the present run lies before `start`: its sound is not kept so long.
  mutating func forget(before start: Timestamp) {
    guard hearsSpeech, speechStart < start else { return }
    speechStart = min(start, heardUntil)
    run = min(run, heardUntil - speechStart)
  }

  /// A caller of whom nothing comes is silent, however the last window sounded: push to talk, mute keys and discontinuous
  /// transmission stop in the middle of a sound, and whoever spoke last would speak for ever.
  /// - Parameter stall: how long nothing may come before that is so.
  mutating func advance(to now: Timestamp, stall: CallDuration) {
    guard hearsSpeech, now - heardUntil >= stall else { return }
    hearsSpeech = false
    run = .zero
  }
}

/// How likely a window of caller audio holds speech, in thousandths: an integer, so that replays are exact.
public struct SpeechProbability: Hashable, Comparable, Sendable {
  /// 0 … 1000.
  public let thousandths: Int

  /// - Parameter thousandths: clamped to 0 … 1000.
  public init(thousandths: Int) { self.thousandths = min(max(thousandths, 0), 1000) }

  /// Certainly silence; also what a closed energy gate reports.
  public static let silence = SpeechProbability(thousandths: 0)

  /// Earlier or smaller.
  public static func < (left: SpeechProbability, right: SpeechProbability) -> Bool {
    left.thousandths < right.thousandths
  }
}
