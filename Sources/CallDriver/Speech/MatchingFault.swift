public import CallCore

/// Why a voice could not be matched to a recording.
public enum MatchingFault: Error, Sendable, Equatable {
  /// The recording will not do; says what is wrong with it.
  case recording(String)
  /// An engine failed.
  case engine(EngineError)
}
