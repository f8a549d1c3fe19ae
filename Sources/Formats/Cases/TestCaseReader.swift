public import CallCore

/// Reads files of test cases. `Samples/testcases/README.md` describes them.
public enum TestCaseReader {
  /// Reads one file.
  ///
  /// - Parameters:
  ///   - text: the file, at most `CaseLimits.fileBytesMax`.
  ///   - file: its path for the faults and for its recordings. One that ends in `.json` holds cases of the predecessor
  ///     *Voice Framework*; any other is YAML.
  ///   - flows: every flow that can be called; `nil` when that is not known, and flows, states, slots and outcomes are not
  ///     checked.
  ///   - flow: the flow of cases in JSON that name none; `nil`: they must name it.
  ///   - recordingExists: whether there is a file of that path. Paths that are not absolute are those of `file`'s folder.
  /// - Returns: the cases in the order of the file, tables written out, or all that is wrong with it.
  public static func read(
    _ text: String, file: String, flows: FlowLibrary? = nil, flow: String? = nil,
    recordingExists: @escaping (String) -> Bool
  ) -> Result<[TestCase], FileFaults> {
    let draft = ParsedCaseFile(text, file: file, flow: flow, recordingExists: recordingExists)
    if let flows { draft.check(against: flows) }
    return draft.result
  }

  /// Reads several files; an id may stand only once in all of them, and `CaseLimits.casesMax` holds for all of them.
  ///
  /// - Returns: the cases in the order of the files, or all that is wrong with any file. The other parameters are those of
  ///   `read`.
  public static func readAll(
    _ files: [(file: String, text: String)], flows: FlowLibrary? = nil, flow: String? = nil,
    recordingExists: @escaping (String) -> Bool
  ) -> Result<[TestCase], FileFaults> {
    let drafts = files.map { ParsedCaseFile($0.text, file: $0.file, flow: flow, recordingExists: recordingExists) }
    var owners: [String: String] = [:]
    var count = 0
    for draft in drafts {
      for entry in draft.cases {
        let id = entry.testCase.id
        if let other = owners[id], other != draft.log.file {
          draft.log.add(.duplicate, at: entry.place, "case `\(id)` is in \(other) too: give it another `id`")
        }
        owners[id] = owners[id] ?? draft.log.file
      }
      count += draft.cases.count
      if count > CaseLimits.casesMax, count - draft.cases.count <= CaseLimits.casesMax {
        let advice = "at most \(CaseLimits.casesMax) can be read together; run fewer files at a time"
        draft.log.add(.outOfLimits, at: .start, "with this file there are \(count) cases; \(advice)")
      }
      if let flows { draft.check(against: flows) }
    }
    let faults = drafts.flatMap(\.log.faults)
    return faults.isEmpty ? .success(drafts.flatMap { $0.cases.map(\.testCase) }) : .failure(FileFaults(faults))
  }

  /// What a case names and the flows do not have: its flow, states, slots and outcomes. For cases that were not read with
  /// `flows`.
  ///
  /// - Returns: at the lines that the case knows, column 1; a line of 1 where it knows none.
  public static func faults(of testCase: TestCase, against flows: FlowLibrary) -> [FileFault] {
    let log = FileFaultLog(file: testCase.source.file)
    let place = FilePlace(line: max(testCase.source.line, 1), column: 1)
    CaseFlowCheck(draft: ParsedCase(testCase: testCase, place: place, flowPlace: place), flows: flows, log: log).check()
    return log.faults
  }
}
