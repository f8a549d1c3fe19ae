import CallCore

/// Test cases and runs to be kept.
enum SampleTest {
  static func testCase(_ id: String) -> TestCase {
    TestCase(
      id: id, agent: TestAgent(flow: "appointment"),
      turns: [TestTurn(number: 1, action: .say([.words("Hello there.")]))])
  }

  /// A case with something in many fields.
  static func fullCase(_ id: String) -> TestCase {
    var testCase = testCase(id)
    testCase.title = "Müller 😀"
    testCase.tags = ["smoke"]
    testCase.agent.fault = .deaf
    testCase.caller.persona = "A patient."
    testCase.world.noise = .init(sort: .pink, ratio: 15)
    let keywords = Expectation(.keywords(["which day"]), allowsPartsOfWords: true, line: 4)
    testCase.turns = [
      TestTurn(
        number: 1, action: .say([.words("Book"), .pause(.milliseconds(400)), .words("it")]), expectations: [keywords],
        line: 3),
      TestTurn(number: 2, cue: .overAgent(after: .milliseconds(800)), action: .press([.terminator])),
    ]
    testCase.expectations = [Expectation(.slot("day", "2026-03-03"), isAbsent: true)]
    testCase.seed = 7
    testCase.mustFail = .state
    testCase.source = CaseSource(file: "a.yaml", line: 2)
    return testCase
  }

  /// - Parameter textBytes: length of its only line.
  static func run(_ id: String, textBytes: Int = 10) -> TestRun {
    var run = TestRun(
      id: id, testID: "appointment", provider: "twilio", mode: .simulation,
      createdAtUnixMicroseconds: 1_763_696_700_123_456, turnsAll: 2)
    run.transcript = [
      TestRunUtterance(
        speaker: .agent, text: String(repeating: "x", count: textBytes), step: 0,
        atUnixMicroseconds: 1_763_696_700_123_456)
    ]
    return run
  }

  /// A run with something in every field.
  static func fullRun(_ id: String) -> TestRun {
    var run = run(id)
    run.status = .completed
    run.mode = .live
    run.updatedAtUnixMicroseconds += 5_000_001
    run.metadata = ["build": "7", "by": "Müller 😀"]
    run.providerCallID = "CA1"
    run.transcriptDropped = 3
    run.turnsDone = 1
    run.transcript.append(
      TestRunUtterance(speaker: .user, text: "Book it.", step: 1, atUnixMicroseconds: 1_763_696_701_000_000))
    var step = RunStep(number: 1, expectedInput: "Book it.", keywords: ["which day"], isExact: true)
    step.actualInput = "uh, book it."
    step.reply = "On which day?"
    step.isReached = true
    step.isPassed = true
    step.details = "passed: keywords"
    step.findings = [RunFinding(turn: 1, kind: "stimulus", text: "expected it, got none", isInvalid: true)]
    let missed = RunStep(number: 2, expectedInput: "(presses #)", keywords: [], isExact: false)
    run.evaluation = RunEvaluation(
      isPassed: false, summary: "not assessed; 1 of 2 turns passed", failures: ["coverage: expected 2, got 1"],
      steps: [step, missed], deviates: true)
    run.evaluation?.findings = [RunFinding(turn: nil, kind: "coverage", text: "expected 2, got 1", isInvalid: false)]
    let vote = RunVote(
      answer: "yes", quote: "We are open", why: "It says so.", fault: nil, atMilliseconds: 900, model: "double")
    run.evaluation?.judgements = [
      RunJudgement(statement: "names the hours", isAbsent: false, outcome: "yes", reason: "", votes: [vote])
    ]
    run.evaluation?.similarities = [
      RunSimilarity(turn: 1, expected: "at least 0.45", found: "0.6: “Open”", thousandths: 600, isPassed: true)
    ]
    return run
  }
}
