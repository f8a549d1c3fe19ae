public import CallCore

/// One check and what it found.
public struct CheckResult: Sendable, Equatable {
  /// What was looked at.
  public var kind: CheckKind
  /// The turn; `nil` for the whole call.
  public var turn: Int?
  /// What was found.
  public var verdict: Verdict
  /// What was to be there, in words.
  public var expected: String
  /// What was there, in words.
  public var actual: String
  /// The moment in the call, where there is one.
  public var at: Timestamp?
  /// Line of the expectation in the file; 0 for checks that are always made.
  public var line: Int

  /// All values as described at the properties.
  public init(
    _ kind: CheckKind, turn: Int?, verdict: Verdict, expected: String, actual: String, at: Timestamp? = nil,
    line: Int = 0
  ) {
    self.kind = kind
    self.turn = turn
    self.verdict = verdict
    self.expected = expected
    self.actual = actual
    self.at = at
    self.line = line
  }
}
