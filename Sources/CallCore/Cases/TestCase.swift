/// A scripted call and what is expected of the agent in it. Written in YAML (`Samples/testcases/README.md`) or in the JSON of
/// `GET /testcases`.
public struct TestCase: Sendable, Equatable {
  /// Unique among the cases of a run: letters, digits, `-`, `_`, `.` and `/`; at most 100 characters.
  public var id: String
  /// For people; the id when none was given.
  public var title: String
  /// For filters.
  public var tags: [String]
  /// Who is called.
  public var agent: TestAgent
  /// Who calls.
  public var caller: CallerProfile
  /// How fluently.
  public var disfluency: DisfluencyRates
  /// From where, and over what line.
  public var world: CallWorld
  /// What the caller does, in order; at least one, numbered from 1 without a gap.
  public var turns: [TestTurn]
  /// What is expected of the call as a whole.
  public var expectations: [Expectation]
  /// Longest call; the caller then hangs up and the case fails.
  public var durationMax: CallDuration
  /// Instead of the run's.
  public var seed: UInt64?
  /// The check by which this case has to fail, such as `reply`, where it shows what a bad agent looks like. The case then
  /// passes when it fails by just that, and fails when it passes.
  public var mustFail: CheckKind?
  /// Where it was read; empty for one that was made in memory.
  public var source: CaseSource

  /// A case with defaults for everything else.
  public init(id: String, agent: TestAgent, turns: [TestTurn]) {
    self.id = id
    title = id
    tags = []
    self.agent = agent
    caller = CallerProfile()
    disfluency = DisfluencyRates()
    world = CallWorld()
    self.turns = turns
    expectations = []
    durationMax = .seconds(180)
    source = CaseSource(file: "", line: 0)
  }
}
