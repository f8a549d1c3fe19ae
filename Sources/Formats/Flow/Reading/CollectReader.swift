import CallCore
import JSON

/// Reads a state that collects a slot.
struct CollectReader {
  let context: FlowParseContext
  let defaults: QuestionDefaults

  /// The keys of such a state, besides those of every question.
  static let keys = ["collect", "as", "ask", "length", "range", "choices", "confirm", "next"]

  func read(_ fields: FieldReader<FlowParseContext>) -> CollectState? {
    let next = fields.requiredTarget("next")
    let kind = kind(fields)
    let question = QuestionReader(context: context, defaults: defaults).read(
      fields, promptKey: "ask", endsByMeaning: kind?.endsByMeaning ?? false)
    if !fields.has("ask") { fields.reportMissing("ask", "write the question that the caller hears") }
    let confirm = fields.templates("confirm")
    let slot = slot(fields)
    guard let kind, let slot else { return nil }
    if question.listening.endOfTurn == .meaning, !kind.endsByMeaning {
      let advice = "pauses belong to such an answer; remove it, or set `end-of-turn-silence`"
      fields.report(.wrongType, "end-of-turn", "cannot be `meaning` with `as: \(kind.word)`: \(advice)")
    }
    return CollectState(slot: slot, kind: kind, question: question, confirm: confirm, next: next)
  }

  private func slot(_ fields: FieldReader<FlowParseContext>) -> String? {
    guard let name = fields.text("collect"),
      NameRule.checkVariable(name, at: fields.field("collect")?.value.place ?? fields.place, context.log)
    else { return nil }
    context.variables.insert(name)
    return name
  }

  /// What counts as a value, by `as`, `length`, `range` and `choices`.
  func kind(_ fields: FieldReader<FlowParseContext>) -> SlotKind? {
    guard let word = fields.text("as") else {
      if !fields.has("as") { fields.reportMissing("as", "one of \(SlotKind.words.joined(separator: ", "))") }
      return nil
    }
    for (key, owner) in [("length", "digits"), ("range", "number"), ("choices", "choice")]
    where fields.has(key) && word != owner {
      context.log.add(
        .unknownKey, at: fields.place(of: key), "`\(key)` belongs to `as: \(owner)`, not to `as: \(word)`")
    }
    switch word {
    case "digits": return digits(fields)
    case "number": return number(fields)
    case "date": return .date
    case "time": return .time
    case "yes-no": return .yesNo
    case "name": return .name
    case "text": return .text
    case "choice": return choice(fields)
    default:
      let known = FileFaultLog.suggestion(
        for: word, among: SlotKind.words, otherwise: "; one of \(SlotKind.words.joined(separator: ", "))")
      context.log.add(.wrongType, at: fields.place(of: "as"), "a slot cannot be collected as `\(word)`\(known)")
      return nil
    }
  }

  private func digits(_ fields: FieldReader<FlowParseContext>) -> SlotKind? {
    guard fields.has("length") else {
      fields.reportMissing("length", "write how many digits there are, such as 4 or 4-8")
      return nil
    }
    guard let (least, most) = range(fields, "length") else { return nil }
    guard let least, let most, least >= 1, most <= FlowLimits.digitsMax else {
      let limits = "1 to \(FlowLimits.digitsMax) digits"
      context.log.add(.outOfLimits, at: fields.place(of: "length"), "`length` of \(fields.owner) must be \(limits)")
      return nil
    }
    return .digits(least...most)
  }

  private func number(_ fields: FieldReader<FlowParseContext>) -> SlotKind? {
    guard fields.has("range") else { return .number(least: nil, most: nil) }
    return range(fields, "range").map { .number(least: $0.least, most: $0.most) }
  }

  /// `4`, `4-8`, and open at one side: `18-`.
  private func range(_ fields: FieldReader<FlowParseContext>, _ key: String) -> (least: Int?, most: Int?)? {
    guard let text = fields.text(key) else { return nil }
    let pieces = text.split(separator: "-", omittingEmptySubsequences: false).map { $0.trimming(\.isWhitespace) }
    let numbers = pieces.map { Int($0) }
    switch (pieces.count, numbers.first ?? nil, numbers.last ?? nil) {
    case (1, let only?, _): return (only, only)
    case (2, let least?, let most?) where least <= most: return (least, most)
    case (2, let least?, nil) where pieces[1].isEmpty: return (least, nil)
    default:
      let advice = "must be a number or a range such as 4-8, not `\(text)`"
      context.log.add(.wrongType, at: fields.place(of: key), "`\(key)` of \(fields.owner) \(advice)")
      return nil
    }
  }

  private func choice(_ fields: FieldReader<FlowParseContext>) -> SlotKind? {
    guard let field = fields.field("choices") else {
      fields.reportMissing("choices", "list the values, each with the words for it")
      return nil
    }
    switch field.value.content {
    case .list(let items):
      return .choice(items.prefix(FlowLimits.branchesMax).compactMap(plainChoice))
    case .mapping(let entries):
      return .choice(entries.prefix(FlowLimits.branchesMax).compactMap { describedChoice($0, fields) })
    case .text, .nothing:
      let advice = "must be a list of values, or `value: words` lines"
      context.log.add(.wrongType, at: field.value.place, "`choices` of \(fields.owner) \(advice)")
      return nil
    }
  }

  /// A value that is its own word.
  private func plainChoice(_ node: FileNode) -> SlotChoice? {
    guard let value = NodeReader(context: context, what: "a choice").text(node, max: FlowLimits.nameMax) else {
      return nil
    }
    return SlotChoice(value, hear: NodeReader(context: context, what: "choice `\(value)`").patterns(node))
  }

  /// A value with more words for it, or with `{hear:, keys:}`.
  private func describedChoice(_ field: FileField, _ owner: FieldReader<FlowParseContext>) -> SlotChoice? {
    let what = "choice `\(field.key)` of \(owner.owner)"
    let itself = [UtterancePattern(field.key)].compactMap(\.self)
    guard case .mapping = field.value.content else {
      if case .nothing = field.value.content { return SlotChoice(field.key, hear: itself) }
      return SlotChoice(field.key, hear: itself + NodeReader(context: context, what: what).patterns(field.value))
    }
    guard let fields = FieldReader(field.value, owner: what, keys: ["hear", "keys"], context: context) else {
      return nil
    }
    let heard = fields.field("hear").map { NodeReader(context: context, what: what).patterns($0.value) } ?? []
    return SlotChoice(field.key, hear: itself + heard, keys: IntentReader(context: context).keys(fields))
  }
}
