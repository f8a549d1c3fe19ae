public import CallCore

/// How far a part has come.
public enum EngineState: Sendable, Hashable {
  /// Being read from disk; this takes about half a second.
  case loading
  /// Usable.
  case ready
  /// Cannot be used in this process; a new start is needed after mending it.
  case failed(EngineError)
}
