/// What a caller does in a turn.
public enum CallerAction: Sendable, Equatable {
  /// Says this, with the pauses that are written in it.
  case say([SpokenPiece])
  /// Plays a recording: a WAV file, by its path as the reader resolved it. `text` is what is said in it, where that is known.
  case play(file: String, text: String?)
  /// Presses these keys, one every 150 ms.
  case press([Key])
  /// Says nothing until the agent has spoken again and finished.
  case staySilent
  /// A word of attention such as `uh-huh` while the agent speaks: it must neither stop the agent nor be answered.
  case backchannel(String)
  /// Hangs up.
  case hangUp
}
