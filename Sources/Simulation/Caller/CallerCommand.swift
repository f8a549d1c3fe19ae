public import CallCore

/// What a caller wants done beside sending its audio.
public enum CallerCommand: Sendable, Equatable {
  /// Nothing.
  case nothing
  /// Send this key.
  case press(Key)
  /// End the call.
  case hangUp
}
