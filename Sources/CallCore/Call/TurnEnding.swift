/// What ends a caller's turn of speech.
public enum EndOfTurnRule: String, Sendable, Hashable, CaseIterable {
  /// Silence of a set length.
  case silence
  /// Whether it is complete, by its sound and its words; where that is not clear, silence.
  case meaning
}

/// Why a caller's turn was over. The raw values stand on the wire and in stored records.
public enum TurnEnding: String, Sendable, Hashable, CaseIterable {
  /// The usual silence.
  case silence
  /// It was complete by its sound and its words.
  case meaning
  /// A silence longer than usual, as it was unfinished by its sound and its words.
  case longSilence = "long-silence"
  /// No more audio came.
  case stall
  /// The caller pressed keys.
  case keys
  /// The caller typed.
  case text
  /// It was as long as a turn may be.
  case limit
  /// The client said so.
  case client
  /// The beep of an answering machine came behind it.
  case beep
}

/// How likely it is that a caller has finished a turn, in thousandths: an integer, so that replays are exact.
public struct TurnCompleteness: Hashable, Comparable, Sendable {
  /// 0 … 1000.
  public let thousandths: Int

  /// - Parameter thousandths: clamped to 0 … 1000.
  public init(thousandths: Int) { self.thousandths = min(max(thousandths, 0), 1000) }

  /// Less likely.
  public static func < (left: TurnCompleteness, right: TurnCompleteness) -> Bool {
    left.thousandths < right.thousandths
  }
}
