/// One step of the alignment of a heard text with what was said; the words are normalised as `WordErrorRate` says.
public enum AlignedWord: Hashable, Sendable {
  /// Said and heard.
  case same(String)
  /// Heard as another word.
  case substituted(said: String, heard: String)
  /// Said and not heard.
  case deleted(String)
  /// Heard and not said.
  case inserted(String)
}
