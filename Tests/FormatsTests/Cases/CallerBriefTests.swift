import CallCore
import Formats
import Testing

@Suite("Test case reader: callers with a goal")
struct CallerBriefTests {
  private func read(_ text: String) -> Result<[TestCase], FileFaults> {
    TestCaseFileReader.read(text, file: "case.yaml", flows: nil) { _ in true }
  }

  @Test("everything that a brief may hold")
  func everything() throws {
    let text = """
      flow: desk
      caller:
        voice: heart-deep
        goal: A table for two on Saturday.
        facts:
          name: Ada Miller
          phone: {value: 555 0147, when-asked: true, asked-by: [phone, number]}
        manner: In a hurry.
        rules: {must: [On Saturday], accept: half an hour later, never: [Sunday]}
        turns: 7
        interrupts: {rate: 20%, after: 800ms}
      expect: {goal: impossible, outcome: none}
      """
    let testCase = try #require(try read(text).get().first)
    let brief = try #require(testCase.caller.brief)
    #expect(brief.goal == "A table for two on Saturday." && brief.manner == "In a hurry." && brief.turnsMax == 7)
    #expect(
      brief.facts == [
        CallerFact("name", "Ada Miller"),
        CallerFact("phone", "555 0147", isKeptBack: true, askedBy: ["phone", "number"]),
      ])
    #expect(brief.fact("name")?.askedBy == ["name"])
    #expect(brief.rules.must == ["On Saturday"] && brief.rules.accept == ["half an hour later"])
    #expect(brief.rules.never == ["Sunday"])
    #expect(brief.interruptionPercent == 20 && brief.interruptsAfter == .milliseconds(800))
    #expect(testCase.durationMax == .seconds(600))
    #expect(testCase.turns.isEmpty && testCase.expectations.map(\.check).contains(.goal(.impossible)))
  }

  @Test(
    "what cannot be is told by its line",
    arguments: [
      ("goal: ''", "is empty"), ("goal: A table.\n  facts: [a]", "must be `id: value` lines"),
      ("goal: A table.\n  facts: {a b: c}", "cannot be the id of a fact"),
      ("goal: A table.\n  facts: {a: '{b}'}", "without braces"),
      ("goal: A table.\n  facts: {a: '…'}", "words that can be said"),
      ("goal: A table.\n  facts: {a: {when-asked: true}}", "no `value`"),
      ("goal: A table.\n  rules: {maybe: x}", "means nothing in `rules`"),
      ("goal: A table.\n  turns: 0", "1 to 100"), ("goal: A table.\n  interrupts: {rate: 101}", "0 to 100"),
      ("goal: A table.\n  interrupts: {after: 61s}", "0 ms to 60000 ms"),
    ])
  func faults(brief: String, says: String) {
    guard case .failure(let faults) = read("flow: desk\ncaller:\n  \(brief)\n") else {
      Issue.record("it was read: \(brief)")
      return
    }
    #expect("\(faults)".contains(says), "\(faults)")
  }

  @Test("what can never fail cannot be what must fail; what is checked of every such caller can")
  func mustFail() throws {
    let text = "flow: desk\ncaller: {goal: A table.}\nmust-fail: "
    guard case .failure(let faults) = read(text + "conduct\n"), case .failure(let others) = read(text + "keywords\n")
    else {
      Issue.record("it was read")
      return
    }
    #expect("\(faults)".contains("`conduct` never fails") && "\(others)".contains("nothing in the case is checked"))
    #expect(try read(text + "goal\n").get().first?.mustFail == .goal)
  }

  @Test("two states of the goal, or one that is wanted and forbidden, contradict each other")
  func contradictions() {
    let text = "flow: desk\ncaller: {goal: A table.}\nexpect: {goal: reached}\nnever: {goal: reached}\n"
    guard case .failure(let faults) = read(text) else {
      Issue.record("it was read")
      return
    }
    #expect("\(faults)".contains("the goal is expected to be `reached` and must not be"), "\(faults)")
  }
}
