import CallCore

/// Reads one turn: what the caller does, when, and what is expected.
struct TurnReader {
  let context: CaseParseContext
  /// From 1.
  let number: Int

  private static let actions = [
    "say", "play", "press", "silent", "backchannel", "answering-machine", "hold", "hang-up",
  ]
  private static let keys = actions + ["text", "beep", "at", "at-phrase", "again-when", "expect", "never"]

  private var owner: String { "turn \(number)" }

  /// `nil` when it cannot be told what the caller does, with the reason on record. A plain text is said.
  func read(_ node: FileNode) -> PlacedTurn? {
    if case .text = node.content {
      return SpokenTextReader(context: context, what: owner).read(node).map {
        PlacedTurn(
          turn: TestTurn(number: number, action: .say($0), line: node.place.line), place: node.place, expectations: [])
      }
    }
    guard let fields = FieldReader(node, owner: owner, keys: TurnReader.keys, context: context) else { return nil }
    let reader = ExpectationReader(context: context, scope: .turn)
    let expectations = reader.read(fields)
    let cue = cue(fields)
    let againWhen = reader.phrases("again-when", fields)
    guard let word = actionWord(fields), let action = action(word, fields) else { return nil }
    var turn = TestTurn(
      number: number, cue: cue, action: action, expectations: expectations.map(\.expectation), line: node.place.line)
    turn.againWhen = againWhen
    let placed = PlacedTurn(turn: turn, place: node.place, expectations: expectations)
    checkCue(placed, fields)
    if fields.has("again-when"), !placed.canBeRepeated {
      let advice = "is for what a caller says again when asked: `say`, `play` or `press`"
      context.log.add(.contradiction, at: fields.place(of: "again-when"), "`again-when` of \(owner) \(advice)")
    }
    return placed
  }

  private func actionWord(_ fields: FieldReader<CaseParseContext>) -> String? {
    let words = TurnReader.actions.filter(fields.has)
    if words.count == 1 {
      if fields.has("beep"), words[0] != "answering-machine" {
        let advice = "is that of an answering machine: it belongs to `answering-machine`, not to `\(words[0])`"
        context.log.add(.unknownKey, at: fields.place(of: "beep"), "`beep` \(advice)")
      }
      if fields.has("text"), words[0] != "play" {
        let advice = "is what is said in a recording: it belongs to `play`, not to `\(words[0])`"
        context.log.add(.unknownKey, at: fields.place(of: "text"), "`text` \(advice)")
      }
      return words[0]
    }
    let known = "one of \(TurnReader.actions.joined(separator: ", "))"
    let what =
      words.isEmpty
      ? "the caller does nothing in \(owner): give it \(known)"
      : "\(owner) has \(words.map { "`\($0)`" }.joined(separator: " and ")): a turn is one thing; make it two turns"
    context.log.add(.unknownKind, at: fields.place, what)
    return nil
  }

  private func action(_ word: String, _ fields: FieldReader<CaseParseContext>) -> CallerAction? {
    switch word {
    case "say":
      let reader = SpokenTextReader(context: context, what: "`say` of \(owner)")
      return fields.field("say").flatMap { reader.read($0.value) }.map { .say($0) }
    case "play":
      let text = fields.text("text", max: CaseLimits.textMax)
      return fields.recording("play").map { .play(file: $0, text: text) }
    case "press": return keys(fields).map { .press($0) }
    case "backchannel": return fields.text("backchannel", max: CaseLimits.phraseMax).map { .backchannel($0) }
    case "answering-machine": return machine(fields)
    case "hold": return hold(fields)
    case "silent": return isTrue("silent", fields) ? .staySilent : nil
    default: return isTrue("hang-up", fields) ? .hangUp : nil
    }
  }

  private func machine(_ fields: FieldReader<CaseParseContext>) -> CallerAction? {
    if number > 1 {
      fields.report(.contradiction, "answering-machine", "answers the call: it can only be the first turn")
    }
    var beep = MachineBeep()
    if let written = fields.section("beep", keys: ["hertz", "length"]) {
      beep.hertz = written.integer("hertz", CaseLimits.beepHertz) ?? beep.hertz
      beep.length = written.duration("length", CaseLimits.beepLength) ?? beep.length
    }
    let reader = SpokenTextReader(context: context, what: "`answering-machine` of \(owner)")
    return fields.field("answering-machine").flatMap { reader.read($0.value) }.map {
      .answerAsMachine(greeting: $0, beep: beep)
    }
  }

  private func hold(_ fields: FieldReader<CaseParseContext>) -> CallerAction? {
    guard let inner = fields.section("hold", keys: ["music", "for"]) else { return nil }
    if !inner.has("for") { inner.reportMissing("for", "write for example `hold: {for: 8s}`") }
    let music = inner.has("music") ? inner.recording("music") : nil
    return inner.duration("for", CaseLimits.hold).map { .hold(music: music, length: $0) }
  }

  private func keys(_ fields: FieldReader<CaseParseContext>) -> [Key]? {
    guard let text = fields.text("press") else { return nil }
    let keys = text.compactMap { Key($0) }
    guard keys.count == text.count, keys.count <= CaseLimits.keysMax else {
      fields.report(
        .wrongType, "press", "must be 1 to \(CaseLimits.keysMax) of 0…9, * and #, in quotes, not `\(text)`")
      return nil
    }
    return keys
  }

  private func isTrue(_ key: String, _ fields: FieldReader<CaseParseContext>) -> Bool {
    guard let flag = fields.flag(key) else { return false }
    if !flag { fields.report(.wrongType, key, "can only be true: remove the turn otherwise") }
    return flag
  }

  private func cue(_ fields: FieldReader<CaseParseContext>) -> CallerCue {
    if fields.has("at"), fields.has("at-phrase") {
      let advice = "a turn begins once: keep one of them"
      context.log.add(.contradiction, at: fields.place(of: "at-phrase"), "\(owner) has `at` and `at-phrase`; \(advice)")
    }
    if let after = fields.duration("at", CaseLimits.cue) { return .overAgent(after: after) }
    guard let phrase = fields.text("at-phrase", max: CaseLimits.phraseMax) else { return .whenAsked }
    if WordErrorRate.words(of: phrase).isEmpty {
      fields.report(.emptyText, "at-phrase", "has no word in it that can be heard")
    }
    return .atPhrase(phrase)
  }

  private func checkCue(_ placed: PlacedTurn, _ fields: FieldReader<CaseParseContext>) {
    let hasCue = fields.has("at") || fields.has("at-phrase")
    switch placed.turn.action {
    case .backchannel where !hasCue:
      fields.reportMissing("at", "a backchannel is heard while the agent speaks; write `at: 600ms` or `at-phrase`")
    case .answerAsMachine where hasCue, .hold where hasCue:
      let place = fields.place(of: fields.has("at") ? "at" : "at-phrase")
      context.log.add(
        .contradiction, at: place, "\(owner) does not begin over the agent: leave out `at` and `at-phrase`")
    case .staySilent where hasCue:
      let place = fields.place(of: fields.has("at") ? "at" : "at-phrase")
      context.log.add(.contradiction, at: place, "\(owner) is silent: there is nothing that could begin at a time")
    default: break
    }
  }
}

/// A turn, with the places that later checks report at.
struct PlacedTurn {
  var turn: TestTurn
  var place: FilePlace
  var expectations: [PlacedExpectation]

  /// Whether the caller is heard to say words that the agent has to understand.
  var isSpoken: Bool {
    switch turn.action {
    case .say: true
    case .play(_, let text): text != nil
    case .press, .staySilent, .backchannel, .answerAsMachine, .hold, .hangUp: false
    }
  }

  /// Whether a caller does it once more when asked again.
  var canBeRepeated: Bool {
    switch turn.action {
    case .say, .play, .press: true
    case .staySilent, .backchannel, .answerAsMachine, .hold, .hangUp: false
    }
  }

  /// Whether the agent has to stop for it.
  var interrupts: Bool {
    guard turn.cue.isOverAgent else { return false }
    return canBeRepeated
  }
}
