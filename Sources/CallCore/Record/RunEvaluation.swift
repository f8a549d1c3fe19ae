/// What came of a run of a test case, in the terms of the predecessor *Voice Framework*.
public struct RunEvaluation: Sendable, Equatable {
  /// The verdict of the case. A case that has to fail passes when it does.
  public var isPassed: Bool
  /// One sentence on what was measured. No mood is guessed.
  public var summary: String
  /// Every reason why a step or the call did not pass, in words; empty when all did.
  public var failures: [String]
  /// One for each step that is written, in order.
  public var steps: [RunStep]
  /// Whether what the caller did is not what is written, so that the run says nothing about the agent.
  public var deviates: Bool

  /// See the properties.
  public init(isPassed: Bool, summary: String, failures: [String], steps: [RunStep], deviates: Bool) {
    self.isPassed = isPassed
    self.summary = summary
    self.failures = failures
    self.steps = steps
    self.deviates = deviates
  }

  /// Numbers of the steps that did not pass, those that were not reached among them.
  public var failedSteps: [Int] { steps.filter { !$0.isPassed }.map(\.number) }

  /// Steps that the call came to over steps that are *written*, in thousandths.
  public var coverageThousandths: Int {
    steps.isEmpty ? 0 : steps.count { $0.isReached } * 1000 / steps.count
  }
}
