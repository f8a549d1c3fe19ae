import CallCore

/// Tells by its level whether what a canceller leaves is more than echo: how loud the agent's voice comes back is known from the search, and how much of it
/// the canceller takes away is learned from what was echo alone.
struct EchoLevel {
  /// Most that may be left, against the echo that is expected: twice that while nothing is learned, a tenth at last.
  private static let leftMax = (atFirst: 2.0, atLast: 0.1)
  /// How fast a room dies away: by a factor of 2 a frame, 60 dB in 400 ms.
  private static let decay = 2
  /// How much more than usual may be left.
  private static let leftFactor = 4.0
  /// What is left of a frame's weight after the next one: a mean over 16 frames, 0.3 s.
  private static let memory = 15.0 / 16
  /// How far above that a frame is surely the caller's, and the frames after it that are the caller's, too, however soft: 120 ms, as between two syllables.
  private static let (callerFactor, callerFrames) = (4.0, 6)
  /// Frames of an utterance after which that mean counts.
  private static let learnedMin = 16
  /// Frames of a search of which the level is kept.
  private static let searchedMax = 16

  /// The echo's power against the agent's.
  private var share = 0.0
  /// Of what was echo alone: power before and behind the canceller, and of what the agent said.
  private var sums = (before: 0.0, after: 0.0, played: 0.0)
  /// Frames in them in which the agent spoke.
  private var learned = 0
  /// What the agent said, as loud as it may still sound in the room.
  private var sounding = 0
  /// Frames that are still taken for the caller's.
  private var callerLeft = 0
  /// Since the last check, of all frames.
  private var checked = (before: 0.0, after: 0.0)
  /// Frames with an echo since the last check.
  private(set) var frames = 0
  private var searched = InlineArray<16, (meanSquare: Int, position: Int)>(repeating: (0, Int.min))
  private var searches = 0

  /// Notes a frame in which an echo is looked for.
  mutating func addSearched(_ meanSquare: Int, at position: Int) {
    searched[searches % Self.searchedMax] = (meanSquare, position)
    searches += 1
  }

  /// An echo was found.
  /// - Parameter playedAt: mean square of what is heard again at a position.
  mutating func begin(playedAt: (_ position: Int) -> Int) {
    var (heard, played) = (0.0, 1.0)
    for index in 0..<min(searches, Self.searchedMax, EchoDelayEstimator.framesMin) {
      let frame = searched[(searches - 1 - index) % Self.searchedMax]
      heard += Double(frame.meanSquare)
      played += Double(playedAt(frame.position))
    }
    share = heard / played
    searches = 0
    (sounding, callerLeft) = (0, 0)
    utteranceBegan()
    restart()
  }

  /// The next frames are checked anew.
  mutating func restart() {
    checked = (0, 0)
    frames = 0
  }

  /// The agent begins anew: what is left of that is learned from it alone.
  mutating func utteranceBegan() { (sums, learned) = ((0, 0, 0), 0) }

  /// Whether the canceller has taken half of what came away, since the last check.
  var isCancelled: Bool { checked.after * 2 < checked.before }

  /// Judges one frame by mean squares.
  /// - Parameters:
  ///   - before: of what came.
  ///   - after: of what the canceller left.
  ///   - played: of what the agent said for it.
  mutating func isEcho(before: Int, after: Int, played: Int) -> Bool {
    sounding = max(played, sounding / Self.decay)
    let expected = share * Double(sounding)
    // Louder than an echo can be is the caller, which the canceller leaves as it is.
    if played > EnergyGate.silenceMax, before > EnergyGate.silenceMax, Double(before) <= expected * Self.leftMax.atFirst
    {
      checked.before += Double(before)
      checked.after += Double(after)
      frames += 1
    }
    // A few frames tell nothing: the first of an utterance are soft.
    let usual = learned >= Self.learnedMin ? sums.after / max(sums.before, 1) * Self.leftFactor : Self.leftMax.atFirst
    let left = min(max(usual, Self.leftMax.atLast), Self.leftMax.atFirst)
    let most = expected * left
    callerLeft = Double(after) > most * Self.callerFactor ? Self.callerFrames : max(callerLeft - 1, 0)
    guard callerLeft == 0, Double(after) <= most else { return false }
    learn(before: Double(before), after: Double(after), played: Double(played))
    return true
  }

  private mutating func learn(before: Double, after: Double, played: Double) {
    if played > Double(EnergyGate.silenceMax) { learned += 1 }
    sums.before = sums.before * Self.memory + before
    sums.after = sums.after * Self.memory + after
    sums.played = sums.played * Self.memory + played
    // Once most of it is taken away, what comes is known to be echo: its share follows a loudspeaker that is turned up or down.
    if sums.after * Self.leftFactor < sums.before, sums.played > 0 { share = sums.before / sums.played }
  }
}
