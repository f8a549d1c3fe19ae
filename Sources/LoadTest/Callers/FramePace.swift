import CallCore

/// When the frames of a load caller's microphone are due, on an absolute clock, and how many leave late.
struct FramePace {
  /// What leaves, or comes, later than this after it was due counts as late.
  static let lateAfter = CallDuration.milliseconds(20)
  private static let frame = CallDuration.milliseconds(20)
  /// How long before its tick is due a packet of the microphone is full: room for when ticks are due a little sooner than was known, or it
  /// would leave a whole frame late.
  private static let reserve = CallDuration.milliseconds(2)
  /// Most packets that are sent at once to make up for a stall: a second. Those before are not sent at all and count as late.
  private static let catchUpMax = CallDuration.seconds(1)

  /// When the next packet's 20 ms are over; `nil` until the microphone is on.
  private var next: Timestamp?

  /// Puts the microphone on, if it is not.
  /// - Parameter tickDue: when this tick should have come, which is when the microphone's packets are full.
  mutating func begin(at tickDue: Timestamp) { next = next ?? tickDue - Self.reserve }

  /// Takes the next frame.
  /// - Returns: when it was full; `nil` when that is not yet.
  mutating func takeFrame(by now: Timestamp, _ figures: inout LoadFigures) -> Timestamp? {
    guard var due = next else { return nil }
    while now - due > Self.catchUpMax {
      figures.framesSentLate += 1
      figures.framesSent += 1
      due = due + Self.frame
    }
    next = due
    guard due <= now else { return nil }
    if now - due > Self.lateAfter { figures.framesSentLate += 1 }
    next = due + Self.frame
    return due
  }
}
