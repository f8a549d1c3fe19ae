import CallCore

/// A client's audio on its way to the call: pieces of any length, cut into packets of 20 ms on a clock that runs with the samples.
///
/// A client collects a piece for as long as it is, and then sends it at once: the piece was said before it came. So up to `headStart` of it
/// is heard at once, and what a client sends faster than that, such as a whole file, is heard at the pace of sound. A frame
/// allocates nothing in the steady state.
final class PacedAudio {
  /// How much of a piece is taken to have been said before it came: clients send 4,096 samples at a time, which are 256 ms.
  static let headStart = CallDuration.milliseconds(280)
  /// Audio that is missing for longer is a pause of the client; before that it is late.
  static let pauseMin = CallDuration.milliseconds(300)
  /// Most packets in one go, after the network held them up: half a second of sound every 20 ms.
  static let packetsAtOnceMax = 25

  private let audio = AppendedAudio(LegacySession.format)
  /// The call's instant up to which audio was heard.
  private var heardUntil: Timestamp?
  private var sequence: UInt32 = 0
  /// Length of the last piece.
  private(set) var lastPiece = CallDuration.zero

  /// Appends a piece as Base64: all of it or nothing.
  func append(_ text: UnsafeRawBufferPointer) -> AppendedAudio.Outcome {
    let before = audio.appended
    let outcome = audio.append(text: text)
    if outcome == .kept { lastPiece = .milliseconds(audio.milliseconds(of: audio.appended - before)) }
    return outcome
  }

  /// Forgets what was not heard yet.
  func removeAll() { audio.removeAll(behind: audio.taken) }

  /// Hands over the packets that are due.
  /// - Parameter packet: takes 20 ms, its number, and its instant on the clock of the samples.
  func advance(
    at now: Timestamp, _ packet: (UnsafeRawBufferPointer, _ sequence: UInt32, _ stamp: UInt64) -> Void
  ) {
    guard audio.count >= audio.packetBytes else { return }
    let waiting = CallDuration.milliseconds(audio.milliseconds(of: audio.count))
    var start = heardUntil ?? now - min(waiting, Self.headStart)
    if start + waiting < now - Self.pauseMin { start = now - min(waiting, Self.headStart) }
    var count = 0
    while count < Self.packetsAtOnceMax, audio.count >= audio.packetBytes, start + .milliseconds(20) <= now {
      _ = audio.takePacket { packet($0, sequence, UInt64(max(start.microseconds + Self.stampStart, 0))) }
      sequence &+= 1
      start = start + .milliseconds(20)
      count += 1
    }
    heardUntil = start
  }

  /// The first piece may have been said before the call began.
  private static let stampStart = headStart.microseconds
}
