import CallCore
import JSON

/// A file of test cases that was read, with all that is wrong with it.
struct ParsedCaseFile {
  let log: FileFaultLog
  /// As far as they could be read; sound only when there is no fault.
  let cases: [ParsedCase]

  /// - Parameters:
  ///   - flow: for cases in JSON that name none.
  ///   - recordingExists: asked with paths as resolved.
  init(_ text: String, file: String, flow: String?, recordingExists: @escaping (String) -> Bool) {
    log = FileFaultLog(file: file)
    guard text.utf8.count <= CaseLimits.fileBytesMax else {
      let size = "the file has \(text.utf8.count) bytes; at most \(CaseLimits.fileBytesMax) are allowed"
      log.add(.outOfLimits, at: .start, size)
      cases = []
      return
    }
    if file.hasSuffix(".json") {
      cases = ParsedCaseFile.json(text, flow: flow, into: log)
    } else {
      let sheet = CaseParseContext(log: log, recordingExists: recordingExists)
      let stem = file.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? ""
      let root = YAMLFile.root(of: text, into: log, needs: "a case needs at least `flow` and `turns`")
      cases = root.map { CaseFileReader(sheet: sheet, stem: stem).read($0) } ?? []
    }
    checkIDs()
  }

  /// The predecessor's cases have no lines of their own: a fault of theirs names its path in the JSON.
  private static func json(_ text: String, flow: String?, into log: FileFaultLog) -> [ParsedCase] {
    do throws(WireFault) {
      return try TestCaseDocument.read(Array(text.utf8), flow: flow).map { testCase in
        var testCase = testCase
        testCase.source = CaseSource(file: log.file, line: 1)
        return ParsedCase(testCase: testCase, place: .start, flowPlace: .start)
      }
    } catch {
      log.add(.badJSON, at: .start, error.message)
      return []
    }
  }

  private func checkIDs() {
    var owners: [String: Int] = [:]
    for draft in cases {
      let id = draft.testCase.id
      if let line = owners[id] {
        log.add(.duplicate, at: draft.place, "case `\(id)` is in line \(line) too: give it another `id`")
      } else {
        owners[id] = draft.place.line
      }
    }
  }

  /// Puts flows, states, slots and outcomes that there are not on record.
  func check(against flows: FlowLibrary) {
    for draft in cases { CaseFlowCheck(draft: draft, flows: flows, log: log).check() }
  }

  /// The cases, or all that is wrong.
  var result: Result<[TestCase], FileFaults> {
    log.faults.isEmpty ? .success(cases.map(\.testCase)) : .failure(FileFaults(log.faults))
  }
}
