import CallCore

/// Reads `vary`: what is different in each attempt of a case.
struct VariationReader {
  let context: CaseParseContext

  private static let pick = "pick"
  private static let callerKeys: Set = ["voice", "rate", "pitch"]

  func read(_ fields: FieldReader<CaseParseContext>) -> CaseVariation? {
    let names = CaseVariation.Property.allCases.map(\.rawValue)
    if case .text("none") = fields.field("vary")?.value.content { return nil }  // takes back what `defaults` say
    guard let written = fields.section("vary", keys: [Self.pick] + names) else { return nil }
    let choice = written.choice(Self.pick, of: CaseVariation.Choice.self) ?? .drawn
    let properties = CaseVariation.Property.allCases.compactMap { property -> CaseVariation.Values? in
      guard let field = written.field(property.rawValue) else { return nil }
      let reader = NodeReader(context: context, what: "`\(property.rawValue)` in `vary`")
      let values = reader.items(of: field.value, max: CaseLimits.variedValuesMax, "values").map {
        property == .caller ? caller($0, of: fields) : value(of: property, $0)
      }
      return values.isEmpty ? nil : CaseVariation.Values(property, values)
    }
    guard !properties.isEmpty else {
      context.log.add(
        .emptyText, at: fields.valuePlace(of: "vary"),
        "`vary` names nothing that varies: write for example `voice: [heart, heart-low]`")
      return nil
    }
    let variation = CaseVariation(choice, properties)
    if choice == .all, variation.combinations > CaseVariation.combinationsMax {
      let most = "at most \(CaseVariation.combinationsMax) are allowed; write `pick: pairs`"
      context.log.add(
        .outOfLimits, at: fields.valuePlace(of: "vary"), "`vary` makes \(variation.combinations) combinations; \(most)")
    }
    return variation
  }

  /// A caller of the library, with what the case has where that says nothing.
  private func caller(_ node: FileNode, of testCase: FieldReader<CaseParseContext>) -> CaseVariation.Value {
    var value = CaseVariation.Value(label: node.label)
    guard let entry = context.caller(named: node) else { return value }
    let keys = ["caller", "disfluency", "world"]
    let written = FileNode(content: .mapping(keys.compactMap(testCase.field)), place: node.place)
    let whole = entry.sections.merged(over: written)
    guard let fields = FieldReader(whole, owner: "`vary`", keys: keys, context: context) else { return value }
    value.caller = CallerReader(context: context).caller(fields)
    value.disfluency = CallerReader(context: context).disfluency(fields)
    value.world = WorldReader(context: context).read(fields)
    return value
  }

  /// A value is written as it would be under `caller` or `world`.
  private func value(of property: CaseVariation.Property, _ node: FileNode) -> CaseVariation.Value {
    let section = Self.callerKeys.contains(property.rawValue) ? "caller" : "world"
    let field = FileField(key: property.rawValue, at: node.place, value: node)
    let inner = FileNode(content: .mapping([field]), place: node.place)
    let whole = FileNode(
      content: .mapping([FileField(key: section, at: node.place, value: inner)]), place: node.place)
    var value = CaseVariation.Value(label: node.label)
    guard let fields = FieldReader(whole, owner: "`vary`", keys: [section], context: context) else { return value }
    if section == "caller" {
      value.caller = CallerReader(context: context).caller(fields)
    } else {
      value.world = WorldReader(context: context).read(fields)
    }
    return value
  }
}

extension FileNode {
  /// As it is written, on one line and without braces: `sort babble, snr 25`.
  fileprivate var label: String {
    switch content {
    case .text(let text): text
    case .nothing: ""
    case .list(let items): items.map(\.label).joined(separator: ", ")
    case .mapping(let fields): fields.map { "\($0.key) \($0.value.label)" }.joined(separator: ", ")
    }
  }
}
