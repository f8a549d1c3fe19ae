import CallCore
import JSON

/// Reads a state that decides: `decide: variable` with `cases`, or `decide:` with a list of branches.
struct DecideReader {
  let context: FlowParseContext

  func read(_ fields: FieldReader<FlowParseContext>) -> FlowStateKind {
    if !fields.has("else") { fields.reportMissingNext("else", "say which state follows when no branch holds") }
    let otherwise = fields.target("else") ?? ""
    guard let field = fields.field("decide") else { return .decide([], otherwise: otherwise) }
    if case .list(let items) = field.value.content {
      if fields.has("cases") {
        let advice = "belong to `decide: VARIABLE`; put them into the list"
        context.log.add(.unknownKey, at: fields.place(of: "cases"), "`cases` of \(fields.owner) \(advice)")
      }
      checkCount(items.count, fields)
      return .decide(
        items.prefix(FlowLimits.branchesMax).compactMap { branch($0, fields.owner) }, otherwise: otherwise)
    }
    return .decide(cases(fields), otherwise: otherwise)
  }

  private func cases(_ fields: FieldReader<FlowParseContext>) -> [FlowBranch] {
    guard let variable = fields.text("decide") else { return [] }
    addLookup(variable, at: fields.field("decide")?.value.place ?? fields.place)
    if !fields.has("cases") { fields.reportMissing("cases", "write `value: state` lines") }
    let entries = fields.lines("cases", "value: state")
    checkCount(entries.count, fields)
    return entries.prefix(FlowLimits.branchesMax).compactMap { entry in
      let what = "case `\(entry.key)` of \(fields.owner)"
      guard let next = NodeReader(context: context, what: what).text(entry.value, max: FlowLimits.nameMax) else {
        return nil
      }
      context.targets.append(.init(name: next, place: entry.value.place))
      return FlowBranch(variable, .equals(entry.key), next: next)
    }
  }

  private func branch(_ node: FileNode, _ owner: String) -> FlowBranch? {
    let tests = ["is", "is-not", "in", "above", "below", "matches", "empty"]
    let what = "a branch of \(owner)"
    guard let fields = FieldReader(node, owner: what, keys: ["if"] + tests + ["next"], context: context) else {
      return nil
    }
    let next = fields.requiredTarget("next")
    guard let variable = fields.text("if") else {
      if !fields.has("if") { fields.reportMissing("if", "name the variable that is looked at") }
      return nil
    }
    addLookup(variable, at: fields.field("if")?.value.place ?? fields.place)
    let present = tests.filter(fields.has)
    guard present.count == 1 else {
      let advice = "one of \(tests.joined(separator: ", "))"
      context.log.add(.missingKey, at: fields.place, "\(what) needs exactly one test: \(advice)")
      return nil
    }
    return test(present[0], fields).map { FlowBranch(variable, $0, next: next) }
  }

  private func test(_ key: String, _ fields: FieldReader<FlowParseContext>) -> FlowTest? {
    switch key {
    case "is": fields.text(key).map(FlowTest.equals)
    case "is-not": fields.text(key).map(FlowTest.differs)
    case "in": values(key, fields).map(FlowTest.oneOf)
    case "above": number(key, fields).map(FlowTest.above)
    case "below": number(key, fields).map(FlowTest.below)
    case "matches": expression(key, fields).map(FlowTest.matches)
    default: fields.flag(key).map(FlowTest.empty)
    }
  }

  private func values(_ key: String, _ fields: FieldReader<FlowParseContext>) -> [String]? {
    fields.reader(of: key).map { node, reader in
      reader.items(of: node, max: FlowLimits.branchesMax, "values").compactMap {
        reader.text($0, max: FlowLimits.nameMax)
      }
    }
  }

  private func number(_ key: String, _ fields: FieldReader<FlowParseContext>) -> Double? {
    guard let text = fields.text(key) else { return nil }
    if let number = Double(text), number.isFinite { return number }
    let advice = "must be a number, not `\(text)`"
    context.log.add(.wrongType, at: fields.place(of: key), "`\(key)` of \(fields.owner) \(advice)")
    return nil
  }

  private func expression(_ key: String, _ fields: FieldReader<FlowParseContext>) -> CompiledPattern? {
    guard let field = fields.field(key) else { return nil }
    let reader = NodeReader(context: context, what: fields.owner)
    return reader.counted(at: field.value.place, size: \.size) { reader.expression(field.value) }
  }

  private func addLookup(_ variable: String, at place: FilePlace) {
    context.lookups.append(.init(name: variable, place: place))
  }

  private func checkCount(_ count: Int, _ fields: FieldReader<FlowParseContext>) {
    context.log.checkCount(count, max: FlowLimits.branchesMax, at: fields.place, fields.owner, "branches")
  }
}
