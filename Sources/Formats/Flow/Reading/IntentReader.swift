import CallCore

/// Reads intents: how they sound, and what follows.
struct IntentReader {
  let context: FlowParseContext

  /// The section `intents` of the file: name → phrases, or `{hear:, keys:}`.
  func readVocabulary(_ node: FileNode) {
    for field in named(node, owner: "`intents`") {
      let what = "intent `\(field.key)`"
      if case .mapping = field.value.content {
        guard let fields = FieldReader(field.value, owner: what, keys: ["hear", "keys"], context: context) else {
          continue
        }
        context.vocabulary[field.key] = sound(fields, known: nil, at: field.at)
      } else {
        let patterns = NodeReader(context: context, what: what).patterns(field.value)
        context.vocabulary[field.key] = IntentSound(patterns: patterns, place: field.at)
      }
    }
  }

  /// The section `intents` of a state, or `everywhere`: name → state, or `{hear:, keys:, say:, set:, next:, repeat:}`.
  func intents(_ node: FileNode, owner: String) -> [FlowIntent] {
    var keys: [String: String] = [:]
    return named(node, owner: "`intents` of \(owner)").compactMap { field in
      guard let intent = intent(field, owner: owner) else { return nil }
      if let key = intent.keys, let other = keys.updateValue(intent.name, forKey: key) {
        let place = field.value.place
        context.log.add(.duplicate, at: place, "key \(key) means both `\(other)` and `\(intent.name)` in \(owner)")
      }
      return intent
    }
  }

  /// Keys of a telephone: 0 … 9, `*` and `#` is the terminator.
  func keys(_ fields: FieldReader<FlowParseContext>) -> String? {
    guard let text = fields.text("keys") else { return nil }
    guard text.count <= 10, text.allSatisfy({ "0123456789*".contains($0) }) else {
      fields.report(.wrongType, "keys", "must be 1 to 10 of 0…9 and * (# ends the caller's input), not `\(text)`")
      return nil
    }
    return text
  }

  /// `name: value` lines, each name checked.
  private func named(_ node: FileNode, owner: String) -> [FileField] {
    guard case .mapping(let fields) = node.content else {
      context.log.add(.wrongType, at: node.place, "\(owner) must be a mapping of names, not \(node.sort)")
      return []
    }
    context.log.checkCount(fields.count, max: FlowLimits.intentsMax, at: node.place, owner, "entries")
    return fields.prefix(FlowLimits.intentsMax).filter { NameRule.check($0.key, at: $0.at, "intent", context.log) }
  }

  private func intent(_ field: FileField, owner: String) -> FlowIntent? {
    let what = "intent `\(field.key)` of \(owner)"
    let known = context.vocabulary[field.key]
    context.usedVocabulary.insert(field.key)
    if case .text = field.value.content {
      guard let known else {
        let advice = FileFaultLog.suggestion(for: field.key, among: context.vocabulary.keys)
        let how = "describe it in the file's `intents`, or write {hear: …, next: …}"
        context.log.add(.unknownIntent, at: field.at, "how \(what) sounds is not known: \(how)\(advice)")
        return nil
      }
      guard let next = NodeReader(context: context, what: what).text(field.value, max: FlowLimits.nameMax) else {
        return nil
      }
      context.targets.append(.init(name: next, place: field.value.place))
      return FlowIntent(
        field.key, hear: known.patterns, like: known.examples, keys: known.keys, then: .go(next))
    }
    let allowed = ["hear", "keys", "say", "set", "next", "repeat"]
    guard let fields = FieldReader(field.value, owner: what, keys: allowed, context: context) else { return nil }
    let sound = sound(fields, known: known, at: field.at)
    return FlowIntent(
      field.key, hear: sound.patterns, like: sound.examples, keys: sound.keys, says: fields.speech("say"),
      sets: AssignmentReader(context: context).assignments(fields, "set", isSpoken: true), then: consequence(fields))
  }

  private func consequence(_ fields: FieldReader<FlowParseContext>) -> IntentConsequence {
    let isRepeat = fields.flag("repeat") ?? false
    if let next = fields.target("next") {
      if isRepeat {
        context.log.add(
          .wrongType, at: fields.place(of: "repeat"), "\(fields.owner) has both `next` and `repeat`: keep one")
      }
      return .go(next)
    }
    if isRepeat { return .repeatLast }
    if !fields.has("say"), !fields.has("next") {
      fields.reportMissingNext(
        "next", "say which state follows, or give it `say` (says it and asks again) or `repeat: true`")
    }
    return .askAgain
  }

  private func sound(_ fields: FieldReader<FlowParseContext>, known: IntentSound?, at place: FilePlace) -> IntentSound {
    var sound = known ?? IntentSound(place: place)
    if let hear = fields.reader(of: "hear") { read(hear.node, hear.reader, into: &sound) }
    sound.keys = keys(fields) ?? sound.keys
    if sound.patterns.isEmpty, sound.examples.isEmpty, sound.keys == nil, !fields.has("hear"), !fields.has("keys") {
      fields.reportMissing("hear", "list the words that mean it, or `keys`")
    }
    return sound
  }

  /// Phrases, or `{words:, like:}`.
  private func read(_ node: FileNode, _ reader: NodeReader<FlowParseContext>, into sound: inout IntentSound) {
    guard case .mapping = node.content else {
      (sound.patterns, sound.examples) = (reader.patterns(node), [])
      return
    }
    guard let fields = FieldReader(node, owner: reader.what, keys: ["words", "like"], context: context) else { return }
    sound.patterns = fields.reader(of: "words").map { $0.reader.patterns($0.node) } ?? []
    sound.examples = fields.reader(of: "like").map { $0.reader.examples($0.node) } ?? []
    if fields.keys.isEmpty {
      fields.reportMissing("like", "list sentences that mean it, or `words`")
    }
  }
}

/// How an intent sounds, without what follows from it.
struct IntentSound {
  var patterns: [UtterancePattern] = []
  /// Sentences that mean the same.
  var examples: [String] = []
  var keys: String?
  var place: FilePlace
}
