/// One run of a test case, as `TestRunStore` keeps it.
public struct TestRun: Sendable, Equatable {
  /// How the case is run. The raw values stand in REST.
  public enum Mode: String, Sendable, CaseIterable {
    /// In virtual time, against the built-in agent.
    case simulation
    /// Over a telephone line.
    case live
  }

  /// How far it is. The raw values stand in REST.
  public enum Status: String, Sendable, CaseIterable {
    /// Waits for a thread.
    case queued
    /// The call is going on.
    case running
    /// The call was held and judged, whatever the verdict.
    case completed
    /// No call came about, so that nothing is known of the agent.
    case failed

    /// Whether nothing more will come.
    public var isOver: Bool { self == .completed || self == .failed }
  }

  /// Unique.
  public var id: String
  /// Id of the case.
  public var testID: String
  /// Whose telephone lines: a name that is passed on.
  public var provider: String
  /// How the case is run.
  public var mode: Mode
  /// How far it is.
  public var status = Status.queued
  /// Microseconds since 1970 UTC when the run was asked for.
  public var createdAtUnixMicroseconds: Int64
  /// Microseconds since 1970 UTC when something in it changed last.
  public var updatedAtUnixMicroseconds: Int64
  /// Whatever the client wants kept with it.
  public var metadata: [String: String] = [:]
  /// The provider's name for the call; `nil` where there is none.
  public var providerCallID: String?
  /// What came of it; `nil` until it is over.
  public var evaluation: RunEvaluation?
  /// What was said, oldest first; empty in lists.
  public var transcript: [TestRunUtterance] = []
  /// Lines that were left out of `transcript`, because there were too many.
  public var transcriptDropped = 0
  /// Turns that the call came to; while the call goes on, those before the present one.
  public var turnsDone = 0
  /// Turns that are written.
  public var turnsAll: Int

  package init(
    id: String, testID: String, provider: String, mode: Mode, createdAtUnixMicroseconds: Int64, turnsAll: Int
  ) {
    self.id = id
    self.testID = testID
    self.provider = provider
    self.mode = mode
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
    updatedAtUnixMicroseconds = createdAtUnixMicroseconds
    self.turnsAll = turnsAll
  }
}

/// One thing that was said in a run of a test case.
public struct TestRunUtterance: Sendable, Equatable {
  /// Who spoke. The raw values stand in REST.
  public enum Speaker: String, Sendable, CaseIterable {
    /// The simulated caller.
    case user
    /// The agent.
    case agent
  }

  /// Who spoke.
  public var speaker: Speaker
  /// The caller: what was audible, fillers and all, or a remark such as `(presses 4711)`. The agent: the words that were heard.
  public var text: String
  /// The turn of the case it belongs to, from 1; 0 for what the agent said before the first.
  public var step: Int
  /// Microseconds since 1970 UTC. In virtual time the start of the run and the time in the call, added up.
  public var atUnixMicroseconds: Int64

  package init(speaker: Speaker, text: String, step: Int, atUnixMicroseconds: Int64) {
    self.speaker = speaker
    self.text = text
    self.step = step
    self.atUnixMicroseconds = atUnixMicroseconds
  }
}

/// What came of a run of a test case, in the terms of the predecessor *Voice Framework*.
public struct RunEvaluation: Sendable, Equatable {
  /// The verdict of the case. A case that has to fail passes when it does.
  public var isPassed: Bool
  /// One sentence on what was measured. No mood is guessed.
  public var summary: String
  /// Every reason why a step or the call did not pass, in words; empty when all did.
  public var failures: [String]
  /// The same in parts; empty in a run that an earlier version kept.
  public var findings: [RunFinding] = []
  /// What a language model made of the statements of the case, in their order; empty where there are none.
  public var judgements: [RunJudgement] = []
  /// Everything that was compared in meaning, those of the turns first.
  public var similarities: [RunSimilarity] = []
  /// One for each step that is written, in order.
  public var steps: [RunStep]
  /// Whether what the caller did is not what is written, so that the run says nothing about the agent.
  public var deviates: Bool

  package init(isPassed: Bool, summary: String, failures: [String], steps: [RunStep], deviates: Bool) {
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

/// One thing that was checked and did not pass.
public struct RunFinding: Sendable, Equatable {
  /// The turn, from 1; `nil` for what concerns the whole call.
  public var turn: Int?
  /// What was checked, such as `reply` or `keywords`.
  public var kind: String
  /// Such as `expected an answer, got none`.
  public var text: String
  /// Whether it says that the run is invalid, and so nothing about the agent.
  public var isInvalid: Bool

  package init(turn: Int?, kind: String, text: String, isInvalid: Bool) {
    self.turn = turn
    self.kind = kind
    self.text = text
    self.isInvalid = isInvalid
  }

  /// As one text, such as `turn 2, reply: expected an answer, got none`.
  public var sentence: String {
    let place = turn.map { "turn \($0), " } ?? ""
    return "\(isInvalid ? "invalid: " : "")\(place)\(kind): \(text)"
  }
}

/// One turn of a test case, side by side with what happened.
public struct RunStep: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// What the caller is to say or do.
  public var expectedInput: String
  /// What was audible of it, fillers and all; empty when the call did not come to it.
  public var actualInput = ""
  /// Keywords that are expected of the reply.
  public var keywords: [String]
  /// Whether they have to stand there as whole words.
  public var isExact: Bool
  /// What the agent said before the caller's next turn, as far as it was heard.
  public var reply = ""
  /// Whether the call came to it.
  public var isReached = false
  /// Whether it was reached and every check of it passed.
  public var isPassed = false
  /// Every check that did not pass, or which ones did.
  public var details = ""
  /// Every check that did not pass.
  public var findings: [RunFinding] = []

  package init(number: Int, expectedInput: String, keywords: [String], isExact: Bool) {
    self.number = number
    self.expectedInput = expectedInput
    self.keywords = keywords
    self.isExact = isExact
  }
}
