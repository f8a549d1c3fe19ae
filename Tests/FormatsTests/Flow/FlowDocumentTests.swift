import CallCore
import Formats
import Foundation
import Testing

@Suite("Flow files: the description is true")
struct FlowDocumentTests {
  /// The YAML examples of `Samples/flows/README.md`.
  private static func examples() throws -> [String] {
    let text = try String(contentsOf: SampleFlows.folder.appending(path: "README.md"), encoding: .utf8)
    return text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  @Test("Every example is read without a fault, but for what an excerpt leaves out")
  func examples() throws {
    let examples = try FlowDocumentTests.examples()
    #expect(examples.count >= 10)
    // An excerpt names states and variables that stand elsewhere.
    let elsewhere: Set<FileFaultKind> = [.unknownState, .unknownVariable, .unreachable, .deadEnd, .unknownFlow]
    for example in examples {
      var text = example
      if text.contains("flow: front-desk") {
        text += "states:\n  welcome: {end: }\n"
      } else if !text.hasPrefix("states:") {
        text =
          "states:\n" + text.components(separatedBy: "\n").map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n")
      }
      if case .failure(let found) = FlowReader.read(text, file: "example.yaml") {
        #expect(found.faults.allSatisfy { elsewhere.contains($0.kind) }, "\(found)\nin\n\(text)")
      }
    }
  }

  @Test("Every kind of state, slot and filter is described")
  func complete() throws {
    let text = try String(contentsOf: SampleFlows.folder.appending(path: "README.md"), encoding: .utf8)
    for word in FlowStateKind.words { #expect(text.contains("\n### \(word) – "), "\(word)") }
    for word in SlotKind.words { #expect(text.contains("\n| `\(word)`"), "\(word)") }
    for filter in FlowFilter.allCases { #expect(text.contains(" | \(filter.rawValue)}"), "\(filter)") }
  }
}
