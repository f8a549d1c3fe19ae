import CallCore

/// Reads what a caller wants whom a language model plays: the keys beside `goal` in `caller`.
struct CallerBriefReader {
  let context: CaseParseContext

  /// The keys of `caller` that only a caller with a goal has, `goal` first.
  static let keys = ["goal", "facts", "manner", "rules", "turns", "interrupts"]
  private static let advice = "write what the caller wants, such as `goal: An appointment tomorrow at ten.`"

  /// `nil` for a caller with a script, or without a goal.
  func read(_ written: FieldReader<CaseParseContext>) -> CallerBrief? {
    guard written.has("goal") else {
      if let key = Self.keys.first(where: written.has) {
        context.log.add(.missingKey, at: written.place(of: key), "`\(key)` of `caller` needs a `goal`: \(Self.advice)")
      }
      return nil
    }
    guard let goal = written.text("goal", max: CaseLimits.textMax)?.trimming(\.isWhitespace) else { return nil }
    var brief = CallerBrief(goal: goal)
    brief.facts = facts(written)
    brief.manner = written.text("manner", max: CaseLimits.personaMax)?.trimming(\.isWhitespace) ?? ""
    brief.rules = rules(written)
    brief.turnsMax = written.integer("turns", 1...CaseLimits.turnsMax) ?? brief.turnsMax
    if let interrupts = written.section("interrupts", keys: ["rate", "after"]) {
      brief.interruptionPercent = interrupts.percent("rate", 0...100) ?? 100
      brief.interruptsAfter = interrupts.duration("after", CaseLimits.cue) ?? brief.interruptsAfter
    }
    return brief
  }

  private func facts(_ written: FieldReader<CaseParseContext>) -> [CallerFact] {
    let lines = written.lines("facts", "id: value")
    context.log.checkCount(
      lines.count, max: CaseLimits.phrasesMax, at: written.valuePlace(of: "facts"), "`facts`", "entries")
    return lines.prefix(CaseLimits.phrasesMax).compactMap { line in
      guard !line.key.isEmpty, line.key.allSatisfy(Self.isFitForID), line.key.scalarCount <= FlowLimits.nameMax else {
        context.log.add(.badName, at: line.at, "`\(line.key)` cannot be the id of a fact: letters, digits, - and _")
        return nil
      }
      return fact(line)
    }
  }

  private static func isFitForID(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_".contains(character))
  }

  private func fact(_ line: FileField) -> CallerFact? {
    guard case .mapping = line.value.content else {
      let reader = NodeReader(context: context, what: "fact `\(line.key)`")
      return value(reader.text(line.value, max: CaseLimits.phraseMax), line).map { CallerFact(line.key, $0) }
    }
    let keys = ["value", "when-asked", "asked-by"]
    guard
      let fields = FieldReader(line.value, owner: "fact `\(line.key)`", keys: keys, context: context)
    else { return nil }
    if !fields.has("value") { fields.reportMissing("value", "write what the caller says, such as `555 0147`") }
    let isKeptBack = fields.flag("when-asked") ?? false
    let askedBy = texts("asked-by", fields)
    return value(fields.text("value", max: CaseLimits.phraseMax), line).map {
      CallerFact(line.key, $0, isKeptBack: isKeptBack, askedBy: askedBy.isEmpty ? nil : askedBy)
    }
  }

  private func value(_ text: String?, _ line: FileField) -> String? {
    guard let text = text?.trimming(\.isWhitespace) else { return nil }
    guard !WordErrorRate.words(of: text).isEmpty, !text.contains(where: { "{}".contains($0) }) else {
      context.log.add(
        .emptyText, at: line.value.place, "fact `\(line.key)` needs words that can be said, without braces")
      return nil
    }
    return text
  }

  private func rules(_ written: FieldReader<CaseParseContext>) -> CallerRules {
    var rules = CallerRules()
    guard let fields = written.section("rules", keys: ["must", "accept", "never"]) else { return rules }
    rules.must = texts("must", fields)
    rules.accept = texts("accept", fields)
    rules.never = texts("never", fields)
    return rules
  }

  private func texts(_ key: String, _ fields: FieldReader<CaseParseContext>) -> [String] {
    guard let (node, reader) = fields.reader(of: key) else { return [] }
    return reader.items(of: node, max: CaseLimits.phrasesMax, "entries").compactMap { item in
      guard let text = reader.text(item, max: CaseLimits.phraseMax)?.trimming(\.isWhitespace) else { return nil }
      guard !WordErrorRate.words(of: text).isEmpty else {
        context.log.add(.emptyText, at: item.place, "`\(text)` in `\(key)` has no word that can be heard")
        return nil
      }
      return text
    }
  }
}
