import CallCore

/// Reads a state in which a language model speaks.
struct LanguageModelReader {
  let context: FlowParseContext
  let defaults: QuestionDefaults

  /// The keys of such a state, besides those of every question.
  static let keys = ["llm", "say-first", "tools", "save", "next", "failed", "limits"]

  func read(_ fields: FieldReader<FlowParseContext>) -> LanguageModelState? {
    let question = QuestionReader(context: context, defaults: defaults).read(fields, promptKey: "say-first")
    let tools = tools(fields)
    let slots = slots(fields, "save")
    let next = next(fields, hasSlots: !slots.isEmpty)
    let prompt = fields.template("llm", isSpoken: false, max: FlowLimits.requestTextMax)
    if prompt == nil, case .nothing? = fields.field("llm")?.value.content {
      fields.report(.emptyText, "llm", "is empty: write what the model is to be and to do")
    }
    guard let prompt else { return nil }
    var state = LanguageModelState(
      prompt: prompt, question: question, tools: tools, slots: slots, next: next, failed: fields.target("failed"))
    readLimits(fields, into: &state)
    return state
  }

  /// A state follows where there is something to save; tools lead on, too.
  private func next(_ fields: FieldReader<FlowParseContext>, hasSlots: Bool) -> String? {
    if fields.has("next"), !hasSlots {
      fields.report(
        .deadEnd, "next", "comes after everything of `save` has a value: list something there, or remove it")
    }
    return fields.target("next")
  }

  private func readLimits(_ fields: FieldReader<FlowParseContext>, into state: inout LanguageModelState) {
    guard let field = fields.field("limits"),
      let limits = FieldReader(
        field.value, owner: "`limits` of \(fields.owner)", keys: ["turns", "time", "tokens", "early"],
        context: context)
    else { return }
    state.turnsMax = limits.integer("turns", FlowLimits.modelTurns) ?? state.turnsMax
    state.timeMax = limits.duration("time", FlowLimits.modelTime) ?? state.timeMax
    state.tokensMax = limits.integer("tokens", FlowLimits.modelTokens) ?? state.tokensMax
    state.earlyAnswersMax = limits.integer("early", FlowLimits.modelEarlyAnswers) ?? state.earlyAnswersMax
  }

  // MARK: - Tools

  private func tools(_ fields: FieldReader<FlowParseContext>) -> [LanguageModelTool] {
    let lines = fields.lines("tools", "name: what it does")
    if lines.count > FlowLimits.modelToolsMax {
      fields.report(.outOfLimits, "tools", "has \(lines.count) tools; at most \(FlowLimits.modelToolsMax) are allowed")
    }
    return lines.prefix(FlowLimits.modelToolsMax).compactMap { tool($0, of: fields) }
  }

  private func tool(_ line: FileField, of state: FieldReader<FlowParseContext>) -> LanguageModelTool? {
    guard NameRule.check(line.key, at: line.at, "tool", context.log) else { return nil }
    guard line.key != LanguageModelTool.save else {
      context.log.add(.badName, at: line.at, "`save` is the tool that keeps what `save` lists: choose another name")
      return nil
    }
    let owner = "tool `\(line.key)` of \(state.owner)"
    guard
      let fields = FieldReader(line.value, owner: owner, keys: ["about", "arguments", "call", "go"], context: context)
    else { return nil }
    if !fields.has("about") { fields.reportMissing("about", "tell the model what the tool is for") }
    let arguments = slots(fields, "arguments")
    let effect = effect(fields)
    guard let about = fields.text("about", max: FlowLimits.textMax), let effect else { return nil }
    return LanguageModelTool(line.key, about: about, arguments: arguments, effect: effect)
  }

  private func effect(_ fields: FieldReader<FlowParseContext>) -> LanguageModelTool.Effect? {
    switch (fields.has("call"), fields.has("go")) {
    case (true, false):
      guard let name = fields.target("call") else { return nil }
      context.calls.append(.init(name: name, place: fields.valuePlace(of: "call")))
      return .call(name)
    case (false, true): return fields.target("go").map { .go($0) }
    case (true, true):
      context.log.add(
        .unknownKey, at: fields.place(of: "go"), "\(fields.owner) has `call` and `go`: it can do one of them")
    case (false, false):
      fields.reportMissingNext("call` or `go", "name a state with `tool` that it calls, or any state that it goes to")
    }
    return nil
  }

  // MARK: - Values

  /// `name: kind` lines, or `name: {about:, as:, …}`.
  private func slots(_ fields: FieldReader<FlowParseContext>, _ key: String) -> [LanguageModelSlot] {
    fields.lines(key, "name: kind").prefix(FlowLimits.variablesMax).compactMap { line in
      guard NameRule.checkVariable(line.key, at: line.at, context.log) else { return nil }
      context.variables.insert(line.key)
      return slot(line, owner: "`\(line.key)` of `\(key)` of \(fields.owner)")
    }
  }

  private func slot(_ line: FileField, owner: String) -> LanguageModelSlot? {
    let reader = CollectReader(context: context, defaults: defaults)
    if case .text(let word) = line.value.content {
      let node = FileNode(
        content: .mapping([FileField(key: "as", at: line.at, value: line.value)]), place: line.value.place)
      guard let fields = FieldReader(node, owner: owner, keys: ["as"], context: context) else { return nil }
      guard word != "choice" && word != "digits" else {
        fields.report(.wrongType, "as", "needs more: write `\(line.key): {as: \(word), …}`")
        return nil
      }
      return reader.kind(fields).map { LanguageModelSlot(line.key, kind: $0) }
    }
    let keys = ["about", "as", "length", "range", "choices"]
    guard let fields = FieldReader(line.value, owner: owner, keys: keys, context: context) else { return nil }
    let about = fields.text("about", max: FlowLimits.textMax) ?? ""
    return reader.kind(fields).map { LanguageModelSlot(line.key, about: about, kind: $0) }
  }
}
