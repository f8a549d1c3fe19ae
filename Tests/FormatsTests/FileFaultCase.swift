import CallCore
import Formats
import Testing

/// A file with one fault, and where it must be found.
struct FileFaultCase: CustomTestStringConvertible {
  var kind: FileFaultKind
  var line: Int
  /// Part of the message.
  var says: String
  var text: String

  init(_ kind: FileFaultKind, line: Int, says: String, _ text: String) {
    self.kind = kind
    self.line = line
    self.says = says
    self.text = text
  }

  var testDescription: String { "\(kind.rawValue): \(says)" }
}

/// Every fault of a file.
func faults(in text: String, knownFlows: Set<String>? = nil) -> [FileFault] {
  switch FlowReader.read(text, file: "menu.yaml", knownFlows: knownFlows) {
  case .success: []
  case .failure(let faults): faults.faults
  }
}
