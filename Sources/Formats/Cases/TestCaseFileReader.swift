public import CallCore
import JSON

/// Reads files of test cases. `Samples/testcases/README.md` describes them.
public enum TestCaseFileReader {
  /// Reads one file.
  ///
  /// - Parameters:
  ///   - text: the file, at most `CaseLimits.fileBytesMax`.
  ///   - file: its path for the faults and for its recordings. One that ends in `.json` holds cases of the predecessor
  ///     *Voice Framework*; any other is YAML.
  ///   - flows: every flow that can be called; `nil` when that is not known, and flows, states, slots and outcomes are not
  ///     checked.
  ///   - flow: the flow of cases in JSON that name none; `nil`: they must name it.
  ///   - callers: those that cases can name.
  ///   - recordingExists: whether there is a file of that path. Paths that are not absolute are those of `file`'s folder.
  /// - Returns: the cases in the order of the file, tables written out, or all that is wrong with it.
  public static func read(
    _ text: String, file: String, flows: FlowLibrary? = nil, flow: String? = nil,
    callers: CallerLibrary = CallerLibrary(), recordingExists: @escaping (String) -> Bool
  ) -> Result<[TestCase], FileFaults> {
    let parsed = ParsedCaseFile(text, file: file, flow: flow, callers: callers, recordingExists: recordingExists)
    if let flows { parsed.check(against: flows) }
    return parsed.result
  }

  /// Reads several files; an id may stand only once in all of them, and `CaseLimits.casesMax` holds for all of them.
  ///
  /// - Returns: the cases in the order of the files, or all that is wrong with any file. The other parameters are those of
  ///   `read`.
  public static func readAll(
    _ files: [(file: String, text: String)], flows: FlowLibrary? = nil, flow: String? = nil,
    callers: CallerLibrary = CallerLibrary(), recordingExists: @escaping (String) -> Bool
  ) -> Result<[TestCase], FileFaults> {
    let parsedFiles = files.map {
      ParsedCaseFile($0.text, file: $0.file, flow: flow, callers: callers, recordingExists: recordingExists)
    }
    var owners: [String: String] = [:]
    var count = 0
    for parsed in parsedFiles {
      for entry in parsed.cases {
        let id = entry.testCase.id
        if let other = owners[id], other != parsed.log.file {
          parsed.log.add(.duplicate, at: entry.place, "case `\(id)` is in \(other) too: give it another `id`")
        }
        owners[id] = owners[id] ?? parsed.log.file
      }
      count += parsed.cases.count
      if count > CaseLimits.casesMax, count - parsed.cases.count <= CaseLimits.casesMax {
        let advice = "at most \(CaseLimits.casesMax) can be read together; run fewer files at a time"
        parsed.log.add(.outOfLimits, at: .start, "with this file there are \(count) cases; \(advice)")
      }
      if let flows { parsed.check(against: flows) }
    }
    let faults = parsedFiles.flatMap(\.log.faults)
    return faults.isEmpty ? .success(parsedFiles.flatMap { $0.cases.map(\.testCase) }) : .failure(FileFaults(faults))
  }

  /// What a case names and the flows do not have: its flow, states, slots and outcomes. For cases that were not read with
  /// `flows`.
  ///
  /// - Returns: at the lines that the case knows, column 1; a line of 1 where it knows none.
  public static func faults(of testCase: TestCase, against flows: FlowLibrary) -> [FileFault] {
    let log = FileFaultLog(file: testCase.source.file)
    let place = FilePlace(line: max(testCase.source.line, 1), column: 1)
    CaseFlowCheck(parsed: ParsedCase(testCase: testCase, place: place, flowPlace: place), flows: flows, log: log)
      .check()
    return log.faults
  }
}

/// A file of test cases that was read, with all that is wrong with it.
struct ParsedCaseFile {
  let log: FileFaultLog
  /// As far as they could be read; sound only when there is no fault.
  let cases: [ParsedCase]

  /// - Parameters:
  ///   - flow: for cases in JSON that name none.
  ///   - recordingExists: asked with paths as resolved.
  init(
    _ text: String, file: String, flow: String?, callers: CallerLibrary, recordingExists: @escaping (String) -> Bool
  ) {
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
      let context = CaseParseContext(log: log, callers: callers, recordingExists: recordingExists)
      let stem = file.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? ""
      let root = YAMLFile.root(of: text, into: log, needs: "a case needs at least `flow` and `turns`")
      cases = root.map { CaseListReader(context: context, stem: stem).read($0) } ?? []
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
    for parsed in cases {
      let id = parsed.testCase.id
      if let line = owners[id] {
        log.add(.duplicate, at: parsed.place, "case `\(id)` is in line \(line) too: give it another `id`")
      } else {
        owners[id] = parsed.place.line
      }
    }
  }

  /// Puts flows, states, slots and outcomes that there are not on record.
  func check(against flows: FlowLibrary) {
    for parsed in cases { CaseFlowCheck(parsed: parsed, flows: flows, log: log).check() }
  }

  /// The cases, or all that is wrong.
  var result: Result<[TestCase], FileFaults> {
    log.faults.isEmpty ? .success(cases.map(\.testCase)) : .failure(FileFaults(log.faults))
  }
}

/// A case that was read, with the places that later checks report at.
struct ParsedCase {
  var testCase: TestCase
  /// Of its id.
  var place: FilePlace
  /// Of the name of its flow.
  var flowPlace: FilePlace
}
