import CallCore

/// A word of a caller's line, or something between words.
struct SpokenToken {
  /// As it is said.
  var piece: SpokenPiece
  /// The word; `nil` for what is no word of the caller's.
  var word: String?
}
