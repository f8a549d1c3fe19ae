import CallCore

/// When the caller's samples were due, on a clock that does not stutter with the network: it runs with the samples and is set
/// anew only when packets come much later than that.
struct CallerClock {
  /// Packets without the sender's time may come this much later than their place before that is taken for a pause of the sender.
  static let latenessMax = CallDuration.milliseconds(200)
  /// A shorter gap in the sender's time is jitter of its clock.
  static let pauseMin = CallDuration.milliseconds(40)
  /// Packets may come this much earlier; what a client sends faster than that is dropped.
  static let leadMax = CallDuration.seconds(2)

  /// A longer gap in the sender's time counts as this one: more than any call lasts, and small enough to calculate with. A sender's clock
  /// may show anything.
  static let senderGapMax: UInt64 = 86_400_000_000

  private var anchor: Timestamp?
  private var samplesSinceAnchor = 0
  /// How much the clock may still be set back: room for a late beginning and an hour's drift of 50 ppm. A sender that is simply
  /// too fast uses it up at once and is then too early.
  private var pullBackLeft = CallDuration.milliseconds(300)
  /// The sender's own time of its last packet, and when our clock has the end of it.
  private var lastStamp: (sender: UInt64, end: Timestamp)?

  /// When the next sample is due.
  var next: Timestamp {
    (anchor ?? .zero) + .microseconds(FrameFormat.microseconds(ofSamples: samplesSinceAnchor))
  }

  /// Notes that a packet of 20 ms arrived.
  ///
  /// A packet that is late was held up on the way, or the sender made a pause. The sender's own time tells which: after a
  /// hold-up it goes on without a gap, and the packets behind it come in a burst. Without it a late packet counts as a pause.
  /// - Parameter stamp: microseconds on the sender's clock; `nil` or standing still when it has none.
  /// - Returns: how much silence lies before it: zero, or what the sender left out.
  mutating func addPacket(at now: Timestamp, stamp: UInt64?) -> CallDuration {
    guard anchor != nil else {
      // The packet was 20 ms in the making before it could be sent.
      anchor = max(now - .milliseconds(20), .zero)
      lastStamp = stamp.map { ($0, next + .milliseconds(20)) }
      return .zero
    }
    pullBack(to: now)
    let due = next + .milliseconds(20)
    defer { if let stamp { lastStamp = (stamp, next + .milliseconds(20)) } }
    let pause: CallDuration
    if let stamp, let lastStamp, stamp > lastStamp.sender {
      // How much later than our clock's next packet the sender says this one is; never beyond the time that has passed.
      let senderTime = CallDuration.microseconds(Int64(min(stamp - lastStamp.sender, Self.senderGapMax)))
      pause = min(now - due, senderTime - (due - lastStamp.end))
      guard pause > Self.pauseMin else { return .zero }
    } else {
      pause = now - due
      guard pause > Self.latenessMax else { return .zero }
    }
    skip(pause)
    return pause
  }

  /// Sound cannot arrive before it was made: a packet that is early shows that the clock began too late, as after a first
  /// packet that was held up.
  private mutating func pullBack(to now: Timestamp) {
    let early = min(next + .milliseconds(20) - now, pullBackLeft)
    guard early > .zero, let anchor else { return }
    self.anchor = anchor - early
    pullBackLeft = pullBackLeft - early
  }

  /// Whether a packet that arrives now is too far ahead of its time.
  func isTooEarly(at now: Timestamp) -> Bool { anchor != nil && next - now > Self.leadMax }

  /// Moves on over decoded samples.
  mutating func advance(samples: Int) { samplesSinceAnchor += samples }

  /// Moves on over time without samples.
  mutating func skip(_ pause: CallDuration) {
    anchor = next + pause
    samplesSinceAnchor = 0
  }
}
