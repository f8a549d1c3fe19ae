public import CallCore
public import JSON

/// A run of a test case as databases keep it: JSON without loss, in two parts like a call's (`CallArchive`).
public enum TestRunArchive {
  private struct Transcript: Archived {
    static let blank = Transcript(lines: [])
    var lines: [TestRunUtterance]

    mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) { try members.list("lines", &lines) }
  }

  /// Everything but what was said.
  public static func summary(of run: TestRun) -> [UInt8] { ArchiveMembers.json(of: run) }

  /// What was said.
  public static func transcript(of run: TestRun) -> [UInt8] {
    ArchiveMembers.json(of: Transcript(lines: run.transcript))
  }

  /// - Parameters:
  ///   - summary: as `summary(of:)` wrote it.
  ///   - transcript: as `transcript(of:)` wrote it; `nil` for a run without.
  public static func run(summary: [UInt8], transcript: [UInt8]?) throws(WireFault) -> TestRun {
    var run: TestRun = try ArchiveMembers.value(of: summary, place: "run")
    guard let transcript else { return run }
    let said: Transcript = try ArchiveMembers.value(of: transcript, place: "transcript")
    run.transcript = said.lines
    return run
  }
}

extension TestRun: Archived {
  static var blank: TestRun {
    TestRun(id: "", testID: "", provider: "", mode: .simulation, createdAtUnixMicroseconds: 0, turnsAll: 0)
  }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.text("id", &id)
    try members.text("testID", &testID)
    try members.text("provider", &provider)
    try members.choice("mode", &mode, of: Mode.allCases)
    try members.choice("status", &status, of: Status.allCases)
    try members.number("createdAtUs", &createdAtUnixMicroseconds)
    try members.number("updatedAtUs", &updatedAtUnixMicroseconds)
    try members.texts("metadata", &metadata)
    try members.text("providerCallID", &providerCallID)
    try members.number("transcriptDropped", &transcriptDropped)
    try members.number("turnsDone", &turnsDone)
    try members.number("turnsAll", &turnsAll)
    try members.object("evaluation", ifAny: &evaluation)
  }
}

extension TestRunUtterance: Archived {
  static var blank: TestRunUtterance { TestRunUtterance(speaker: .user, text: "", step: 0, atUnixMicroseconds: 0) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.choice("speaker", &speaker, of: Speaker.allCases)
    try members.text("text", &text)
    try members.number("step", &step)
    try members.number("atUs", &atUnixMicroseconds)
  }
}

extension RunEvaluation: Archived {
  static var blank: RunEvaluation {
    RunEvaluation(isPassed: false, summary: "", failures: [], steps: [], deviates: false)
  }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.flag("isPassed", &isPassed, isNeeded: true)
    try members.text("summary", &summary)
    try members.texts("failures", &failures)
    try members.list("findings", &findings)
    try members.flag("deviates", &deviates)
    try members.list("steps", &steps)
  }
}

extension RunFinding: Archived {
  static var blank: RunFinding { RunFinding(turn: nil, kind: "", text: "", isInvalid: false) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.number("turn", &turn, 1...CaseLimits.turnsMax)
    try members.text("kind", &kind)
    try members.text("text", &text)
    try members.flag("isInvalid", &isInvalid)
  }
}

extension RunStep: Archived {
  static var blank: RunStep { RunStep(number: 0, expectedInput: "", keywords: [], isExact: false) }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    try members.number("number", &number)
    try members.text("expectedInput", &expectedInput)
    try members.text("actualInput", &actualInput)
    try members.texts("keywords", &keywords)
    try members.flag("isExact", &isExact)
    try members.text("reply", &reply)
    try members.flag("isReached", &isReached)
    try members.flag("isPassed", &isPassed)
    try members.text("details", &details)
    try members.list("findings", &findings)
  }
}
