import JSON

/// States in which a language model speaks. The model is asked by an output and answers by an input; its words were said by the call while they
/// came, so that only what it wants done is left to do here.
extension FlowMachine {
  var languageModel: LanguageModelState? {
    if case .llm(let state) = flow.state(named: currentState)?.kind { state } else { nil }
  }

  /// What the model is asked now; `nil` where none is.
  public var modelRequest: ModelRequest? {
    guard let state = languageModel else { return nil }
    var request = ModelRequest([.system("\(rendered(state.prompt))\n\n\(Self.mannerOfSpeech)")] + conversation.told)
    request.tools = state.offered
    request.tokensMax = state.tokensMax
    return request
  }

  /// As the state says that the flow is in.
  public var earlyAnswersMax: Int { languageModel?.earlyAnswersMax ?? 0 }

  /// Stands behind every prompt.
  package static let mannerOfSpeech =
    "Your words are spoken on the telephone: answer in one or two short sentences, without lists, markup or emoji."

  /// What a model is told when there is nothing that the caller said.
  package static let callerIsThere = "(The caller is on the line.)"

  /// The caller comes into the state, for the first time or again.
  mutating func begin(_ state: LanguageModelState, into outputs: inout [FlowOutput]) {
    if conversation.begun == nil { conversation.begun = now }
    if conversation.away != nil {
      conversation.comeBack(with: slots)
      return askModel(state, into: &outputs)
    }
    if let first = nextText(of: state.question.prompts).map(rendered), conversation.messages.isEmpty, !first.isEmpty {
      speak(first, interruptible: state.question.interruptible, isKept: true, into: &outputs)
      conversation.question = first
      return wait(QuestionVisit(), into: &outputs)
    }
    if conversation.messages.isEmpty { conversation.add(caller: Self.callerIsThere) }
    askModel(state, into: &outputs)
  }

  /// The caller said something, or pressed keys.
  mutating func converse(_ text: String, in state: LanguageModelState, into outputs: inout [FlowOutput]) {
    conversation.add(caller: text)
    spoken = []
    guard conversation.turns <= state.turnsMax else {
      return modelGivesUp("more than \(state.turnsMax) turns", into: &outputs)
    }
    guard now - (conversation.begun ?? now) < state.timeMax else {
      return modelGivesUp("longer than \(state.timeMax.milliseconds / 1000) s", into: &outputs)
    }
    askModel(state, into: &outputs)
  }

  private mutating func askModel(_ state: LanguageModelState, into outputs: inout [FlowOutput]) {
    conversation.rounds += 1
    // A state for failures that leads back here must not go round for ever.
    guard conversation.rounds <= ModelConversation.roundsMax + 1 else { return fail("flow loops", into: &outputs) }
    guard conversation.rounds <= ModelConversation.roundsMax else {
      return modelGivesUp("the model goes on calling tools", into: &outputs)
    }
    phase = .waitingForModel
    outputs.append(.askModel)
  }

  /// The model's answer is whole; what it said is said.
  mutating func handle(_ answer: ModelAnswer, into outputs: inout [FlowOutput]) {
    guard let state = languageModel else { preconditionFailure("the flow waits for a model in \(currentState)") }
    let wanted = answer.wanted(of: state.offered.map(\.name))
    let said = answer.spokenText
    guard !said.isEmpty || !wanted.isEmpty else { return handleEmptyAnswer(in: state, into: &outputs) }
    conversation.emptyAnswers = 0
    conversation.add(agent: said, calls: wanted)
    if !said.isEmpty {
      conversation.question = said
      spoken = [FlowUtterance(text: said, interruptible: true)]
    }
    guard !wanted.isEmpty else { return wait(QuestionVisit(), into: &outputs) }
    doNextCall(of: state, said: !said.isEmpty, into: &outputs)
  }

  /// There is no answer, or no more of it.
  /// - Parameter said: what of it was to be said before that.
  mutating func handle(_ fault: ModelFault, said: String, into outputs: inout [FlowOutput]) {
    guard said.isEmpty else {
      conversation.add(agent: said)  // never asked again once something was said
      conversation.question = said
      return wait(QuestionVisit(), into: &outputs)
    }
    modelGivesUp("the model \(fault.kind.rawValue)", into: &outputs)
  }

  /// The caller, or the client, stopped the model in mid-answer; what was audible of it is told by `trimReply`.
  /// - Parameter said: what was to be said so far.
  mutating func handleModelStopped(said: String, into outputs: inout [FlowOutput]) {
    conversation.add(agent: said)
    if !said.isEmpty { conversation.question = said }
    wait(QuestionVisit(), into: &outputs)
  }

  /// What of the last utterance was audible, when it was cut off.
  public mutating func trimReply(toPlayed played: String, of whole: String) {
    conversation.trimReply(toPlayed: played, of: whole)
  }

  /// Neither words nor calls: asked once more, then the question is put again as if nothing had been understood.
  private mutating func handleEmptyAnswer(in state: LanguageModelState, into outputs: inout [FlowOutput]) {
    conversation.emptyAnswers += 1
    guard conversation.emptyAnswers > 1 else { return askModel(state, into: &outputs) }
    let words = state.question.noMatch.texts.isEmpty ? Self.sayAgain : rendered(state.question.noMatch.texts[0])
    speak(words, interruptible: true, isKept: true, into: &outputs)
    wait(QuestionVisit(), into: &outputs)
  }

  /// Said where a model has no answer.
  package static let sayAgain = "I am sorry, could you say that again?"

  private mutating func modelGivesUp(_ why: String, into outputs: inout [FlowOutput]) {
    guard let failed = languageModel?.failed else { return fail("\(currentState): \(why)", into: &outputs) }
    conversation.calls = []
    transition(to: FlowStep(state: failed, because: why), into: &outputs)
  }
}

// MARK: - Calls of tools

extension FlowMachine {
  /// Does what the model wants, one call after the other, and then asks it again or goes where it wants to go.
  /// - Parameter said: whether the caller hears something meanwhile.
  private mutating func doNextCall(
    of state: LanguageModelState, said: Bool, into outputs: inout [FlowOutput]
  ) {
    while !conversation.calls.isEmpty {
      let call = conversation.calls[0]
      guard conversation.departure == nil else {
        refuseCall("not called: one thing after the other", in: state, into: &outputs)
        continue
      }
      if startRequest(of: call, in: state, said: said, into: &outputs) { return }
    }
    if let departure = conversation.departure {
      conversation.departure = nil
      return transition(to: FlowStep(state: departure.state, because: departure.tool), into: &outputs)
    }
    if let next = state.next, !state.slots.isEmpty, state.slots.allSatisfy({ slots[$0.name] != nil }) {
      return transition(to: FlowStep(state: next, because: LanguageModelTool.save), into: &outputs)
    }
    askModel(state, into: &outputs)
  }

  /// - Returns: whether the result comes later; otherwise it is in the conversation.
  private mutating func startRequest(
    of call: ModelToolCall, in state: LanguageModelState, said: Bool, into outputs: inout [FlowOutput]
  ) -> Bool {
    if call.name == LanguageModelTool.save, !state.slots.isEmpty {
      saveSlots(call.arguments, in: state, into: &outputs)
      return false
    }
    guard let tool = state.tools.first(where: { $0.name == call.name }) else {
      let names = state.offered.map(\.name).joined(separator: ", ")
      refuseCall("there is no such tool", more: "; there are: \(names)", in: state, into: &outputs)
      return false
    }
    let given: [String: String]
    switch arguments(of: call, for: tool) {
    case .success(let values): given = values
    case .failure(let fault):
      refuseCall(fault.why, more: fault.value.map { ": \($0)" } ?? "", in: state, into: &outputs)
      return false
    }
    for argument in tool.arguments { fill(argument.name, with: given[argument.name] ?? "", into: &outputs) }
    switch tool.effect {
    case .go(let next):
      conversation.departure = (next, tool.name)
      conversation.away = (call.id, slots)
      finishCall(ToolResultText.done([:]), .done, "goes to \(next)", in: state, into: &outputs)
      return false
    case .call(let name):
      guard case .tool(let request)? = flow.state(named: name)?.kind else {
        refuseCall("the flow has no such request", in: state, into: &outputs)
        return false
      }
      note(.called, "", in: state, into: &outputs)
      makeRequest(request, of: name, tries: 1, meanwhile: said ? nil : request.says, into: &outputs)
      return true
    }
  }

  private mutating func makeRequest(
    _ tool: ToolState, of name: String, tries: Int, meanwhile: FlowText?, into outputs: inout [FlowOutput]
  ) {
    switch toolRequest(tool, of: name) {
    case .success(var request):
      request.meanwhile = meanwhile.flatMap { utterance($0, interruptible: true)?.text }
      phase = .waitingForModelTool(name: name, tries: tries)
      outputs.append(.callTool(request))
    case .failure(let fault):
      finishModelTool(tool, .failed(fault.why), into: &outputs)
    }
  }

  /// What became of a request that the model wanted. It is part of the conversation at once, whatever the caller does.
  mutating func handleModelTool(
    _ answer: ToolResponse, name: String, tries: Int, into outputs: inout [FlowOutput]
  ) {
    guard case .tool(let tool)? = flow.state(named: name)?.kind else { return }
    if case .answered = answer {
    } else if tries <= tool.retries {
      return makeRequest(tool, of: name, tries: tries + 1, meanwhile: nil, into: &outputs)
    }
    finishModelTool(tool, answer, into: &outputs)
  }

  private mutating func finishModelTool(
    _ tool: ToolState, _ answer: ToolResponse, into outputs: inout [FlowOutput]
  ) {
    guard let state = languageModel else { return }
    switch answer {
    case .answered(_, let values):
      var kept: [String: String] = [:]
      for save in tool.saves {
        let value = values[save.path] ?? ""
        fill(save.variable, with: value, into: &outputs)
        kept[save.variable] = value.bounded(to: FlowMachine.valueMax)
      }
      finishCall(ToolResultText.done(kept), .done, answer.summary, in: state, into: &outputs)
    case .failed(let why):
      finishCall(ToolResultText.failed(why), .failed, why, in: state, into: &outputs)
    case .timedOut:
      finishCall(ToolResultText.failed("no answer in time"), .failed, answer.summary, in: state, into: &outputs)
    }
    doNextCall(of: state, said: false, into: &outputs)
  }

  /// - Parameters:
  ///   - result: for the model.
  ///   - detail: for people.
  private mutating func finishCall(
    _ result: String, _ how: ToolCallEntry.State, _ detail: String, in state: LanguageModelState,
    into outputs: inout [FlowOutput]
  ) {
    note(how, detail, in: state, into: &outputs)
    let call = conversation.calls.removeFirst()
    conversation.add(result: result, of: call.id)
  }

  /// - Parameter more: what only the model is told.
  private mutating func refuseCall(
    _ why: String, more: String = "", in state: LanguageModelState, into outputs: inout [FlowOutput]
  ) {
    finishCall(ToolResultText.failed(why + more), .failed, why, in: state, into: &outputs)
  }

  /// Tells people how far the call is that is done now.
  private func note(
    _ how: ToolCallEntry.State, _ detail: String, in state: LanguageModelState, into outputs: inout [FlowOutput]
  ) {
    let call = conversation.calls[0]
    let isSave = call.name == LanguageModelTool.save && !state.slots.isEmpty
    let slots = isSave ? state.slots : state.tools.first { $0.name == call.name }?.arguments ?? []
    outputs.append(.toolUsed(ModelToolUse(call, known: slots.map(\.name), state: how, detail: detail)))
  }

  /// The arguments as texts of their kinds.
  private func arguments(
    of call: ModelToolCall, for tool: LanguageModelTool
  ) -> Result<[String: String], ToolCallFault> {
    guard let members = call.members else {
      return .failure(ToolCallFault("the arguments are no JSON object"))
    }
    var values: [String: String] = [:]
    for argument in tool.arguments {
      guard let given = members[argument.name] else {
        return .failure(ToolCallFault("the argument \(argument.name) is missing"))
      }
      guard let value = argument.value(given, today: today) else {
        return .failure(
          ToolCallFault("the argument \(argument.name) is no \(argument.kind.word)", value: given.bounded(to: 40)))
      }
      values[argument.name] = value
    }
    return .success(values)
  }

  /// Keeps what the model found out, as far as the caller said or confirmed it.
  private mutating func saveSlots(
    _ arguments: String, in state: LanguageModelState, into outputs: inout [FlowOutput]
  ) {
    guard let members = ModelToolCall.members(of: arguments) else {
      return refuseCall("the arguments are no JSON object", in: state, into: &outputs)
    }
    var (kept, unsaid, wrong): ([String: String], [String], [String]) = ([:], [], [])
    for slot in state.slots {
      guard let given = members[slot.name], !given.isEmpty else { continue }
      guard let value = slot.value(given, today: today) else {
        wrong.append("\(slot.name) (\(slot.kind.word))")
        continue
      }
      guard wasSaid(value, slot) else {
        unsaid.append(slot.name)
        continue
      }
      fill(slot.name, with: value, into: &outputs)
      kept[slot.name] = value
    }
    let names = state.slots.map(\.name).filter { kept[$0] != nil }.joined(separator: ", ")
    var (faults, news) = ([String](), names.isEmpty ? [] : ["kept \(names)"])
    if !wrong.isEmpty {
      faults.append("not of their kind: \(wrong.joined(separator: ", "))")
      news += faults
    }
    if !unsaid.isEmpty {
      news.append("not said by the caller: \(unsaid.joined(separator: ", "))")
      faults.append("\(news.last ?? ""); say them and ask whether they are right")
    }
    let result = faults.isEmpty ? ToolResultText.done(kept) : ToolResultText.failed(faults.joined(separator: ". "))
    let detail = news.isEmpty ? "nothing to keep" : news.joined(separator: "; ")
    finishCall(result, faults.isEmpty ? .done : .failed, detail, in: state, into: &outputs)
  }

  /// Whether the caller said the value, or agreed when the agent said it.
  private func wasSaid(_ value: String, _ slot: LanguageModelSlot) -> Bool {
    let texts = conversation.callerTexts
    if texts.contains(where: { slot.isFound(value, in: $0, today: today) }) { return true }
    guard let last = texts.first, SpokenYesNo.value(in: UtteranceWords(last)) == true else { return false }
    return slot.isFound(value, in: conversation.agentTextBeforeCaller, today: today)
  }
}
