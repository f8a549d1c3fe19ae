public import CallCore

/// What the caller did in one turn, and when.
public struct CallerAct: Sendable, Equatable {
  /// The turn's number in the case, from 1.
  public var turn: Int
  /// When the caller set about it.
  public var began: Timestamp
  /// When the caller was done: the end of the last sound or key. For `staySilent`, when the agent had spoken again.
  public var ended: Timestamp
  /// Where the pieces of speech were put into the caller's track, in order; empty for keys and silence.
  public var pieces: [PlacedPiece] = []
  /// When each key was sent.
  public var keys: [PressedKey] = []

  /// A piece of speech and where it went.
  public struct PlacedPiece: Sendable, Equatable {
    /// What.
    public var piece: SpokenPiece
    /// Where it begins and ends, silence at its edges included.
    public var span: SpeechSpan

    package init(piece: SpokenPiece, span: SpeechSpan) {
      (self.piece, self.span) = (piece, span)
    }
  }

  /// A key and when it was sent.
  public struct PressedKey: Sendable, Equatable {
    /// Which.
    public var key: Key
    /// When.
    public var at: Timestamp

    package init(key: Key, at: Timestamp) { (self.key, self.at) = (key, at) }
  }

  package init(turn: Int, began: Timestamp, ended: Timestamp) {
    (self.turn, self.began, self.ended) = (turn, began, ended)
  }
}
