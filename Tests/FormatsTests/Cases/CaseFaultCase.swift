import CallCore
import Formats
import Testing

extension FileFaultCase {
  /// A sound case in two lines and, from line 3 on, what is wrong.
  init(_ kind: FileFaultKind, line: Int = 3, says: String, after more: String) {
    self.init(kind, line: line, says: says, "flow: appointment\nturns: [Hello.]\n\(more)\n")
  }

  /// A sound flow in line 1, `turns:` in line 2 and, from line 3 on, turns.
  init(_ kind: FileFaultKind, line: Int = 3, says: String, turns: String...) {
    let lines = turns.map { "  - \($0)\n" }.joined()
    self.init(kind, line: line, says: says, "flow: appointment\nturns:\n\(lines)")
  }
}

/// Reads one file in which there is only the recording `calls/yes.wav`.
func readCases(
  _ text: String, file: String = "calls/menu.yaml", flows: FlowLibrary? = nil
) -> Result<[TestCase], FileFaults> {
  TestCaseFileReader.read(text, file: file, flows: flows) { $0 == "calls/yes.wav" }
}

/// Every fault of such a file.
func caseFaults(in text: String, flows: FlowLibrary? = nil) -> [FileFault] {
  switch readCases(text, flows: flows) {
  case .success: []
  case .failure(let faults): faults.faults
  }
}
