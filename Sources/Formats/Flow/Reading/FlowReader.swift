public import CallCore

/// Reads flow files. `Samples/flows/README.md` describes them.
public enum FlowReader {
  /// Reads one file.
  ///
  /// - Parameters:
  ///   - text: the file, at most `FlowLimits.fileBytesMax`.
  ///   - file: its name for the faults; without folder and ending it is the flow's name, unless the file says another.
  ///   - knownFlows: every flow that may be transferred to; `nil` when that is not known, and transfers are not checked.
  ///   - hasMeaning: whether the model is installed that intents are known by in meaning; without it, `like` is a fault.
  /// - Returns: the flow, or all that is wrong with the file.
  public static func read(
    _ text: String, file: String, knownFlows: Set<String>? = nil, hasMeaning: Bool = true
  ) -> Result<Flow, FileFaults> {
    reading(text, file: file, knownFlows: knownFlows, hasMeaning: hasMeaning).result
  }

  /// The same with the lines of the states, for editors.
  public static func reading(
    _ text: String, file: String, knownFlows: Set<String>? = nil, hasMeaning: Bool = true
  ) -> FlowReading {
    let parsed = ParsedFlow(text, file: file)
    if !hasMeaning { parsed.refuseExamples() }
    if let knownFlows { parsed.checkTransfers(to: knownFlows) }
    return FlowReading(result: parsed.result, stateLines: parsed.stateLines)
  }

  /// Reads several files, which may transfer to one another.
  ///
  /// - Returns: the library, or all that is wrong with any file.
  public static func readLibrary(_ files: [(file: String, text: String)]) -> Result<FlowLibrary, FileFaults> {
    readFiles(files).map(\.library)
  }

  /// Reads several files, which may transfer to one another, and keeps the text of each.
  ///
  /// - Returns: the flows with their texts, or all that is wrong with any file.
  public static func readFiles(_ files: [(file: String, text: String)]) -> Result<FlowSources, FileFaults> {
    let parsedFiles = files.map { ParsedFlow($0.text, file: $0.file) }
    var owners: [String: String] = [:]
    for parsed in parsedFiles {
      guard let name = parsed.flow?.name else { continue }
      if let other = owners[name] {
        parsed.log.add(
          .duplicate, at: .start, "flow `\(name)` is in \(other) too: write another name with `flow: NAME`")
      } else {
        owners[name] = parsed.log.file
      }
    }
    for parsed in parsedFiles { parsed.checkTransfers(to: Set(owners.keys)) }
    let faults = parsedFiles.flatMap(\.log.faults)
    guard faults.isEmpty else { return .failure(FileFaults(faults)) }
    let texts = zip(parsedFiles, files).compactMap { parsed, file in
      parsed.flow.map { (name: $0.name, text: file.text) }
    }
    let digests = Dictionary(texts.map { ($0.name, digest(of: $0.text)) }, uniquingKeysWith: { $1 })
    return .success(
      FlowSources(library: FlowLibrary(parsedFiles.compactMap(\.flow), digests: digests), texts: texts))
  }

  /// Reads flows that were saved once, perhaps by an earlier version which took more.
  ///
  /// - Parameters:
  ///   - flows: by name; none of a name twice. One that transfers to another which cannot be used stays: that transfer ends its call.
  ///   - others: names of further flows that there are and cannot be used.
  /// - Returns: the flows that can be used, and what is wrong with each of the others.
  public static func readUsable(
    _ flows: [(name: String, text: String)], beside others: Set<String> = []
  ) -> (library: FlowLibrary, unusable: [UnusableFlow]) {
    let names = others.union(flows.map(\.name))
    var usable: [Flow] = []
    var digests: [String: String] = [:]
    var unusable: [UnusableFlow] = []
    for (name, text) in flows {
      switch read(text, file: "\(name).yaml", knownFlows: names) {
      case .success(let flow):
        usable.append(flow)
        digests[flow.name] = digest(of: text)
      case .failure(let faults): unusable.append(UnusableFlow(name: name, faults: faults))
      }
    }
    return (FlowLibrary(usable, digests: digests), unusable)
  }

  /// 64 bits of FNV-1a as hexadecimal digits: tells whether a trace was made with this text. It protects nothing.
  static func digest(of text: String) -> String {
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

/// Files of flows without a fault.
public struct FlowSources: Sendable {
  /// What was read.
  public var library: FlowLibrary
  /// What it was read from, in the order of the files. The name may stand in the text.
  public var texts: [(name: String, text: String)]
}

/// What was found in the text of a flow, for those who edit it.
public struct FlowReading: Sendable {
  /// Where a state begins.
  public struct StateLine: Sendable, Hashable {
    /// Its name.
    public var state: String
    /// From 1.
    public var line: Int
  }

  /// The flow, or all that is wrong.
  public var result: Result<Flow, FileFaults>
  /// The states in the order of the text, also where something is wrong, as far as they could be found.
  public var stateLines: [StateLine]
}

/// A flow that is kept and that no call can run by: it was saved by an earlier version, which took what this one does
/// not.
public struct UnusableFlow: Sendable, Hashable {
  /// The flow.
  public var name: String
  /// What is wrong with its newest version.
  public var faults: FileFaults
}

/// A flow file that was read, with all that is wrong with it.
struct ParsedFlow {
  let log: FileFaultLog
  /// As far as it could be read; sound only when there is no fault.
  let flow: Flow?
  private let context: FlowParseContext

  init(_ text: String, file: String) {
    log = FileFaultLog(file: file)
    context = FlowParseContext(log: log)
    guard text.utf8.count <= FlowLimits.fileBytesMax else {
      let size = "the file has \(text.utf8.count) bytes; at most \(FlowLimits.fileBytesMax) are allowed"
      log.add(.outOfLimits, at: .start, size)
      flow = nil
      return
    }
    let stem = file.split(separator: "/").last.map { $0.prefix { $0 != "." } } ?? ""
    flow = YAMLFile.root(of: text, into: log, needs: "a flow needs at least `states`").flatMap { [context] in
      FlowFileReader(context: context).read($0, name: String(stem))
    }
    if let flow { FlowChecker(context: context, flow: flow).check() }
  }

  /// Puts transfers to flows that there are not on record.
  func checkTransfers(to known: Set<String>) {
    for target in context.flows where !known.contains(target.name) {
      let advice = FileFaultLog.suggestion(
        for: target.name, among: known, otherwise: "; there are: \(known.sorted().prefix(40).joined(separator: ", "))")
      log.add(.unknownFlow, at: target.place, "there is no flow `\(target.name)`\(advice)")
    }
  }

  /// Puts on record that no meaning is understood here.
  func refuseExamples() {
    guard let place = context.examples.first else { return }
    log.add(
      .notInstalled, at: place,
      "`like` needs the model that understands meaning, which is not installed: run `make setup`, or write `words`")
  }

  /// Every state that could be found, in the order of the file.
  var stateLines: [FlowReading.StateLine] {
    context.states.sorted { ($0.value.line, $0.value.column) < ($1.value.line, $1.value.column) }
      .map { FlowReading.StateLine(state: $0.key, line: $0.value.line) }
  }

  /// The flow, or all that is wrong.
  var result: Result<Flow, FileFaults> {
    guard let flow, log.faults.isEmpty else { return .failure(FileFaults(log.faults)) }
    return .success(flow)
  }
}
