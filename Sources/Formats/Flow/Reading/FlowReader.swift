public import CallCore

/// Reads flow files. `Samples/flows/README.md` describes them.
public enum FlowReader {
  /// Reads one file.
  ///
  /// - Parameters:
  ///   - text: the file, at most `FlowLimits.fileBytesMax`.
  ///   - file: its name for the faults; without folder and ending it is the flow's name, unless the file says another.
  ///   - knownFlows: every flow that may be transferred to; `nil` when that is not known, and transfers are not checked.
  /// - Returns: the flow, or all that is wrong with the file.
  public static func read(_ text: String, file: String, knownFlows: Set<String>? = nil) -> Result<Flow, FileFaults> {
    reading(text, file: file, knownFlows: knownFlows).result
  }

  /// The same with the lines of the states, for editors.
  public static func reading(_ text: String, file: String, knownFlows: Set<String>? = nil) -> FlowReading {
    let draft = ParsedFlow(text, file: file)
    if let knownFlows { draft.checkTransfers(to: knownFlows) }
    return FlowReading(result: draft.result, stateLines: draft.stateLines)
  }

  /// Reads several files, which may transfer to one another.
  ///
  /// - Returns: the library, or all that is wrong with any file.
  public static func readLibrary(_ files: [(file: String, text: String)]) -> Result<FlowLibrary, FileFaults> {
    let drafts = files.map { ParsedFlow($0.text, file: $0.file) }
    var owners: [String: String] = [:]
    for draft in drafts {
      guard let name = draft.flow?.name else { continue }
      if let other = owners[name] {
        draft.log.add(.duplicate, at: .start, "flow `\(name)` is in \(other) too: write another name with `flow: NAME`")
      } else {
        owners[name] = draft.log.file
      }
    }
    for draft in drafts { draft.checkTransfers(to: Set(owners.keys)) }
    let faults = drafts.flatMap(\.log.faults)
    return faults.isEmpty ? .success(FlowLibrary(drafts.compactMap(\.flow))) : .failure(FileFaults(faults))
  }

  /// Reads flows that were saved once, perhaps by an earlier version which took more.
  ///
  /// - Parameter flows: by name; none of a name twice. One that transfers to another which cannot be used stays: that transfer ends its call.
  /// - Returns: the flows that can be used, and what is wrong with each of the others.
  public static func readUsable(
    _ flows: [(name: String, text: String)]
  ) -> (library: FlowLibrary, unusable: [UnusableFlow]) {
    let names = Set(flows.map(\.name))
    var usable: [Flow] = []
    var unusable: [UnusableFlow] = []
    for (name, text) in flows {
      switch read(text, file: "\(name).yaml", knownFlows: names) {
      case .success(let flow): usable.append(flow)
      case .failure(let faults): unusable.append(UnusableFlow(name: name, faults: faults))
      }
    }
    return (FlowLibrary(usable), unusable)
  }
}
