import CallCore

/// Something that a bot says without stopping.
struct BotUtterance {
  /// What is played of it.
  enum Playback { case waiting, playing, over }

  /// From 1.
  let number: Int
  /// The caller's turn that it answers.
  let turn: Int
  /// Where its audio begins in the queue, in bytes since the beginning of the call.
  let start: Int
  var receivedBytes = 0
  var playedBytes = 0
  var words = BotWords()
  var playback = Playback.waiting
  /// Whether the bot said that it has stopped, and whether a mark stands behind its audio.
  var isStopped = false
  var hasEndMark = false
  /// Since when nothing of it waits to be played.
  var drainedAt: Timestamp?

  init(number: Int, turn: Int, start: Int) { (self.number, self.turn, self.start) = (number, turn, start) }

  /// Counts what the queue has played of it.
  /// - Parameter position: how far the queue has come, in bytes since the beginning of the call.
  mutating func settlePlayed(_ position: Int) { playedBytes = min(max(position - start, 0), receivedBytes) }
}
