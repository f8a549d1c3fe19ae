import CallCore

/// Something that a bot says without stopping.
struct BotUtterance {
  /// What is played of it.
  enum Playback { case waiting, playing, over }

  /// A piece of its text, as a bot tells them.
  struct Segment {
    /// By which the bot names it again while it is spoken; `nil`: it does not.
    var id: Int?
    var text: String
  }

  /// Longest words of one that are kept, in bytes.
  static let textBytesMax = 65_536
  /// Most pieces of its text.
  static let segmentsMax = 256

  /// From 1.
  let number: Int
  /// The caller's turn that it answers.
  let turn: Int
  /// Where its audio begins in the queue, in bytes since the beginning of the call.
  let start: Int
  var receivedBytes = 0
  var playedBytes = 0
  private(set) var segments: [Segment] = []
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

  /// All that was told of its words.
  var text: String { segments.map(\.text).joined(separator: " ").bounded(to: Self.textBytesMax) }

  /// Takes in a piece of its text: a new one, or one that was told before.
  mutating func add(_ segment: Segment) { Self.add(segment, to: &segments) }

  /// Takes in a piece of text among others.
  static func add(_ segment: Segment, to segments: inout [Segment]) {
    let kept = Segment(id: segment.id, text: segment.text.bounded(to: textBytesMax))
    if let id = segment.id, let index = segments.firstIndex(where: { $0.id == id }) {
      segments[index] = kept
    } else if segments.count < segmentsMax, !segment.text.isEmpty {
      segments.append(kept)
    }
  }

  /// Whether a piece of text with this id is one of its own.
  func has(_ id: Int?) -> Bool { id != nil && segments.contains { $0.id == id } }
}
