import CallCore

/// Something that a bot says without stopping.
struct BotUtterance {
  var played: PlayedUtterance
  /// Where its audio begins in the queue, in bytes since the beginning of the call.
  let start: Int
  var words: BotWords
  /// Whether the bot said that it has stopped.
  var isStopped = false
  /// Since when nothing of it waits to be played.
  var drainedAt: Timestamp?

  init(_ played: PlayedUtterance, start: Int, words: BotWords) {
    (self.played, self.start, self.words) = (played, start, words)
  }

  /// Counts what the queue has played of it.
  /// - Parameter position: how far the queue has come, in bytes since the beginning of the call.
  mutating func settlePlayed(_ position: Int) {
    played.playedBytes = min(max(position - start, 0), played.receivedBytes)
  }
}
