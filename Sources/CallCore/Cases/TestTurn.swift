/// One thing that the caller does, and what is expected back.
public struct TestTurn: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// When.
  public var cue: CallerCue
  /// What.
  public var deed: CallerAction
  /// What is expected of the agent's next utterances, up to the caller's next turn.
  public var expectations: [Expectation]
  /// Line in the file; 0 when there is none.
  public var line: Int

  /// All values as described at the properties.
  public init(
    number: Int, cue: CallerCue = .whenAsked, deed: CallerAction, expectations: [Expectation] = [], line: Int = 0
  ) {
    self.number = number
    self.cue = cue
    self.deed = deed
    self.expectations = expectations
    self.line = line
  }
}
