import CallCore

extension FieldReader<FlowParseContext> {
  /// Puts on record that no way leads on because `key` is missing.
  func missWayOn(_ key: String, _ advice: String) {
    sheet.isTorn = true
    sheet.log.add(.deadEnd, at: place, "\(owner) has no `\(key)`: \(advice)")
  }

  /// A text with variables.
  func template(_ key: String, isSpoken: Bool = true, max: Int = FlowLimits.textMax) -> FlowText? {
    guard let field = field(key) else { return nil }
    return NodeReader(sheet: sheet, what: "`\(key)` of \(owner)").template(field.value, isSpoken: isSpoken, max: max)
  }

  /// A text with variables or a list of such.
  func templates(_ key: String, builtins: Set<String> = []) -> [FlowText] {
    guard let field = field(key) else { return [] }
    return NodeReader(sheet: sheet, what: "`\(key)` of \(owner)").templates(field.value, builtins: builtins)
  }

  /// The name of a state, put down for the check that there is one.
  func target(_ key: String) -> String? {
    guard let field = field(key), let name = text(key) else { return nil }
    sheet.targets.append(.init(name: name, place: field.value.place))
    return name
  }

  /// A target that must be there: without it there is no way on.
  func requiredTarget(_ key: String) -> String {
    if !has(key) { missWayOn(key, "say which state comes after it") }
    return target(key) ?? ""
  }
}
