public import CallCore

/// Reads files of kept calls that a judge is tried on. `Sources/Documentation.docc/JudgingCalls.md` describes them.
public enum CalibrationReader {
  /// - Parameters:
  ///   - text: the file, YAML of at most `CaseLimits.fileBytesMax`.
  ///   - file: its path, for the faults; its name is the set's id where none is written.
  /// - Returns: the calls in the order of the file, or all that is wrong with it.
  public static func read(_ text: String, file: String) -> Result<CalibrationSet, FileFaults> {
    let log = FileFaultLog(file: file)
    var set: CalibrationSet?
    if text.utf8.count > CaseLimits.fileBytesMax {
      let size = "the file has \(text.utf8.count) bytes; at most \(CaseLimits.fileBytesMax) are allowed"
      log.add(.outOfLimits, at: .start, size)
    } else if let root = YAMLFile.root(of: text, into: log, needs: "list the kept calls under `calls`") {
      set = KeptCallReader(context: CaseParseContext(log: log) { _ in false }).read(root)
    }
    if let set, log.faults.isEmpty { return .success(set) }
    return .failure(FileFaults(log.faults))
  }
}

/// Reads the nodes of such a file.
private struct KeptCallReader {
  enum Answer: String, CaseIterable { case yes, no }

  typealias Reader = FieldReader<CaseParseContext>
  let context: CaseParseContext

  func read(_ root: FileNode) -> CalibrationSet? {
    guard let fields = Reader(root, owner: "the file", keys: ["id", "calls"], context: context) else { return nil }
    let file = context.log.file
    let stem = file.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? ""
    let id = self.id(fields) ?? stem
    guard let field = fields.field("calls") else {
      fields.reportMissing("calls", "list the kept calls, each with `id`, `judged`, `must` and `lines`")
      return nil
    }
    guard case .list(let items) = field.value.content, !items.isEmpty else {
      context.log.add(.wrongType, at: field.value.place, "`calls` must be a list of calls, not \(field.value.sort)")
      return nil
    }
    context.log.checkCount(items.count, max: CaseLimits.keptCallsMax, at: field.value.place, "`calls`", "calls")
    var calls: [KeptCall] = []
    for item in items.prefix(CaseLimits.keptCallsMax) {
      guard let call = call(item) else { continue }
      if let other = calls.first(where: { $0.id == call.id }) {
        context.log.add(
          .duplicate, at: item.place, "call `\(call.id)` is in line \(other.line) too: give it another `id`")
      }
      calls.append(call)
    }
    return CalibrationSet(id: id, calls: calls, file: file)
  }

  private func id(_ fields: Reader) -> String? {
    guard let id = fields.text("id", max: CaseLimits.idMax) else { return nil }
    guard id.allSatisfy(CaseReader.isFitForID) else {
      fields.report(.badName, "id", "has other characters than letters, digits, -, _, . and /")
      return nil
    }
    return id
  }

  private func call(_ node: FileNode) -> KeptCall? {
    guard let fields = Reader(node, owner: "the call", keys: ["id", "judged", "must", "lines"], context: context) else {
      return nil
    }
    for (key, advice) in [
      ("id", "name it"), ("judged", "write a statement that continues `The agent …`"),
      ("must", "write `yes` where the statement is true of the call, and `no` where it is not"),
      ("lines", "write what was said, such as `- agent: Hello.` and `- caller: Hi.`"),
    ] where !fields.has(key) { fields.reportMissing(key, advice) }
    guard let id = id(fields), let criterion = fields.text("judged", max: CaseLimits.phraseMax),
      let must = fields.choice("must", of: Answer.self), let lines = lines(fields)
    else { return nil }
    return KeptCall(
      id: id, criterion: criterion.trimming(\.isWhitespace), isTrue: must == .yes, lines: lines, line: node.place.line)
  }

  private func lines(_ fields: Reader) -> [KeptCall.Line]? {
    guard let (node, reader) = fields.reader(of: "lines") else { return nil }
    let lines = reader.items(of: node, max: CaseLimits.keptLinesMax, "lines").compactMap(line)
    guard lines.contains(where: { $0.role == .agent && !WordErrorRate.words(of: $0.text).isEmpty }) else {
      if context.log.faults.isEmpty {
        fields.report(.emptyText, "lines", "has no word of the agent: there is nothing to judge")
      }
      return nil
    }
    return lines
  }

  private func line(_ node: FileNode) -> KeptCall.Line? {
    guard let fields = Reader(node, owner: "a line", keys: ["agent", "caller"], context: context) else { return nil }
    guard fields.keys.count == 1, let key = fields.keys.first else {
      context.log.add(.wrongType, at: node.place, "a line has one side: `agent: …` or `caller: …`")
      return nil
    }
    return fields.text(key, max: CaseLimits.keptTextMax).map { KeptCall.Line(key == "agent" ? .agent : .caller, $0) }
  }
}
