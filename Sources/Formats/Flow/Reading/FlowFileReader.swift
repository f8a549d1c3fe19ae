import CallCore

/// Reads the whole of one file: its head, its shared sections and its states.
struct FlowFileReader {
  let context: FlowParseContext
  private static let keys = [
    "flow", "title", "description", "language", "voice", "start", "variables", "end-of-turn-silence", "end-of-turn",
    "interrupt", "give-up",
    "defaults", "intents", "everywhere", "states",
  ]

  /// The flow, as far as it could be read; the faults are on record.
  func read(_ root: FileNode, name: String) -> Flow? {
    guard let fields = FieldReader(root, owner: "the file", keys: FlowFileReader.keys, context: context) else {
      return nil
    }
    let name = flowName(fields, otherwise: name)
    let variables = variables(fields)
    indexStates(fields)
    if let field = fields.field("intents") { IntentReader(context: context).readVocabulary(field.value) }
    let defaults =
      fields.field("defaults").map { QuestionReader.defaults($0.value, context: context) } ?? QuestionDefaults()
    let everywhere = fields.field("everywhere").map {
      IntentReader(context: context).intents($0.value, owner: "`everywhere`")
    }
    readTurnEnd(fields)
    let states = states(fields, defaults: defaults)
    return Flow(
      name: name, title: fields.text("title", max: FlowLimits.textMax) ?? name,
      description: fields.text("description", max: FlowLimits.requestTextMax)?.trimming(\.isWhitespace) ?? "",
      voice: fields.text("voice"), language: fields.text("language") ?? "en",
      start: fields.target("start") ?? states.first?.name ?? "", variables: variables,
      endOfTurnSilence: context.endOfTurnSilence, endOfTurn: context.endOfTurn,
      interrupt: fields.choice("interrupt", of: InterruptRule.self), everywhere: everywhere ?? [],
      giveUp: fields.template("give-up") ?? Flow.giveUpDefault, states: states)
  }

  private func readTurnEnd(_ fields: FieldReader<FlowParseContext>) {
    context.endOfTurnSilence = fields.duration("end-of-turn-silence", FlowLimits.endOfTurnSilence)
    context.endOfTurn = fields.choice("end-of-turn", of: EndOfTurnRule.self)
    if context.endOfTurn == .meaning { fields.checkJudgedSilence(context.endOfTurnSilence) }
  }

  private func flowName(_ fields: FieldReader<FlowParseContext>, otherwise: String) -> String {
    let name = fields.text("flow") ?? otherwise
    let isGood = FlowText.isName(name) && name == name.lowercased() && !name.contains("_")
    if !isGood {
      let advice = "lower-case letters, digits and -, beginning with a letter; write `flow: NAME`"
      context.log.add(.badName, at: fields.place(of: "flow"), "`\(name)` cannot be the name of a flow: \(advice)")
    }
    return name
  }

  private func variables(_ fields: FieldReader<FlowParseContext>) -> [String: String] {
    guard let field = fields.field("variables") else { return [:] }
    guard case .mapping(let entries) = field.value.content else {
      context.log.add(
        .wrongType, at: field.value.place, "`variables` must be `name: value` lines, not \(field.value.sort)")
      return [:]
    }
    context.log.checkCount(
      entries.count, max: FlowLimits.variablesMax, at: field.value.place, "`variables`", "entries")
    var variables: [String: String] = [:]
    for entry in entries.prefix(FlowLimits.variablesMax)
    where NameRule.checkVariable(entry.key, at: entry.at, context.log) {
      switch entry.value.content {
      case .text(""), .nothing:
        variables[entry.key] = ""
      case .text, .list, .mapping:
        let reader = NodeReader(context: context, what: "variable `\(entry.key)`")
        variables[entry.key] = reader.spokenText(entry.value, max: FlowLimits.textMax) ?? ""
        checkDay(entry, variables[entry.key] ?? "")
      }
    }
    context.variables.formUnion(variables.keys)
    return variables
  }

  /// Days that callers name are reckoned from `today`.
  private func checkDay(_ entry: FileField, _ text: String) {
    guard entry.key == "today", !text.isEmpty, CalendarDate(text) == nil else { return }
    context.log.add(
      .wrongType, at: entry.value.place, "variable `today` must be a day such as 2026-03-02, not `\(text)`")
  }

  /// Puts down where every state stands, before any of them is read: they name one another.
  private func indexStates(_ fields: FieldReader<FlowParseContext>) {
    guard let field = fields.field("states") else {
      fields.reportMissing("states", "describe what the agent does, state by state")
      return
    }
    guard case .mapping(let entries) = field.value.content, !entries.isEmpty else {
      context.log.add(.wrongType, at: field.value.place, "`states` must be `name:` followed by what the state does")
      return
    }
    if entries.count > FlowLimits.statesMax {
      context.isTorn = true
      let advice = "at most \(FlowLimits.statesMax) are allowed; move some to another flow"
      context.log.add(.outOfLimits, at: field.at, "the flow has \(entries.count) states; \(advice)")
    }
    for entry in entries { context.states[entry.key] = entry.at }
  }

  private func states(_ fields: FieldReader<FlowParseContext>, defaults: QuestionDefaults) -> [FlowState] {
    guard case .mapping(let entries) = fields.field("states")?.value.content else { return [] }
    let reader = StateReader(context: context, defaults: defaults)
    return entries.prefix(FlowLimits.statesMax).compactMap { entry in
      let isNamed = NameRule.check(entry.key, at: entry.at, "state", context.log)
      let state = reader.read(entry)
      if state == nil { context.isTorn = true }
      return isNamed ? state : nil
    }
  }
}
