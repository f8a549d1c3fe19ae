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
  /// What the caller does, in order, numbered from 1 without a gap; at least one, unless the caller has a brief.
  public var turns: [TestTurn]
  /// What is expected of the call as a whole.
  public var expectations: [Expectation]
  /// Longest call; the caller then hangs up and the case fails.
  public var durationMax: CallDuration
  /// Instead of the run's.
  public var seed: UInt64?
  /// What is different in each attempt; `nil`: nothing but its luck.
  public var vary: CaseVariation?
  /// What this attempt was given of that; empty before it was chosen.
  public var varied: [VariedValue] = []
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

extension TestCase {
  /// Whether anything is to be similar in meaning.
  public var asksForMeaning: Bool {
    (expectations + turns.flatMap(\.expectations)).contains { $0.check.kind == .similarInMeaning }
  }

  /// Expressions of its expectations that cannot be used, which an earlier version took. Their checks fail.
  public var expressionFaults: [(source: String, fault: ExpressionFault)] {
    (expectations + turns.flatMap(\.expectations)).compactMap { expectation in
      guard case .regex(let expression) = expectation.check, let fault = expression.fault else { return nil }
      return (expression.source, fault)
    }
  }
}

/// Where something stands in a file.
public struct CaseSource: Sendable, Hashable {
  /// As it was given to the reader.
  public var file: String
  /// From 1; 0 when there is no file.
  public var line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}

/// Who is called.
public struct TestAgent: Sendable, Equatable {
  /// A way in which the built-in agent can be made bad on purpose, to show that a check catches it. Only our own agent can; a
  /// live target is what it is.
  public enum Fault: String, Sendable, CaseIterable {
    /// Hears nothing of what the caller says.
    case deaf
    /// Never says anything.
    case silent
    /// Repeats the caller's words instead of answering.
    case echoing
    /// Talks on when it is interrupted.
    case unyielding
    /// Begins to speak in every pause of the caller.
    case interrupting
    /// Answers with the expected keywords and nothing else.
    case parroting
    /// Takes whatever the detector calls speech for the caller's, people behind the caller included, and stops.
    case oversensitive
    /// Hears nothing below a fixed level, however softly the caller speaks.
    case hardOfHearing = "hard-of-hearing"
    /// Asks again after 2 s of silence, also a caller who put it on hold.
    case impatient
    /// Takes its own voice, as it comes back from the caller's loudspeaker, for the caller's, and stops.
    case selfHearing = "self-hearing"
  }

  /// Name of the flow.
  public var flow: String
  /// The agent's voice; `nil` for the flow's own.
  public var voice: Voice.ID?
  /// What is wrong with it; `nil` for a good one.
  public var fault: Fault?

  package init(flow: String, voice: Voice.ID? = nil, fault: Fault? = nil) {
    self.flow = flow
    self.voice = voice
    self.fault = fault
  }
}

/// Who calls.
public struct CallerProfile: Sendable, Equatable {
  /// What kind of person, for readers and for callers that are driven by a language model.
  public var persona = ""
  /// Whose voice. Not the agent's usual one, so that a recording is easy to follow.
  public var voice: Voice.ID = "heart-low"
  /// How the voice is bent.
  public var style = SpeakingStyle.plain
  /// How long the caller thinks before answering the agent: 300 ms, a usual gap between people (Heldner and Edlund 2010 give
  /// 200 ms as the median; a menu takes a little longer).
  public var pauseBeforeAnswer = CallDuration.milliseconds(300)
  /// How long the caller waits for an answer before the turn counts as missed.
  public var patience = CallDuration.seconds(8)
  /// What a caller wants whom a language model plays; `nil` where the turns are written.
  public var brief: CallerBrief?

  /// Everything at its default.
  public init() {}
}

/// How often the caller stumbles: the chance at each place where it can happen, in per cent, 0 … 100. Drawn from the seed.
public struct DisfluencyRates: Sendable, Equatable {
  /// `uh`, `um`, `well` before a word.
  public var fillers = 0
  /// A word is said twice.
  public var repetitions = 0
  /// A phrase is begun, broken off and begun again. At most once a line.
  public var restarts = 0
  /// A word is drawn out.
  public var lengthenings = 0
  /// Silence between two words.
  public var pauses = 0
  /// How long such a silence is.
  public var pauseMin = CallDuration.milliseconds(200)
  /// How long such a silence is at most; below the agent's end-of-turn silence it must not be taken for the end.
  public var pauseMax = CallDuration.milliseconds(400)

  /// A fluent caller.
  public init() {}

  /// Whether the caller never stumbles.
  public var isFluent: Bool { fillers + repetitions + restarts + lengthenings + pauses == 0 }
}
