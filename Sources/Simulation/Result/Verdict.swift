/// What a case came to.
public enum Verdict: String, Sendable, CaseIterable {
  /// Everything that was expected happened.
  case passed
  /// Something did not.
  case failed
  /// The call says nothing about the agent: what the caller was to do cannot be found in its own track, its frames were late,
  /// or the call never came about.
  case invalid
}
