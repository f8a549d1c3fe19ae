import CallCore

/// When the caller's samples were due, on a clock that does not stutter with the network: it runs with the samples and is set
/// anew only when packets come much later than that.
struct CallerClock {
  /// Packets may come this much later than their place before the rest is taken for a pause of the sender.
  static let latenessMax = CallDuration.milliseconds(200)
  /// Packets may come this much earlier; what a client sends faster than that is dropped.
  static let leadMax = CallDuration.seconds(2)

  private var anchor: Timestamp?
  private var samplesSinceAnchor = 0

  /// When the next sample is due.
  var next: Timestamp {
    (anchor ?? .zero) + .microseconds(FrameFormat.microseconds(ofSamples: samplesSinceAnchor))
  }

  /// Notes that a packet of 20 ms arrived.
  /// - Returns: how much silence lies before it: zero, or what the sender left out.
  mutating func arrive(at now: Timestamp) -> CallDuration {
    guard anchor != nil else {
      // The packet was 20 ms in the making before it could be sent.
      anchor = max(now - .milliseconds(20), .zero)
      return .zero
    }
    let due = next + .milliseconds(20)
    guard now - due > Self.latenessMax else { return .zero }
    let pause = now - due
    skip(pause)
    return pause
  }

  /// Whether a packet that arrives now is too far ahead of its time.
  func isTooEarly(at now: Timestamp) -> Bool { anchor != nil && next - now > Self.leadMax }

  /// Time between the next sample and the beginning of a packet that arrives now, not negative.
  func timeLeft(at now: Timestamp) -> CallDuration { max(now - .milliseconds(20) - next, .zero) }

  /// Moves on over decoded samples.
  mutating func advance(samples: Int) { samplesSinceAnchor += samples }

  /// Moves on over time without samples.
  mutating func skip(_ pause: CallDuration) {
    anchor = next + pause
    samplesSinceAnchor = 0
  }
}
