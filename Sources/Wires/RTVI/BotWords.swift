import CallCore

/// What a bot tells of its words: in pieces, of which it may tell one again while it is spoken.
struct BotWords {
  /// A piece.
  struct Segment {
    /// By which the bot names it again; `nil`: it does not.
    var id: Int?
    var text: String
  }

  /// Most characters of all pieces together, with the blanks between them.
  static let charactersMax = 65_536
  /// Most pieces.
  static let segmentsMax = 256

  private(set) var segments: [Segment] = []
  /// Characters of each, with the blank behind it, and of all.
  private var counts: [Int] = []
  private var count = 0

  var isEmpty: Bool { segments.isEmpty }

  /// All that was told.
  var text: String { segments.map(\.text).joined(separator: " ") }

  /// Takes in a piece: a new one, or one that was told before. What goes beyond the limits is dropped.
  mutating func add(_ segment: Segment) {
    let known = segment.id == nil ? nil : segments.firstIndex { $0.id == segment.id }
    let room = Self.charactersMax - count + (known.map { counts[$0] } ?? 0) - 1
    let kept = Segment(id: segment.id, text: segment.text.bounded(to: max(room, 0)))
    let length = kept.text.scalarCount + 1
    if let known {
      count += length - counts[known]
      (segments[known], counts[known]) = (kept, length)
    } else if segments.count < Self.segmentsMax, !kept.text.isEmpty {
      segments.append(kept)
      counts.append(length)
      count += length
    }
  }

  /// Whether the piece with this id is one of them.
  func has(_ id: Int?) -> Bool { id != nil && segments.contains { $0.id == id } }
}
