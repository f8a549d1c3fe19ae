import CallCore

/// Reads `expect` and `never` of a turn or of a case.
struct ExpectationReader {
  /// What is expected of: a turn's replies, or the call as a whole.
  enum Scope {
    case turn, call
  }

  let context: CaseParseContext
  let scope: Scope

  private static let turnKeys = [
    "keywords", "any-of", "exact", "regex", "excludes", "similar", "state", "slots", "latency", "yield", "understood",
    "tools", "similar-in-meaning", "message-left",
  ]
  private static let callKeys = [
    "keywords", "any-of", "regex", "excludes", "state", "slots", "outcome", "ended", "latency", "yield", "understood",
    "duration", "talk-over", "tools",
    "goal", "judged", "similar-in-meaning", "message-left",
  ]
  private static let turnNeverKeys = [
    "keywords", "exact", "regex", "similar", "state", "slots", "tools", "similar-in-meaning",
  ]
  private static let callNeverKeys = [
    "keywords", "regex", "state", "slots", "outcome", "ended", "tools", "goal", "judged", "similar-in-meaning",
  ]
  /// Share of common words that counts as similar where nothing else is written: a fifth of them may differ.
  private static let percentDefault = 80

  /// In the order of the file, `expect` first.
  func read(_ fields: FieldReader<CaseParseContext>) -> [PlacedExpectation] {
    let expected = fields.section("expect", keys: scope == .turn ? Self.turnKeys : Self.callKeys)
    let never = fields.section("never", keys: scope == .turn ? Self.turnNeverKeys : Self.callNeverKeys)
    return (expected.map { all(of: $0, isAbsent: false) } ?? []) + (never.map { all(of: $0, isAbsent: true) } ?? [])
  }

  private func all(of fields: FieldReader<CaseParseContext>, isAbsent: Bool) -> [PlacedExpectation] {
    fields.keys.flatMap { key -> [PlacedExpectation] in
      let found: [(Expectation.Check, FilePlace)] =
        switch key {
        case "state": texts(key, fields, max: FlowLimits.nameMax).map { (.state($0.text), $0.place) }
        case "similar-in-meaning": meanings(key, fields)
        case "outcome": texts(key, fields, max: CaseLimits.phraseMax).map { (.outcome($0.text), $0.place) }
        case "ended": reasons(fields).map { (.ended($0.reason), $0.place) }
        case "slots": slots(fields)
        case "tools": tools(fields, isAbsent: isAbsent)
        // Each is a question of its own.
        case "judged": texts(key, fields, max: CaseLimits.phraseMax).map { (.judged($0.text), $0.place) }
        // Each of them must be absent, not only all of them together.
        case "keywords" where isAbsent:
          phrases(key, fields).map { (.keywords([$0]), fields.place(of: key)) }
        default: check(key, fields).map { [($0, fields.place(of: key))] } ?? []
        }
      return found.map { check, place in
        PlacedExpectation(expectation: Expectation(check, isAbsent: isAbsent, line: place.line), place: place)
      }
    }
  }

  private func check(_ key: String, _ fields: FieldReader<CaseParseContext>) -> Expectation.Check? {
    switch key {
    case "keywords": list(key, fields).map { .keywords($0) }
    case "any-of": list(key, fields).map { .anyOf($0) }
    case "message-left": list(key, fields).map { .messageLeft($0) }
    case "excludes": list(key, fields).map { .excludes($0) }
    case "exact": sentence(key, fields).map { .exact($0) }
    case "regex": fields.reader(of: key).flatMap { $0.reader.expression($0.node) }.map { .regex($0) }
    case "similar": similarity(fields)
    case "latency": fields.duration(key, CaseLimits.latency).map { .latency(max: $0) }
    case "yield": fields.duration(key, CaseLimits.yield).map { .yield(max: $0) }
    case "duration": fields.duration(key, CaseLimits.duration).map { .duration(max: $0) }
    case "understood": fields.percent(key, 0...100).map { .understood(wordErrorsMax: $0) }
    case "goal": fields.choice(key, of: GoalState.self).map { .goal($0) }
    case "talk-over": fields.percent(key, 0...100).map { .talkOver(percentMax: $0) }
    default: nil  // a key that there is not; that was said before
    }
  }

  private func list(_ key: String, _ fields: FieldReader<CaseParseContext>) -> [String]? {
    let phrases = phrases(key, fields)
    return phrases.isEmpty ? nil : phrases
  }

  /// Words or phrases that can be heard.
  func phrases(_ key: String, _ fields: FieldReader<CaseParseContext>) -> [String] {
    texts(key, fields, max: CaseLimits.phraseMax).compactMap { text, place in
      guard !WordErrorRate.words(of: text).isEmpty else {
        context.log.add(.emptyText, at: place, "`\(text)` in `\(key)` of \(fields.owner) has no word that can be heard")
        return nil
      }
      return text
    }
  }

  /// A text or a list of texts.
  private func texts(
    _ key: String, _ fields: FieldReader<CaseParseContext>, max: Int
  ) -> [(text: String, place: FilePlace)] {
    guard let (node, reader) = fields.reader(of: key) else { return [] }
    return reader.items(of: node, max: CaseLimits.phrasesMax, "entries").compactMap { item in
      reader.spokenText(item, max: max).map { ($0.trimming(\.isWhitespace), item.place) }
    }
  }

  private func sentence(_ key: String, _ fields: FieldReader<CaseParseContext>) -> String? {
    guard let (node, reader) = fields.reader(of: key),
      let text = reader.spokenText(node, max: CaseLimits.textMax)?.trimming(\.isWhitespace)
    else { return nil }
    guard !WordErrorRate.words(of: text).isEmpty else {
      fields.report(.emptyText, key, "has no word that can be heard")
      return nil
    }
    return text
  }

  /// Each of them must be said, in any words.
  private func meanings(
    _ key: String, _ fields: FieldReader<CaseParseContext>
  ) -> [(Expectation.Check, FilePlace)] {
    texts(key, fields, max: CaseLimits.textMax).compactMap { text, place in
      guard text.contains(where: \.isLetter) else {
        context.log.add(
          .emptyText, at: place, "`\(text)` in `\(key)` of \(fields.owner) has no word that means something")
        return nil
      }
      return (.similarInMeaning(text), place)
    }
  }

  private func similarity(_ fields: FieldReader<CaseParseContext>) -> Expectation.Check? {
    guard let field = fields.field("similar") else { return nil }
    if case .text = field.value.content {
      return sentence("similar", fields).map { .similarity($0, percentMin: Self.percentDefault) }
    }
    guard let inner = fields.section("similar", keys: ["to", "percent"]) else { return nil }
    if !inner.has("to") { inner.reportMissing("to", "write the reply that you expect") }
    let percent = inner.percent("percent", 1...100) ?? Self.percentDefault
    return sentence("to", inner).map { .similarity($0, percentMin: percent) }
  }

  private func reasons(_ fields: FieldReader<CaseParseContext>) -> [(reason: CloseReason, place: FilePlace)] {
    guard let (node, reader) = fields.reader(of: "ended") else { return [] }
    return reader.items(of: node, max: CaseLimits.phrasesMax, "reasons").compactMap { item in
      reader.choice(item).map { ($0, item.place) }
    }
  }

  private func tools(
    _ fields: FieldReader<CaseParseContext>, isAbsent: Bool
  ) -> [(Expectation.Check, FilePlace)] {
    let calls = ToolCallReader(context: context).read(fields)
    if isAbsent { return calls.map { (.tools([$0.call]), $0.place) } }
    return calls.isEmpty ? [] : [(.tools(calls.map(\.call)), fields.place(of: "tools"))]
  }

  private func slots(_ fields: FieldReader<CaseParseContext>) -> [(Expectation.Check, FilePlace)] {
    let entries = fields.lines("slots", "slot: value")
    context.log.checkCount(
      entries.count, max: CaseLimits.phrasesMax, at: fields.valuePlace(of: "slots"), "`slots`", "entries")
    return entries.prefix(CaseLimits.phrasesMax).compactMap { entry in
      let reader = NodeReader(context: context, what: "slot `\(entry.key)` of \(fields.owner)")
      return reader.text(entry.value, max: CaseLimits.phraseMax).map { (.slot(entry.key, $0), entry.at) }
    }
  }
}

/// An expectation and where it stands.
struct PlacedExpectation {
  var expectation: Expectation
  var place: FilePlace

  var check: Expectation.Check { expectation.check }
  var isAbsent: Bool { expectation.isAbsent }
}
