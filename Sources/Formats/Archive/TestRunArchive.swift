public import CallCore
public import JSON

/// A run of a test case as databases keep it: JSON without loss, in two parts like a call's (`CallArchive`).
public enum TestRunArchive {
  /// Everything but what was said.
  public static func summary(of run: TestRun) -> [UInt8] { run.archive }

  /// What was said.
  public static func transcript(of run: TestRun) -> [UInt8] { transcript.json(of: run) }

  /// - Parameters:
  ///   - summary: as `summary(of:)` wrote it.
  ///   - transcript: as `transcript(of:)` wrote it; `nil` for a run without.
  public static func run(summary: [UInt8], transcript: [UInt8]?) throws(WireFault) -> TestRun {
    var run = try TestRun(archive: summary, place: "run")
    if let transcript { try Self.transcript.read(transcript, place: "transcript", into: &run) }
    return run
  }

  private static var transcript: [ArchiveMember<TestRun>] { [.list("lines", \.transcript)] }
}

extension TestRun: Archived {
  static let blank = TestRun(
    id: "", testID: "", provider: "", mode: .simulation, createdAtUnixMicroseconds: 0, turnsAll: 0)
  static var members: [ArchiveMember<TestRun>] {
    [
      .text("id", \.id), .text("testID", \.testID), .text("provider", \.provider),
      .choice("mode", \.mode, of: Mode.allCases), .choice("status", \.status, of: Status.allCases),
      .instant("createdAtUs", \.createdAtUnixMicroseconds), .instant("updatedAtUs", \.updatedAtUnixMicroseconds),
      .texts("metadata", \.metadata), .text("providerCallID", \.providerCallID),
      .number("transcriptDropped", \.transcriptDropped), .number("turnsDone", \.turnsDone),
      .number("turnsAll", \.turnsAll), .object("evaluation", ifAny: \.evaluation),
    ]
  }
}

extension TestRunUtterance: Archived {
  static let blank = TestRunUtterance(speaker: .user, text: "", step: 0, atUnixMicroseconds: 0)
  static var members: [ArchiveMember<TestRunUtterance>] {
    [
      .choice("speaker", \.speaker, of: Speaker.allCases), .text("text", \.text), .number("step", \.step),
      .instant("atUs", \.atUnixMicroseconds),
    ]
  }
}

extension RunEvaluation: Archived {
  static let blank = RunEvaluation(isPassed: false, summary: "", failures: [], steps: [], deviates: false)
  static var members: [ArchiveMember<RunEvaluation>] {
    [
      .flag("isPassed", \.isPassed, isNeeded: true), .text("summary", \.summary), .texts("failures", \.failures),
      .list("findings", \.findings), .list("judgements", \.judgements), .list("similarities", \.similarities),
      .flag("deviates", \.deviates), .list("steps", \.steps),
    ]
  }
}

extension RunFinding: Archived {
  static let blank = RunFinding(turn: nil, kind: "", text: "", isInvalid: false)
  static var members: [ArchiveMember<RunFinding>] {
    [
      .turn(\.turn), .text("kind", \.kind), .text("text", \.text), .flag("isInvalid", \.isInvalid),
    ]
  }
}

extension ArchiveMember {
  /// A turn of a case, or null.
  fileprivate static func turn(_ path: WritableKeyPath<Root, Int?>) -> Self {
    Self(path) {
      $0.field("turn", $1)
    } read: { fields, _ throws(WireFault) in
      try fields.optionalNumber("turn", 1...CaseLimits.turnsMax)
    }
  }
}

extension RunJudgement: Archived {
  static let blank = RunJudgement(statement: "", isAbsent: false, outcome: "", reason: "", votes: [])
  static var members: [ArchiveMember<RunJudgement>] {
    [
      .text("statement", \.statement), .flag("isAbsent", \.isAbsent), .text("outcome", \.outcome),
      .text("reason", \.reason), .list("votes", \.votes),
    ]
  }
}

extension RunVote: Archived {
  static let blank = RunVote(answer: nil, quote: "", why: "", fault: nil, atMilliseconds: nil, model: "")
  static var members: [ArchiveMember<RunVote>] {
    [
      .text("answer", \.answer), .text("quote", \.quote), .text("why", \.why), .text("fault", \.fault),
      .number("atMs", ifAny: \.atMilliseconds, from: 0), .text("model", \.model),
    ]
  }
}

extension RunSimilarity: Archived {
  static let blank = RunSimilarity(turn: nil, expected: "", found: "", thousandths: nil, isPassed: false)
  static var members: [ArchiveMember<RunSimilarity>] {
    [
      .turn(\.turn), .text("expected", \.expected), .text("found", \.found),
      .number("thousandths", ifAny: \.thousandths, from: -1000), .flag("isPassed", \.isPassed),
    ]
  }
}

extension RunStep: Archived {
  static let blank = RunStep(number: 0, expectedInput: "", keywords: [], isExact: false)
  static var members: [ArchiveMember<RunStep>] {
    [
      .number("number", \.number), .text("expectedInput", \.expectedInput), .text("actualInput", \.actualInput),
      .texts("keywords", \.keywords), .flag("isExact", \.isExact), .text("reply", \.reply),
      .flag("isReached", \.isReached), .flag("isPassed", \.isPassed), .text("details", \.details),
      .list("findings", \.findings),
    ]
  }
}
