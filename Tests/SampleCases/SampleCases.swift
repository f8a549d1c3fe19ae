package import CallCore
import Formats
import Foundation

/// The flows and the test cases of `Samples`.
package enum SampleCases {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    .standardizedFileURL

  package struct Missing: Error { let id: String }

  package static func flows() throws -> FlowLibrary {
    try FlowReader.readLibrary(try flowFiles()).get()
  }

  package static func flowFiles() throws -> [(file: String, text: String)] {
    try files(in: "Samples/flows", ending: "yaml")
  }

  /// Every case. Those of the old JSON shape call the flow `appointment`.
  package static func all() throws -> [TestCase] {
    let files =
      try files(in: "Samples/testcases", ending: "yaml") + files(in: "Samples/testcases", ending: "json")
    return try TestCaseFileReader.readAll(files, flows: flows(), flow: "appointment", recordingExists: { _ in true })
      .get()
  }

  package static func one(_ id: String) throws -> TestCase {
    guard let found = try all().first(where: { $0.id == id }) else { throw Missing(id: id) }
    return found
  }

  /// The flows and cases of `Samples/load`, which are for load tests.
  package static func load() throws -> (flows: FlowLibrary, cases: [TestCase]) {
    let flows = try FlowReader.readLibrary(try files(in: "Samples/load/flows", ending: "yaml")).get()
    let files = try files(in: "Samples/load", ending: "yaml")
    let cases = try TestCaseFileReader.readAll(files, flows: flows, flow: "story", recordingExists: { _ in false })
      .get()
    return (flows, cases)
  }

  private static func files(in folder: String, ending: String) throws -> [(file: String, text: String)] {
    let path = root.appending(path: folder).path()
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter { $0.hasSuffix(".\(ending)") }
      .map { ("\(folder)/\($0)", try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8)) }
  }
}
