import CallCore
import JSON

/// Reads the whole of one file: either one case, or `cases` with what they share in `defaults`.
struct CaseListReader {
  let context: CaseParseContext
  /// The file's name without folder and ending: the id of a case that is alone in its file.
  let stem: String

  /// The cases, as far as they could be read; the faults are on record.
  func read(_ root: FileNode) -> [ParsedCase] {
    guard case .mapping(let fields) = root.content,
      fields.contains(where: { ["cases", "defaults"].contains($0.key) })
    else { return written(normal(root), defaultID: stem) }
    guard let fields = FieldReader(root, owner: "the file", keys: ["defaults", "cases"], context: context) else {
      return []
    }
    let shared = fields.field("defaults").flatMap { defaults($0.value) }
    guard let field = fields.field("cases") else {
      fields.reportMissing("cases", "list the cases, each with an `id`, a `flow` and `turns`")
      return []
    }
    guard case .list(let items) = field.value.content, !items.isEmpty else {
      context.log.add(.wrongType, at: field.value.place, "`cases` must be a list of cases, not \(field.value.sort)")
      return []
    }
    var parsedFiles: [ParsedCase] = []
    for item in items {
      let own = normal(item)
      parsedFiles += written(shared.map { own.merged(over: $0) } ?? own, defaultID: nil)
      guard parsedFiles.count <= CaseLimits.casesMax else {
        let advice = "at most \(CaseLimits.casesMax) are allowed; split the file"
        context.log.add(
          .outOfLimits, at: item.place, "with this case the file has \(parsedFiles.count) cases; \(advice)")
        break
      }
    }
    return parsedFiles
  }

  /// What is wrong with its keys is said here and not again for every case.
  private func defaults(_ node: FileNode) -> FileNode? {
    let keys = CaseReader.keys.filter { $0 != "id" }
    guard FieldReader(node, owner: "`defaults`", keys: keys, context: context) != nil else { return nil }
    return normal(node.keeping(keys))
  }

  /// With one place for everything that is merged with defaults.
  private func normal(_ node: FileNode) -> FileNode { node.withFlowInAgent(context.log).withNamedCaller(context) }

  /// One case for each row of its table, or one.
  private func written(_ node: FileNode, defaultID: String?) -> [ParsedCase] {
    guard let fields = FieldReader(node, owner: "the case", keys: CaseReader.keys, context: context) else { return [] }
    let body = node.keeping(CaseReader.keys.filter { $0 != "parameters" })
    let places = body.placeholders
    var columns: Set<String> = []
    var rows: [CaseTable.Row?] = [nil]
    if let table = fields.field("parameters") {
      rows = CaseTable(context: context).rows(table.value, used: Set(places.map(\.name)))
      // Of a table that cannot be read it is not known what it lacks.
      guard let first = rows.first else { return [] }
      columns = Set(first?.values.keys.map(\.self) ?? [])
    }
    for place in places where !columns.contains(place.name) {
      let advice = FileFaultLog.suggestion(
        for: place.name, among: columns, otherwise: "; add it to the rows of `parameters`")
      context.log.add(.unknownVariable, at: place.place, "no column is called `\(place.name)`\(advice)")
    }
    return rows.compactMap { row in
      let filled = row.map { body.filled(with: $0.values) } ?? body
      return CaseReader(context: context).read(filled, defaultID: defaultID, row: row?.name)
    }
  }
}

extension FileNode {
  /// The fields of this mapping over those of `defaults`. Where both have a mapping under one key, its keys are merged; what
  /// is within them is replaced as a whole, so that noise of another sort does not inherit a file.
  func merged(over defaults: FileNode, depth: Int = 2) -> FileNode {
    guard depth > 0, case .mapping(let own) = content, case .mapping(let inherited) = defaults.content else {
      return self
    }
    var fields = own
    for field in inherited {
      if let index = own.firstIndex(where: { $0.key == field.key }) {
        fields[index].value = own[index].value.merged(over: field.value, depth: depth - 1)
      } else {
        fields.append(field)
      }
    }
    return FileNode(content: .mapping(fields), place: place)
  }

  /// `flow: NAME` as `agent: {flow: NAME}`, so that there is one place for the name when defaults are merged.
  func withFlowInAgent(_ log: FileFaultLog) -> FileNode {
    guard case .mapping(var fields) = content, let index = fields.firstIndex(where: { $0.key == "flow" }) else {
      return self
    }
    let flow = fields.remove(at: index)
    let named = FileNode(content: .mapping([flow]), place: flow.at)
    if let agent = fields.firstIndex(where: { $0.key == "agent" }) {
      if case .mapping(let written) = fields[agent].value.content, written.contains(where: { $0.key == "flow" }) {
        log.add(.duplicate, at: flow.at, "the flow is named by `flow` and in `agent`: keep one of them")
      }
      fields[agent].value = fields[agent].value.merged(over: named)
    } else {
      fields.append(FileField(key: "agent", at: flow.at, value: named))
    }
    return FileNode(content: .mapping(fields), place: place)
  }

  /// This mapping with only those fields whose keys are among `keys`.
  func keeping(_ keys: [String]) -> FileNode {
    guard case .mapping(let fields) = content else { return self }
    return FileNode(content: .mapping(fields.filter { keys.contains($0.key) }), place: place)
  }
}
