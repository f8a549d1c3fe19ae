import CallCore

/// Reads one state. Which kind it is, is told by the key that has the kind's name.
struct StateReader {
  let context: FlowParseContext
  let defaults: QuestionDefaults

  /// `nil` when it cannot be told what the state is, with the reason on record.
  func read(_ field: FileField) -> FlowState? {
    let owner = "state `\(field.key)`"
    guard let word = kindWord(of: field, owner: owner),
      let fields = FieldReader(field.value, owner: owner, keys: keys(of: word), context: context)
    else { return nil }
    let sets = AssignmentReader(context: context).assignments(fields, "set", isSpoken: true)
    return kind(word, fields).map { FlowState(name: field.key, sets: sets, kind: $0) }
  }

  private func kind(_ word: String, _ fields: FieldReader<FlowParseContext>) -> FlowStateKind? {
    switch word {
    case "say":
      let interruptible = fields.flag("interruptible") ?? true
      return .say(fields.speeches("say"), interruptible: interruptible, next: fields.requiredTarget("next"))
    case "listen": return .listen(listen(fields))
    case "await-beep": return .listen(awaitBeep(fields))
    case "collect": return CollectReader(context: context, defaults: defaults).read(fields).map(FlowStateKind.collect)
    case "decide": return DecideReader(context: context).read(fields)
    case "tool": return ToolReader(context: context).read(fields).map(FlowStateKind.tool)
    case "llm": return LanguageModelReader(context: context, defaults: defaults).read(fields).map(FlowStateKind.llm)
    case "transfer": return transfer(fields)
    case "phone-transfer": return phoneTransfer(fields)
    default: return end(fields)
    }
  }

  private func keys(of word: String) -> [String] {
    let own =
      switch word {
      case "say": ["say", "interruptible", "next"]
      case "listen": ["listen"] + QuestionReader.keys
      case "await-beep": ["await-beep", "no-beep", "no-beep-after"]
      case "collect": CollectReader.keys + QuestionReader.keys
      case "decide": ["decide", "cases", "else"]
      case "tool": ToolReader.keys
      case "llm": LanguageModelReader.keys + QuestionReader.keys
      default: [word, "say"]
      }
    return own + ["set"]
  }

  private func kindWord(of field: FileField, owner: String) -> String? {
    guard case .mapping(let entries) = field.value.content else {
      let kinds = FlowStateKind.words.joined(separator: ", ")
      context.log.add(.unknownKind, at: field.at, "\(owner) does nothing: give it one of \(kinds)")
      return nil
    }
    let all = entries.map(\.key).filter(FlowStateKind.words.contains)
    // `say` also stands beside other kinds: what is said before they do their work.
    let kinds = all.count > 1 ? all.filter { $0 != "say" } : all
    if kinds.count == 1 { return kinds[0] }
    if kinds.isEmpty {
      let near = entries.lazy.map { FileFaultLog.suggestion(for: $0.key, among: FlowStateKind.words) }.first {
        !$0.isEmpty
      }
      let known = near ?? "; give it one of \(FlowStateKind.words.joined(separator: ", "))"
      context.log.add(.unknownKind, at: field.at, "\(owner) is of no known kind\(known)")
    } else {
      let both = kinds.map { "`\($0)`" }.joined(separator: " and ")
      context.log.add(.unknownKind, at: field.at, "\(owner) has \(both): a state does one thing; make it two states")
    }
    return nil
  }

  private func listen(_ fields: FieldReader<FlowParseContext>) -> FlowQuestion {
    if !fields.has("intents") {
      fields.reportMissingNext("intents", "list what the caller may want and where that leads")
    }
    return QuestionReader(context: context, defaults: defaults).read(fields, promptKey: "listen")
  }

  /// Nothing is asked, and silence without a beep leads on at once.
  private func awaitBeep(_ fields: FieldReader<FlowParseContext>) -> FlowQuestion {
    var listening = ListenOptions()
    listening.noInputAfter = fields.duration("no-beep-after", FlowLimits.noInputAfter) ?? FlowLimits.noBeepAfter
    let next = fields.requiredTarget("await-beep")
    return FlowQuestion(
      [], noInput: AskAgain(times: 0, next: fields.requiredTarget("no-beep")), listening: listening, afterBeep: next)
  }

  private func transfer(_ fields: FieldReader<FlowParseContext>) -> FlowStateKind? {
    guard let name = fields.text("transfer") else { return nil }
    context.flows.append(.init(name: name, place: fields.place(of: "transfer")))
    return .transfer(flow: name, says: fields.speech("say"))
  }

  private func phoneTransfer(_ fields: FieldReader<FlowParseContext>) -> FlowStateKind? {
    guard let number = fields.template("phone-transfer", max: FlowLimits.nameMax) else { return nil }
    if number.places.isEmpty {
      let digits = number.source.filter { !" -().".contains($0) }
      let isNumber =
        (3...16).contains(digits.count) && digits.drop { $0 == "+" }.allSatisfy(\.isASCIIDigit)
      if !isNumber {
        let advice = "must be a telephone number such as \"+15551234567\", not `\(number.source)`"
        context.log.add(
          .wrongType, at: fields.place(of: "phone-transfer"), "`phone-transfer` of \(fields.owner) \(advice)")
      }
    }
    return .phoneTransfer(number: number, says: fields.speech("say"))
  }

  /// Without an outcome of its own, the state's name is the outcome.
  private func end(_ fields: FieldReader<FlowParseContext>) -> FlowStateKind {
    var outcome: FlowText?
    if case .nothing = fields.field("end")?.value.content {
      outcome = nil
    } else {
      outcome = fields.template("end", max: FlowLimits.nameMax)
    }
    return .end(outcome: outcome ?? FlowText("{state}"), says: fields.speech("say"))
  }
}
