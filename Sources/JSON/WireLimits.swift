/// What bounds a client's text frames.
public enum WireLimits {
  /// Longest text frame. Room for a `text` of `textCharactersMax` with every character escaped as a surrogate pair (12,000
  /// bytes) and for a `start` with `metadataBytesMax` of quotation marks; nothing that is allowed is longer.
  public static let textFrameBytesMax = 16_384
  /// Lists and objects within one another. `start` needs 2.
  public static let nestingMax = 8
  /// Longest typed text, in Unicode scalars: what a person types in one go.
  public static let textCharactersMax = 1_000
  /// Longest name of a flow or a voice, in Unicode scalars. The longest in use has 40.
  public static let nameCharactersMax = 128
  /// Most entries of `metadata`.
  public static let metadataEntriesMax = 32
  /// Most bytes of all names and values of `metadata` together, in UTF-8: they are kept in memory with the call.
  public static let metadataBytesMax = 4_096
  /// Greatest number of an utterance or a turn: ten a second for two days.
  public static let countMax = 2_000_000
  /// Greatest span or instant: two days, twice what any call lasts.
  public static let millisecondsMax = 172_800_000
  /// Greatest whole number that is taken of a peer where nothing smaller follows from what it counts: 2⁵³, up to which
  /// every program that reads JSON as floating point tells whole numbers apart. A thousand of them can be added up, and one can be
  /// counted in thousandths: plain arithmetic behind the border never overflows. What the program itself stored has no such limit.
  public static let wholeNumberMax = 1 << 53
}
