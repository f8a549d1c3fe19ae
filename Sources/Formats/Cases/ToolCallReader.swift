import CallCore

/// Reads `tools` of an expectation: calls of tools in their order.
struct ToolCallReader {
  let context: CaseParseContext

  /// A name, `{name: …, arguments: {…}}`, or a list of those.
  /// - Returns: the calls as far as they could be read, each with its place; the faults are on record.
  func read(_ fields: FieldReader<CaseParseContext>) -> [(call: ExpectedToolCall, place: FilePlace)] {
    guard let (node, reader) = fields.reader(of: "tools") else { return [] }
    return reader.items(of: node, max: CaseLimits.phrasesMax, "calls").compactMap { item in
      call(item, reader).map { ($0, item.place) }
    }
  }

  private func call(_ node: FileNode, _ reader: NodeReader<CaseParseContext>) -> ExpectedToolCall? {
    guard case .mapping = node.content else {
      return reader.text(node, max: FlowLimits.nameMax).map { ExpectedToolCall($0.trimming(\.isWhitespace)) }
    }
    guard let fields = FieldReader(node, owner: "a call of `tools`", keys: ["name", "arguments"], context: context)
    else { return nil }
    if !fields.has("name") { fields.reportMissing("name", "write which tool is called") }
    let arguments = members(fields)
    return fields.text("name").map { ExpectedToolCall($0.trimming(\.isWhitespace), arguments) }
  }

  private func members(_ fields: FieldReader<CaseParseContext>) -> [String: ExpectedArgument] {
    guard let field = fields.field("arguments") else { return [:] }
    guard case .mapping = field.value.content else {
      fields.report(.wrongType, "arguments", "must be `name: value` lines, not \(field.value.sort)")
      return [:]
    }
    guard case .members(let members)? = argument(field.value, depth: 0) else { return [:] }  // the fault is on record
    return members
  }

  /// - Returns: `nil` with a fault on record.
  private func argument(_ node: FileNode, depth: Int) -> ExpectedArgument? {
    switch node.content {
    case .nothing: return .nothing
    case .text(let text):
      guard text.scalarCount <= CaseLimits.textMax else {
        let size = "\(text.scalarCount) characters; at most \(CaseLimits.textMax) are allowed"
        context.log.add(.outOfLimits, at: node.place, "an argument of `tools` has \(size)")
        return nil
      }
      return .text(text)
    case .list(let elements):
      guard isWithinLimits(elements.count, node, depth) else { return nil }
      return .list(elements.compactMap { argument($0, depth: depth + 1) })
    case .mapping(let fields):
      guard isWithinLimits(fields.count, node, depth) else { return nil }
      let members = fields.map { ($0.key, argument($0.value, depth: depth + 1) ?? .nothing) }
      return .members(Dictionary(members, uniquingKeysWith: { first, _ in first }))
    }
  }

  private func isWithinLimits(_ count: Int, _ node: FileNode, _ depth: Int) -> Bool {
    guard depth < CaseLimits.argumentDepthMax else {
      let levels = "\(CaseLimits.argumentDepthMax) levels of lists and mappings"
      context.log.add(.outOfLimits, at: node.place, "the arguments of `tools` have more than \(levels)")
      return false
    }
    guard count <= CaseLimits.argumentsMax else {
      let size = "\(count) entries; at most \(CaseLimits.argumentsMax) are allowed"
      context.log.add(.outOfLimits, at: node.place, "the arguments of `tools` have \(size)")
      return false
    }
    return true
  }
}
