/// What a key lets its holder do.
public enum KeyScope: String, CaseIterable, Sendable {
  /// Place calls.
  case call
  /// Read flows, voices, the history, test runs and figures.
  case read
  /// Change things: test cases, test runs, load tests and the keys themselves.
  case manage
  /// Use the speech engines directly.
  case speech
}
