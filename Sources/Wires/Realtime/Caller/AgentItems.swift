import CallCore

/// A response of the agent, as a caller sees it.
struct AgentResponse {
  let id: String
  /// Whether `response.created` came.
  var isCreated = false
  /// Whether `response.done` came, or was given up.
  var isDone = false
  /// Since when the caller has cut it off: what comes of it then is not played.
  var cutAt: Timestamp?
  /// When something of it came last.
  var lastAt: Timestamp
  /// Of all its items.
  var audioBytes = 0
}

/// Something that the agent says, or a tool that it calls.
struct AgentItem {
  /// What it is, as far as a caller is concerned.
  enum Kind {
    /// Something that is said.
    case message
    /// A tool of the caller's side that is called.
    case call
    /// Something that the server does by itself, such as a call of a tool that it reaches by MCP.
    case other
  }

  let id: String
  /// Place of its response.
  var response: Int
  var kind = Kind.message
  /// Whether `response.output_item.added` came.
  var isOutputAdded = false
  var isOutputDone = false
  /// Whether `conversation.item.done` came.
  var isDone = false
  var isAudioDone = false
  /// Its words, as far as they were told.
  var words = BoundedText(charactersMax: RealtimePlatformSide.textMax)
  var text: String { words.text }
  var isTextDone = false
  /// What is said of it; `nil`: it has no audio.
  var utterance: PlayedUtterance?
  /// Whether the server broke it off.
  var isBroken = false
  /// A tool that it calls.
  var call: Call?

  struct Call {
    var id: String
    var name = ""
    var arguments = ""
    var hasArguments = false
    var isAnswered = false
  }

  init(id: String, response: Int) { (self.id, self.response) = (id, response) }
}

/// Whose audio stands where in the play-out queue, in bytes since the beginning of the call: what was played of each item follows from how far the
/// queue has come, whatever the order in which its pieces arrived.
struct ItemPlayback {
  private struct Piece {
    var item: Int
    var start: Int
    var end: Int
  }

  private var pieces: [Piece] = []

  init() { pieces.reserveCapacity(64) }

  /// Audio of an item went into the queue.
  mutating func append(_ item: Int, from start: Int, to end: Int) {
    if let last = pieces.last, last.item == item, last.end == start {
      pieces[pieces.count - 1].end = end
    } else {
      pieces.append(Piece(item: item, start: start, end: end))
    }
  }

  /// Counts what was played up to here.
  /// - Parameter played: takes an item and how many more bytes of it were played.
  mutating func advance(to position: Int, _ played: (_ item: Int, _ bytes: Int) -> Void) {
    var whole = 0
    for index in pieces.indices {
      guard pieces[index].start <= position else { break }
      let end = min(pieces[index].end, position)
      if end > pieces[index].start { played(pieces[index].item, end - pieces[index].start) }
      pieces[index].start = end
      if end == pieces[index].end { whole = index + 1 }
    }
    // The last one may go on.
    whole = min(whole, pieces.count - 1)
    if whole > 0 { pieces.removeFirst(whole) }
  }

  /// What was not played is gone.
  mutating func removeAll() { pieces.removeAll(keepingCapacity: true) }

  /// Items have other places now.
  /// - Parameter places: by the old one; `nil`: it is forgotten.
  mutating func move(to places: [Int?]) {
    pieces = pieces.compactMap { piece in
      places[piece.item].map { Piece(item: $0, start: piece.start, end: piece.end) }
    }
  }
}
