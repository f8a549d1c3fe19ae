import CallCore
import Formats
import Foundation

/// The test cases in `Samples/testcases`, read as the server reads them.
enum SampleCases {
  static let folder = SampleFlows.folder.appending(path: "../testcases").standardizedFileURL

  static func files() throws -> [(file: String, text: String)] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { ["yaml", "json"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
      .map { (file: $0.path, text: try String(contentsOf: $0, encoding: .utf8)) }
  }

  static func all() throws -> [TestCase] {
    try TestCaseFileReader.readAll(try files(), flows: try SampleFlows.library(), flow: "appointment") {
      FileManager.default.fileExists(atPath: $0)
    }.get()
  }
}
