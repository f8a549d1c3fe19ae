import CallCore

/// A flow file that was read, with all that is wrong with it.
struct ParsedFlow {
  let log: FileFaultLog
  /// As far as it could be read; sound only when there is no fault.
  let flow: Flow?
  private let sheet: FlowParseContext

  init(_ text: String, file: String) {
    log = FileFaultLog(file: file)
    sheet = FlowParseContext(log: log)
    guard text.utf8.count <= FlowLimits.fileBytesMax else {
      let size = "the file has \(text.utf8.count) bytes; at most \(FlowLimits.fileBytesMax) are allowed"
      log.add(.outOfLimits, at: .start, size)
      flow = nil
      return
    }
    let stem = file.split(separator: "/").last.map { $0.prefix { $0 != "." } } ?? ""
    flow = YAMLFile.root(of: text, into: log, needs: "a flow needs at least `states`").flatMap { [sheet] in
      FlowFileReader(sheet: sheet).read($0, name: String(stem))
    }
    if let flow { FlowChecker(sheet: sheet, flow: flow).check() }
  }

  /// Puts transfers to flows that there are not on record.
  func checkTransfers(to known: Set<String>) {
    for target in sheet.flows where !known.contains(target.name) {
      let near = FileFaultLog.suggestion(for: target.name, among: known)
      let advice = near.isEmpty ? "; there are: \(known.sorted().joined(separator: ", "))" : near
      log.add(.unknownFlow, at: target.place, "there is no flow `\(target.name)`\(advice)")
    }
  }

  /// Every state that could be found, in the order of the file.
  var stateLines: [FlowReading.StateLine] {
    sheet.states.sorted { ($0.value.line, $0.value.column) < ($1.value.line, $1.value.column) }
      .map { FlowReading.StateLine(state: $0.key, line: $0.value.line) }
  }

  /// The flow, or all that is wrong.
  var result: Result<Flow, FileFaults> {
    guard let flow, log.faults.isEmpty else { return .failure(FileFaults(log.faults)) }
    return .success(flow)
  }
}
