import CallCore
import JSON
import Formats
import SampleCases

/// Files of test cases, read against the sample flows. What is read must be read again as it was written.
final class CaseTarget: FuzzTarget {
  static let name = "cases"

  private let flows: FlowLibrary

  init() {
    guard let flows = try? SampleCases.flows() else { preconditionFailure("the sample flows are there") }
    self.flows = flows
  }

  func run(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let file = bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[") ? "fuzz.json" : "fuzz.yaml"
    switch TestCaseFileReader.read(text, file: file, flows: flows, flow: "appointment", recordingExists: { _ in true })
    {
    case .failure(let found):
      require(!found.faults.isEmpty, "a file that is refused has a fault")
      for fault in found.faults {
        require(fault.line >= 1 && fault.column >= 1 && !fault.message.isEmpty, "a fault has a place and a message")
      }
    case .success(let cases):
      for testCase in cases {
        let again = try? TestCaseArchive.testCase(from: TestCaseArchive.json(of: testCase))
        require(again == testCase, "a case is read from its archive as it was")
      }
    }
  }
}
