import CallCore

/// Reads the fields of one mapping and puts everything that is wrong with them on record.
struct FieldReader {
  let sheet: FlowSheet
  /// What the mapping is, for people: "state `menu`".
  let owner: String
  let place: FilePlace
  private let fields: [FileField]

  /// `nil` when the node is not a mapping. Keys that are not among `keys` are put on record.
  init?(_ node: FileNode, owner: String, keys: [String], sheet: FlowSheet) {
    guard case .mapping(let fields) = node.content else {
      let braces = "; a text that begins with { or [ must be in quotes"
      sheet.log.add(
        .wrongType, at: node.place, "\(owner) must be a mapping (`key: value` lines), not \(node.sort)\(braces)")
      return nil
    }
    self.sheet = sheet
    self.owner = owner
    self.place = node.place
    self.fields = fields
    for field in fields where !keys.contains(field.key) {
      let advice = FlowFaultLog.suggestion(for: field.key, among: keys)
      let known = advice.isEmpty ? "; known there: \(keys.joined(separator: ", "))" : advice
      sheet.log.add(.unknownKey, at: field.at, "`\(field.key)` means nothing in \(owner)\(known)")
    }
  }

  func field(_ key: String) -> FileField? { fields.first { $0.key == key } }
  func has(_ key: String) -> Bool { field(key) != nil }
  func place(of key: String) -> FilePlace { field(key)?.at ?? place }

  /// Puts on record that `key` is missing.
  func miss(_ key: String, _ advice: String, kind: FlowFaultKind = .missingKey) {
    if kind == .deadEnd { sheet.isTorn = true }
    sheet.log.add(kind, at: place, "\(owner) has no `\(key)`: \(advice)")
  }

  /// Plain text that is not empty; `nil` when the key is absent or wrong.
  func text(_ key: String, max: Int = FlowLimits.nameMax) -> String? {
    guard let field = field(key) else { return nil }
    return NodeReader(sheet: sheet, what: "`\(key)` of \(owner)").text(field.value, max: max)
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

  /// A whole number within limits.
  func integer(_ key: String, _ limits: ClosedRange<Int>) -> Int? {
    guard let field = field(key), let text = text(key) else { return nil }
    guard let number = Int(text) else {
      sheet.log.add(.wrongType, at: field.value.place, "`\(key)` of \(owner) must be a whole number, not `\(text)`")
      return nil
    }
    guard limits.contains(number) else {
      let range = "\(limits.lowerBound) to \(limits.upperBound)"
      sheet.log.add(.outOfLimits, at: field.value.place, "`\(key)` of \(owner) must be \(range), not \(number)")
      return nil
    }
    return number
  }

  /// `true` or `false`.
  func flag(_ key: String) -> Bool? {
    guard let field = field(key), let text = text(key) else { return nil }
    switch text.lowercased() {
    case "true", "yes": return true
    case "false", "no": return false
    default:
      sheet.log.add(.wrongType, at: field.value.place, "`\(key)` of \(owner) must be true or false, not `\(text)`")
      return nil
    }
  }

  /// `3s`, `1.5s` or `800ms`.
  func duration(_ key: String, _ limits: ClosedRange<CallDuration>) -> CallDuration? {
    guard let field = field(key), let text = text(key) else { return nil }
    guard let duration = CallDuration(written: text) else {
      sheet.log.add(
        .wrongType, at: field.value.place, "`\(key)` of \(owner) must be a time such as 3s or 800ms, not `\(text)`")
      return nil
    }
    guard limits.contains(duration) else {
      let range = "\(limits.lowerBound.milliseconds) ms to \(limits.upperBound.milliseconds) ms"
      sheet.log.add(.outOfLimits, at: field.value.place, "`\(key)` of \(owner) must be \(range), not `\(text)`")
      return nil
    }
    return duration
  }

  /// The name of a state, put down for the check that there is one.
  func target(_ key: String) -> String? {
    guard let field = field(key), let name = text(key) else { return nil }
    sheet.targets.append(.init(name: name, place: field.value.place))
    return name
  }

  /// A target that must be there: without it there is no way on.
  func requiredTarget(_ key: String) -> String {
    if !has(key) { miss(key, "say which state comes after it", kind: .deadEnd) }
    return target(key) ?? ""
  }
}
