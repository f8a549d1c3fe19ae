import CallCore
import JSON

/// Reads the fields of one mapping and puts everything that is wrong with them on record.
struct FieldReader<Context: FileParseContext> {
  let context: Context
  /// What the mapping is, for people: "state `menu`".
  let owner: String
  let place: FilePlace
  private let fields: [FileField]

  /// `nil` when the node is not a mapping. Keys that are not among `keys` are put on record.
  init?(_ node: FileNode, owner: String, keys: [String], context: Context) {
    guard case .mapping(let fields) = node.content else {
      let braces = "; a text that begins with { or [ must be in quotes"
      context.log.add(
        .wrongType, at: node.place, "\(owner) must be a mapping (`key: value` lines), not \(node.sort)\(braces)")
      return nil
    }
    self.context = context
    self.owner = owner
    self.place = node.place
    self.fields = fields
    for field in fields where !keys.contains(field.key) {
      let known = FileFaultLog.suggestion(
        for: field.key, among: keys, otherwise: "; known there: \(keys.joined(separator: ", "))")
      context.log.add(.unknownKey, at: field.at, "`\(field.key)` means nothing in \(owner)\(known)")
    }
  }

  func field(_ key: String) -> FileField? { fields.first { $0.key == key } }
  func has(_ key: String) -> Bool { field(key) != nil }
  func place(of key: String) -> FilePlace { field(key)?.at ?? place }

  /// The keys, in the order of the file.
  var keys: [String] { fields.map(\.key) }
  /// Where the value of `key` stands, or the mapping where there is none.
  func valuePlace(of key: String) -> FilePlace { field(key)?.value.place ?? place }

  /// Puts on record that `key` is missing.
  func reportMissing(_ key: String, _ advice: String) {
    context.log.add(.missingKey, at: place, "\(owner) has no `\(key)`: \(advice)")
  }

  /// Puts on record what is wrong with the value of `key`.
  func report(_ kind: FileFaultKind, _ key: String, _ problem: String) {
    context.log.add(kind, at: valuePlace(of: key), "`\(key)` of \(owner) \(problem)")
  }

  /// Reads what stands under `key`; `nil` where nothing does.
  func reader(of key: String) -> (node: FileNode, reader: NodeReader<Context>)? {
    field(key).map { ($0.value, NodeReader(context: context, what: "`\(key)` of \(owner)")) }
  }

  /// The lines of a mapping under `key`.
  /// - Parameter form: what a line looks like, such as `name: text`.
  func lines(_ key: String, _ form: String) -> [FileField] {
    guard let field = field(key) else { return [] }
    guard case .mapping(let lines) = field.value.content else {
      report(.wrongType, key, "must be `\(form)` lines, not \(field.value.sort)")
      return []
    }
    return lines
  }

  /// Plain text that is not empty; `nil` when the key is absent or wrong.
  func text(_ key: String, max: Int = FlowLimits.nameMax) -> String? {
    reader(of: key).flatMap { $0.reader.text($0.node, max: max) }
  }

  /// A whole number within limits.
  func integer(_ key: String, _ limits: ClosedRange<Int>) -> Int? {
    number(key, unit: "", limits, "a whole number")
  }

  /// A whole number within limits, with its unit or without.
  /// - Parameter what: it must be, for people.
  func number(_ key: String, unit: String, _ limits: ClosedRange<Int>, _ what: String) -> Int? {
    guard let text = text(key) else { return nil }
    guard let number = Int(unit.isEmpty ? text : text.without(unit)) else {
      report(.wrongType, key, "must be \(what), not `\(text)`")
      return nil
    }
    guard limits.contains(number) else {
      report(.outOfLimits, key, "must be \(limits.lowerBound) to \(limits.upperBound), not \(number)")
      return nil
    }
    return number
  }

  /// `true` or `false`.
  func flag(_ key: String) -> Bool? {
    guard let text = text(key) else { return nil }
    switch text.lowercased() {
    case "true", "yes": return true
    case "false", "no": return false
    default:
      report(.wrongType, key, "must be true or false, not `\(text)`")
      return nil
    }
  }

  /// `3s`, `1.5s` or `800ms`.
  func duration(_ key: String, _ limits: ClosedRange<CallDuration>) -> CallDuration? {
    guard let text = text(key) else { return nil }
    guard let duration = CallDuration(written: text) else {
      report(.wrongType, key, "must be a time such as 3s or 800ms, not `\(text)`")
      return nil
    }
    guard limits.contains(duration) else {
      let range = "\(limits.lowerBound.milliseconds) ms to \(limits.upperBound.milliseconds) ms"
      report(.outOfLimits, key, "must be \(range), not `\(text)`")
      return nil
    }
    return duration
  }

  /// One of the words of `Choice`.
  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of type: Choice.Type = Choice.self) -> Choice?
  where Choice.RawValue == String {
    reader(of: key).flatMap { $0.reader.choice($0.node) }
  }
}

/// Reads texts, lists of texts and patterns, whatever they belong to.
struct NodeReader<Context: FileParseContext> {
  let context: Context
  /// What is read, for people: "`say` of state `menu`".
  let what: String

  /// Plain text that is not empty.
  func text(_ node: FileNode, max: Int) -> String? {
    switch node.content {
    case .text(let text):
      guard text.contains(where: { !$0.isWhitespace }) else { break }
      guard text.scalarCount <= max else {
        context.log.add(
          .outOfLimits, at: node.place, "\(what) has \(text.scalarCount) characters; at most \(max) are allowed")
        return nil
      }
      return text
    case .nothing:
      break
    case .list, .mapping:
      let advice = "a text that begins with { or [ must be in quotes"
      context.log.add(.wrongType, at: node.place, "\(what) must be a text, not \(node.sort); \(advice)")
      return nil
    }
    context.log.add(.emptyText, at: node.place, "\(what) is empty: write a text or remove it")
    return nil
  }

  /// The same of words that are said or heard. That they end at a `#` which is hardly meant as a comment is a fault.
  func spokenText(_ node: FileNode, max: Int) -> String? {
    guard let text = text(node, max: max) else { return nil }
    if node.endsAtComment {
      context.log.add(
        .brokenYAML, at: node.place,
        "\(what) ends before the #, because to YAML a # behind a blank begins a comment: put the whole text in quotes; "
          + "before a comment write two blanks")
    }
    return text
  }

  /// One of the words of `Choice`.
  func choice<Choice: RawRepresentable & CaseIterable>(_ node: FileNode) -> Choice? where Choice.RawValue == String {
    guard let word = text(node, max: FlowLimits.nameMax) else { return nil }
    if let choice = Choice(rawValue: word) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    let known = FileFaultLog.suggestion(
      for: word, among: words, otherwise: "; one of \(words.joined(separator: ", "))")
    context.log.add(.wrongType, at: node.place, "\(what) cannot be `\(word)`\(known)")
    return nil
  }

  /// A regular expression, with slashes around it or without.
  func expression(_ node: FileNode) -> CompiledPattern? {
    guard let text = text(node, max: FlowLimits.patternMax) else { return nil }
    let isBare = !(text.count > 2 && text.hasPrefix("/") && text.hasSuffix("/"))
    let expression = CompiledPattern(isBare ? text : String(text.dropFirst().dropLast()))
    guard let fault = expression.fault else { return expression }
    context.log.add(.badExpression, at: node.place, "`\(text)` of \(what) \(fault)")
    return nil
  }

  /// The items of a list, or the node itself as the only one.
  func items(of node: FileNode, max: Int, _ plural: String) -> [FileNode] {
    guard case .list(let items) = node.content else { return [node] }
    if items.isEmpty { context.log.add(.emptyText, at: node.place, "\(what) is an empty list") }
    context.log.checkCount(items.count, max: max, at: node.place, what, plural)
    return Array(items.prefix(max))
  }
}

/// What is noted while a file of some kind is read. What every kind needs is a place for its faults.
protocol FileParseContext: AnyObject {
  /// Where faults are put on record.
  var log: FileFaultLog { get }
}

extension String {
  /// Without a unit at its end, in capitals or not, and the blanks before it.
  func without(_ unit: String) -> String {
    (lowercased().hasSuffix(unit) ? String(dropLast(unit.count)) : self).trimming(\.isWhitespace)
  }
}

extension CallDuration {
  /// `3s`, `1.5s` or `800ms`, without a sign.
  init?(written text: String) {
    let isMilliseconds = text.hasSuffix("ms")
    guard text.hasSuffix("s") else { return nil }
    let number = text.dropLast(isMilliseconds ? 2 : 1)
    // No exponent: `9e99s` is more microseconds than there are.
    guard number.count <= 8, number.first != ".", number.allSatisfy({ "0123456789.".contains($0) }),
      let value = Double(number)
    else { return nil }
    self = .microseconds(Int64(Int(nearest: value * (isMilliseconds ? 1_000 : 1_000_000))))
  }
}
