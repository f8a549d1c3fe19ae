import CallCore
import JSON

/// Reads one case, with its defaults merged and its placeholders filled.
struct CaseReader {
  let context: CaseParseContext

  /// The keys of a case.
  static let keys = [
    "id", "title", "tags", "flow", "agent", "caller", "disfluency", "world", "vary", "turns", "expect", "never",
    "parameters",
    "seed", "max-duration", "must-fail",
  ]

  /// Letters, digits, `-`, `_`, `.` and `/`.
  static func isFitForID(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_./".contains(character))
  }

  /// `nil` when it lacks what a case cannot be without; the faults are on record.
  ///
  /// - Parameters:
  ///   - defaultID: for a case that is alone in its file.
  ///   - row: added to the id behind a slash.
  func read(_ node: FileNode, defaultID: String?, row: String?) -> ParsedCase? {
    guard let fields = FieldReader(node, owner: "the case", keys: CaseReader.keys, context: context) else { return nil }
    let id = id(fields, defaultID: defaultID, row: row)
    let agent = agent(fields)
    let caller = CallerReader(context: context).caller(fields)
    let turns = caller.brief == nil ? turns(fields) : noTurns(fields)
    let expectations = ExpectationReader(context: context, scope: .call).read(fields)
    let world = WorldReader(context: context).read(fields)
    let mustFail = fields.choice("must-fail", of: CheckKind.self)
    let checks = CaseContradictions(
      log: context.log, turns: turns, expectations: expectations, mustFailPlace: fields.valuePlace(of: "must-fail"))
    checks.check(mustFail: mustFail, brief: caller.brief)
    checkTroubles(world, turns: turns.count, fields)
    guard let id, let agent, !turns.isEmpty || caller.brief != nil else { return nil }
    var testCase = TestCase(id: id, agent: agent.agent, turns: turns.map(\.turn))
    testCase.title = fields.text("title", max: CaseLimits.textMax)?.trimming(\.isWhitespace) ?? id
    testCase.tags = tags(fields)
    testCase.caller = caller
    testCase.disfluency = CallerReader(context: context).disfluency(fields)
    testCase.world = world
    testCase.expectations = expectations.map(\.expectation)
    testCase.durationMax =
      fields.duration("max-duration", CaseLimits.duration)
      ?? (caller.brief == nil ? testCase.durationMax : CaseLimits.duration.upperBound)
    testCase.seed = seed(fields)
    testCase.vary = VariationReader(context: context).read(fields)
    testCase.mustFail = mustFail
    let place = fields.has("id") ? fields.place(of: "id") : fields.place
    testCase.source = CaseSource(file: context.log.file, line: place.line)
    return ParsedCase(testCase: testCase, place: place, flowPlace: agent.place)
  }

  private func id(_ fields: FieldReader<CaseParseContext>, defaultID: String?, row: String?) -> String? {
    if defaultID == nil, !fields.has("id") {
      fields.reportMissing("id", "write a short name for reports, such as `book-tomorrow`")
    }
    guard let name = fields.has("id") ? fields.text("id", max: CaseLimits.idMax) : defaultID else { return nil }
    let id = name + (row.map { "/\($0)" } ?? "")
    guard id.allSatisfy(CaseReader.isFitForID), id.scalarCount <= CaseLimits.idMax else {
      let rule = "letters, digits, -, _, . and /, at most \(CaseLimits.idMax)"
      context.log.add(.badName, at: fields.valuePlace(of: "id"), "`\(id)` cannot be the id of a case: \(rule)")
      return nil
    }
    return id
  }

  private func agent(_ fields: FieldReader<CaseParseContext>) -> (agent: TestAgent, place: FilePlace)? {
    guard let field = fields.field("agent") else {
      fields.reportMissing("flow", "name the flow that is called, in the case or in `defaults`")
      return nil
    }
    let keys = ["flow", "voice", "fault"]
    guard let agent = FieldReader(field.value, owner: "`agent`", keys: keys, context: context) else { return nil }
    if !agent.has("flow") { agent.reportMissing("flow", "name the flow that is called") }
    let fault = agent.choice("fault", of: TestAgent.Fault.self)
    let voice = agent.text("voice")
    guard let flow = agent.text("flow") else { return nil }
    return (TestAgent(flow: flow, voice: voice, fault: fault), agent.valuePlace(of: "flow"))
  }

  private func turns(_ fields: FieldReader<CaseParseContext>) -> [PlacedTurn] {
    guard let field = fields.field("turns") else {
      fields.reportMissing("turns", "list what the caller does, such as `- say: Tomorrow, please.`")
      return []
    }
    guard case .list(let items) = field.value.content, !items.isEmpty else {
      let advice = "list what the caller does, such as `- say: Tomorrow, please.`"
      context.log.add(.wrongType, at: field.value.place, "`turns` must be a list, not \(field.value.sort): \(advice)")
      return []
    }
    context.log.checkCount(items.count, max: CaseLimits.turnsMax, at: field.value.place, "the case", "turns")
    return items.prefix(CaseLimits.turnsMax).enumerated().compactMap { index, item in
      TurnReader(context: context, number: index + 1).read(item)
    }
  }

  /// A caller with a goal finds its own turns.
  private func noTurns(_ fields: FieldReader<CaseParseContext>) -> [PlacedTurn] {
    if fields.has("turns") {
      let advice = "leave out `turns`, or `goal`"
      context.log.add(
        .contradiction, at: fields.place(of: "caller"), "a caller with a `goal` finds its own words: \(advice)")
    }
    return []
  }

  private func tags(_ fields: FieldReader<CaseParseContext>) -> [String] {
    guard let field = fields.field("tags") else { return [] }
    let reader = NodeReader(context: context, what: "`tags`")
    return reader.items(of: field.value, max: CaseLimits.tagsMax, "tags").compactMap { item in
      guard let tag = reader.text(item, max: FlowLimits.nameMax) else { return nil }
      guard tag.allSatisfy(CaseReader.isFitForID) else {
        context.log.add(.badName, at: item.place, "`\(tag)` cannot be a tag: letters, digits, -, _, . and /")
        return nil
      }
      return tag
    }
  }

  private func seed(_ fields: FieldReader<CaseParseContext>) -> UInt64? {
    guard let text = fields.text("seed") else { return nil }
    if let seed = UInt64(text) { return seed }
    fields.report(.wrongType, "seed", "must be a whole number from 0 to \(UInt64.max), not `\(text)`")
    return nil
  }

  private func checkTroubles(_ world: CallWorld, turns: Int, _ fields: FieldReader<CaseParseContext>) {
    guard turns > 0, let trouble = world.engineTroubles.first(where: { $0.fromTurn > turns }) else { return }
    let advice = "but the case has \(turns) turn\(turns == 1 ? "" : "s")"
    context.log.add(
      .outOfLimits, at: fields.valuePlace(of: "world"),
      "`engine-trouble` begins with turn \(trouble.fromTurn), \(advice)")
  }
}

/// Reads who calls, and how fluently.
struct CallerReader {
  let context: CaseParseContext

  func caller(_ fields: FieldReader<CaseParseContext>) -> CallerProfile {
    var caller = CallerProfile()
    let keys = ["voice", "persona", "rate", "pitch", "pause", "patience"] + CallerBriefReader.keys
    guard let written = fields.section("caller", keys: keys) else { return caller }
    caller.voice = written.text("voice") ?? caller.voice
    caller.persona = written.text("persona", max: CaseLimits.personaMax)?.trimming(\.isWhitespace) ?? caller.persona
    caller.style.ratePercent = written.percent("rate", SpeakingStyle.range) ?? caller.style.ratePercent
    caller.style.pitchPercent = written.percent("pitch", SpeakingStyle.range) ?? caller.style.pitchPercent
    caller.pauseBeforeAnswer = written.duration("pause", CaseLimits.pauseBeforeAnswer) ?? caller.pauseBeforeAnswer
    caller.patience = written.duration("patience", CaseLimits.patience) ?? caller.patience
    caller.brief = CallerBriefReader(context: context).read(written)
    return caller
  }

  func disfluency(_ fields: FieldReader<CaseParseContext>) -> DisfluencyRates {
    var rates = DisfluencyRates()
    let keys = ["fillers", "repetitions", "restarts", "lengthenings", "pauses", "pause-min", "pause-max"]
    guard let written = fields.section("disfluency", keys: keys) else { return rates }
    rates.fillers = written.percent("fillers", 0...100) ?? rates.fillers
    rates.repetitions = written.percent("repetitions", 0...100) ?? rates.repetitions
    rates.restarts = written.percent("restarts", 0...100) ?? rates.restarts
    rates.lengthenings = written.percent("lengthenings", 0...100) ?? rates.lengthenings
    rates.pauses = written.percent("pauses", 0...100) ?? rates.pauses
    rates.pauseMin = written.duration("pause-min", CaseLimits.disfluentPause) ?? rates.pauseMin
    rates.pauseMax = written.duration("pause-max", CaseLimits.disfluentPause) ?? rates.pauseMax
    if rates.pauseMin > rates.pauseMax {
      let place = written.valuePlace(of: written.has("pause-min") ? "pause-min" : "pause-max")
      let lengths = "\(rates.pauseMin.milliseconds) ms and `pause-max` \(rates.pauseMax.milliseconds) ms"
      context.log.add(.contradiction, at: place, "`pause-min` is \(lengths): the smaller one comes first")
    }
    return rates
  }
}
