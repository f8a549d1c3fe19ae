import CallCore
import JSON
import Formats
import Foundation
import Testing

@Suite("Sample test cases")
struct SampleCaseTests {
  @Test("All samples are sound, and fit the sample flows")
  func sound() throws {
    let cases = try SampleCases.all()
    #expect(cases.filter { $0.mustFail == nil && $0.source.file.hasSuffix(".yaml") }.count >= 12)
    #expect(cases.filter { $0.source.file.hasSuffix("predecessor.json") }.count == 3)
    #expect(Set(cases.map(\.agent.flow)) == ["appointment", "order-status", "reminder", "support-triage"])
  }

  @Test("The examples of README.md are sound, and its tables name every key")
  func readme() throws {
    let text = try String(contentsOf: SampleCases.folder.appending(path: "README.md"), encoding: .utf8)
    let blocks = text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(blocks.count >= 5)
    for block in blocks {
      // Each example is a whole file, a list of cases, or part of a case.
      let indented = block.split(separator: "\n").map { "  \($0)\n" }.joined()
      let file =
        if block.hasPrefix("flow:") || block.hasPrefix("defaults:") {
          block
        } else if block.hasPrefix("- id:") {
          "defaults: {flow: appointment}\ncases:\n\(indented)"
        } else if block.hasPrefix("turns:") {
          "flow: appointment\n\(block)"
        } else {
          "flow: appointment\nturns: [Hi., Hi.]\n\(block)"
        }
      let read = TestCaseFileReader.read(file, file: "x.yaml", flows: try SampleFlows.library()) { _ in true }
      #expect(throws: Never.self, "\(block)") { try read.get() }
    }
    for kind in CheckKind.allCases where ![.slot, .similarity, .similarInMeaning].contains(kind) {
      #expect(text.contains("`\(kind.rawValue)`"), "\(kind)")
    }
    for reason in CloseReason.allCases { #expect(text.contains("`\(reason.rawValue)`")) }
    for fault in TestAgent.Fault.allCases { #expect(text.contains("`\(fault.rawValue)`")) }
  }

  @Test("Each kind of bad agent has a case, which fails for a reason of its own")
  func mustFail() throws {
    let bad = try SampleCases.all().filter { $0.agent.fault != nil }
    #expect(Set(bad.compactMap(\.agent.fault)) == Set(TestAgent.Fault.allCases))
    // Who is deaf and who is hard of hearing fail alike: neither understands what was said.
    #expect(Set(bad.compactMap(\.mustFail)).count == TestAgent.Fault.allCases.count - 1)
  }

  @Test("Spoken word for word to the flow, every sample's expectations of words, states, slots and ends hold")
  func walk() throws {
    let cases = try SampleCases.all().filter { $0.agent.fault == nil }
    for testCase in cases {
      var walk = SampleWalk(
        try SampleFlows.conversation(testCase.agent.flow, variables: ["today": "2026-03-02"]))
      for turn in testCase.turns { walk.play(turn, of: testCase.id) }
      walk.finish(testCase)
    }
  }
}
