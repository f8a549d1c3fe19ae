import CallCore

/// A line that grows piece by piece; words that follow one another become one piece.
struct SpokenPieceList {
  private(set) var pieces: [SpokenPiece] = []

  /// Whether the last piece is silence.
  var endsInPause: Bool {
    if case .pause? = pieces.last { true } else { false }
  }

  mutating func append(_ piece: SpokenPiece) {
    guard case .words(let more) = piece, case .words(let text)? = pieces.last else { return pieces.append(piece) }
    pieces[pieces.count - 1] = .words(text + " " + more)
  }
}
