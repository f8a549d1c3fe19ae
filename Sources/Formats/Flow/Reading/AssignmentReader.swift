import CallCore

/// Reads `name: text` mappings.
struct AssignmentReader {
  let sheet: FlowParseContext

  /// Values for variables, which are known from then on.
  func assignments(_ fields: FieldReader<FlowParseContext>, _ key: String, isSpoken: Bool) -> [FlowAssignment] {
    pairs(fields, key, isSpoken: isSpoken).filter { pair, place in
      guard NameRule.checkVariable(pair.name, at: place, sheet.log) else { return false }
      sheet.variables.insert(pair.name)
      return true
    }.map(\.0)
  }

  /// Headers of a request.
  func headers(_ fields: FieldReader<FlowParseContext>, _ key: String) -> [FlowAssignment] {
    pairs(fields, key, isSpoken: false).filter { pair, place in
      let isToken = pair.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
      if !isToken { sheet.log.add(.badName, at: place, "`\(pair.name)` cannot be the name of a header") }
      return isToken
    }.map(\.0)
  }

  private func pairs(_ fields: FieldReader<FlowParseContext>, _ key: String, isSpoken: Bool) -> [(
    FlowAssignment, FilePlace
  )] {
    guard let field = fields.field(key) else { return [] }
    guard case .mapping(let entries) = field.value.content else {
      let advice = "must be `name: text` lines, not \(field.value.sort)"
      sheet.log.add(.wrongType, at: field.value.place, "`\(key)` of \(fields.owner) \(advice)")
      return []
    }
    return entries.prefix(FlowLimits.variablesMax).compactMap { entry in
      let reader = NodeReader(sheet: sheet, what: "`\(entry.key)` of `\(key)` of \(fields.owner)")
      guard let text = reader.template(entry.value, isSpoken: isSpoken, max: FlowLimits.requestTextMax) else {
        return nil
      }
      return (FlowAssignment(name: entry.key, value: text), entry.at)
    }
  }
}
