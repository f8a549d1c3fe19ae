/// A piece of what a caller says.
public enum SpokenPiece: Sendable, Equatable {
  /// Words as they are.
  case words(String)
  /// A filler such as `uh`; it does not count as the caller's words.
  case filler(String)
  /// Words that are said again or broken off; they do not count as the caller's words.
  case stumble(String)
  /// A word that is drawn out.
  case lengthened(String)
  /// Silence.
  case pause(CallDuration)
}

extension Sequence<SpokenPiece> {
  /// What the caller means, without what slipped in.
  public var meaning: String {
    compactMap { piece in
      switch piece {
      case .words(let text), .lengthened(let text): text
      case .filler, .stumble, .pause: nil
      }
    }.joined(separator: " ")
  }

  /// Everything that is audible.
  public var wording: String {
    compactMap { piece in
      switch piece {
      case .words(let text), .lengthened(let text), .filler(let text), .stumble(let text): text
      case .pause: nil
      }
    }.joined(separator: " ")
  }
}
