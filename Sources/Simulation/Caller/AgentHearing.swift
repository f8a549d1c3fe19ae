package import CallCore

/// Finds the utterances of an agent that announces none, frame by frame as they are played: sound begins one, and silence of a set length ends
/// it. Loudness is judged as by `SpeechFinder`.
package struct AgentHearing {
  /// What was heard.
  package enum News: Equatable {
    case nothing
    /// An utterance began with this frame.
    case began
    /// It goes on, and is audible up to here.
    case sounds(until: Timestamp)
    /// It is over, and has been since.
    case fellSilent(since: Timestamp)
  }

  /// Longest silence between two words or sentences in which an agent still counts as speaking.
  package static let wordGap = CallDuration.milliseconds(200)

  private let pause: CallDuration
  private var isInUtterance = false
  private var soundUntil = Timestamp.zero
  /// Energy of the loudest piece. The noise of a line is no speech: it begins at the power of speech at a usual level.
  private var loudest = Int(VoicePower.usual) * SpeechFinder.pieceSamples

  /// - Parameter pause: silence that ends an utterance.
  package init(pause: CallDuration) { self.pause = pause }

  /// Takes in the 20 ms that are played from `start` on; one after the other without a gap.
  /// - Parameter frame: `nil` when nothing is played.
  package mutating func hear(_ frame: UnsafeBufferPointer<Int16>?, at start: Timestamp) -> News {
    let end = start + .milliseconds(20)
    if let frame, isAudible(frame) {
      soundUntil = end
      defer { isInUtterance = true }
      return isInUtterance ? .sounds(until: end) : .began
    }
    guard isInUtterance, end - soundUntil >= pause else { return .nothing }
    isInUtterance = false
    return .fellSilent(since: soundUntil)
  }

  /// The agent says that its utterance is over.
  /// - Returns: whether one was under way.
  package mutating func finish() -> Bool {
    defer { isInUtterance = false }
    return isInUtterance
  }

  /// What is not played was dropped.
  /// - Returns: whether an utterance was cut off by it (`sounds`), or was over before.
  package mutating func cut(at now: Timestamp) -> News {
    guard isInUtterance else { return .nothing }
    isInUtterance = false
    return now - soundUntil <= Self.wordGap ? .sounds(until: now) : .fellSilent(since: soundUntil)
  }

  /// Whether at least as many pieces are audible as a sound has.
  private mutating func isAudible(_ frame: UnsafeBufferPointer<Int16>) -> Bool {
    var pieces = 0
    var start = 0
    while start + SpeechFinder.pieceSamples <= frame.count {
      let piece = UnsafeBufferPointer(rebasing: frame[start..<start + SpeechFinder.pieceSamples])
      let energy = SpeechFinder.energy(of: piece)
      loudest = max(loudest, energy)
      if energy > SpeechFinder.threshold(loudest: loudest) { pieces += 1 }
      start += SpeechFinder.pieceSamples
    }
    return pieces >= SpeechFinder.spanPieces
  }
}
