public import CallCore

/// A turn as this caller will take it with this seed.
public struct PlannedTurn: Sendable, Equatable {
  /// As it was written.
  public var turn: TestTurn
  /// What is said, fillers and all, and where each piece lies, counted from the beginning of the turn. Empty for keys and silence.
  public var pieces: [Piece] = []
  /// The sound, 16 kHz mono; empty in text mode and for keys and silence.
  public var sound: [Int16] = []
  /// From the beginning of the turn to its last sound's end.
  public var duration = CallDuration.zero

  /// A piece and its place in the turn.
  public struct Piece: Sendable, Equatable {
    /// What.
    public var piece: SpokenPiece
    /// From the beginning of the turn.
    public var start: CallDuration
    /// From the beginning of the turn.
    public var end: CallDuration

    /// See the properties.
    public init(piece: SpokenPiece, start: CallDuration, end: CallDuration) {
      self.piece = piece
      self.start = start
      self.end = end
    }
  }

  /// A turn without sound.
  public init(turn: TestTurn) { self.turn = turn }
}
