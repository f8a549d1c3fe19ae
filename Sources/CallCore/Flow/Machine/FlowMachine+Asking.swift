extension FlowMachine {
  /// Why a question is asked again.
  enum Reason {
    /// The caller said nothing.
    case noInput
    /// Nothing in the caller's words fitted.
    case noMatch
  }

  /// The question of the current state. Called only while the phase is `.asking`, which only such states bring about.
  var question: FlowQuestion {
    guard let question = flow.state(named: currentState)?.kind.question else {
      preconditionFailure("the flow waits for the caller in \(currentState), which asks nothing")
    }
    return question
  }

  var collecting: CollectState? {
    if case .collect(let collect) = flow.state(named: currentState)?.kind { collect } else { nil }
  }

  /// Asks what is open in `asking`, and waits.
  mutating func ask(_ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    speak(openQuestion(asking), interruptible: question.interruptible, isKept: true, into: &outputs)
    wait(asking, into: &outputs)
  }

  /// The words of the question that is open: the state's own, or the one for confirmation.
  mutating func openQuestion(_ asking: QuestionVisit) -> String {
    if languageModel != nil { return conversation.question }
    guard let candidate = asking.candidate, let collect = collecting else {
      return nextText(of: question.prompts).map(rendered) ?? ""
    }
    var known = values
    known[collect.slot] = candidate
    let index = min(asking.noInputs + asking.noMatches, collect.confirm.count - 1)
    return collect.confirm[index].rendered(with: known)
  }

  mutating func wait(_ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    phase = .asking(asking)
    toolsInARow = 0
    outputs.append(.listen(listening(asking)))
  }

  /// Nothing came, or nothing that fits: asks again, goes on, gives up, or waits on.
  mutating func askAgain(_ reason: Reason, _ before: QuestionVisit, into outputs: inout [FlowOutput]) {
    var asking = before
    let rule: AskAgain
    let count: Int
    switch reason {
    case .noInput:
      asking.noInputs += 1
      (rule, count) = (question.noInput, asking.noInputs)
    case .noMatch:
      asking.noMatches += 1
      (rule, count) = (question.noMatch, asking.noMatches)
    }
    if rule.isIgnored { return waitOn(before, reason, rule, into: &outputs) }
    guard count <= rule.times else { return exitQuestion(rule, reason, into: &outputs) }
    let apology = apology(reason, asking)
    let open = openQuestion(asking)
    var text = open.isEmpty ? open : apology + open
    if !rule.texts.isEmpty {
      let again = rule.texts[min(count, rule.texts.count) - 1]
      let namesPrompt = again.places.contains { $0.variable == "prompt" }
      // A text of its own would ask for the value again; while it is being confirmed only one that quotes will do.
      if namesPrompt || asking.candidate == nil {
        text = again.rendered(with: values.merging(["prompt": open]) { $1 })
      }
    }
    speak(text, interruptible: question.interruptible, isKept: false, into: &outputs)
    wait(asking, into: &outputs)
  }

  /// Turns that a state may ignore in a visit. Hold music makes one a minute of them, of which the longest call has 60; people who talk to the flow all the
  /// while make 300 in ten minutes.
  static let ignoredTurnsMax = 300

  /// Ignores a turn in which nothing fitted, or silence, of which the call's length is the limit; after too many turns the flow gives up.
  private mutating func waitOn(
    _ before: QuestionVisit, _ reason: Reason, _ rule: AskAgain, into outputs: inout [FlowOutput]
  ) {
    var asking = before
    if reason == .noMatch { asking.ignoredTurns += 1 }
    guard asking.ignoredTurns <= Self.ignoredTurnsMax else { return exitQuestion(rule, reason, into: &outputs) }
    wait(asking, into: &outputs)
  }

  /// What is said before a question that would be the same again; empty where the flow has words of its own for that, such as another text
  /// of the question.
  private func apology(_ reason: Reason, _ asking: QuestionVisit) -> String {
    let texts = asking.candidate == nil ? question.prompts : collecting?.confirm ?? []
    guard languageModel == nil, texts.count == 1, flow.apologizes else { return "" }
    return (reason == .noInput ? AskAgain.noInputApology : AskAgain.noMatchApology) + " "
  }

  /// The question was asked often enough.
  func exitStep(_ rule: AskAgain, _ reason: Reason) -> FlowStep? {
    rule.next.map { FlowStep(state: $0, because: reason == .noInput ? "no input" : "no match") }
  }

  mutating func exitQuestion(_ rule: AskAgain, _ reason: Reason, into outputs: inout [FlowOutput]) {
    if let step = exitStep(rule, reason) {
      spoken = []
      transition(to: step, into: &outputs)
    } else {
      speak(flow.giveUp, interruptible: false, into: &outputs)
      finish(reason == .noInput ? .noInput : .noMatch, outcome: "", into: &outputs)
    }
  }

  private func listening(_ asking: QuestionVisit) -> ListenOptions {
    var listening = question.listening
    let collect = collecting
    listening.endOfTurnSilence = listening.endOfTurnSilence ?? collect?.kind.endOfTurnSilence ?? flow.endOfTurnSilence
    let isJudged = asking.candidate == nil && collect?.kind.endsByMeaning != false
    listening.endOfTurn = isJudged ? listening.endOfTurn ?? flow.endOfTurn : .silence
    if listening.keysMax == nil {
      listening.keysMax =
        switch (collect, asking.candidate) {
        case (nil, _): keysMaxOfIntents
        case (let collect?, nil): collect.kind.keysMax
        case (let collect?, _?): collect.kind.keysMax == nil ? 1 : nil  // a key to agree, or the whole value again
        }
    }
    return listening
  }

  /// The longest key of a menu; `nil` where there is none.
  private var keysMaxOfIntents: Int? {
    (question.intents + flow.everywhere).compactMap { $0.keys?.count }.max()
  }
}

extension FlowMachine {
  /// Everything that a text may name: variables, slots and what the flow knows of itself.
  var values: [String: String] {
    var values = variables
    values["flow"] = flow.name
    values["state"] = currentState
    return values
  }

  func rendered(_ text: FlowText) -> String { text.rendered(with: values) }

  /// Says the text, unless there is nothing in it.
  /// - Parameter isKept: "repeat" says it again.
  mutating func speak(
    _ text: FlowText?, interruptible: Bool, isKept: Bool = true, into outputs: inout [FlowOutput]
  ) {
    guard let text else { return }
    guard let utterance = utterance(text, interruptible: interruptible) else {
      speechLeft = -1  // it is too long: its marks were read with the flow
      return
    }
    speak(utterance, isKept: isKept, into: &outputs)
  }

  /// The same for words that are rendered.
  mutating func speak(_ words: String, interruptible: Bool, isKept: Bool, into outputs: inout [FlowOutput]) {
    speak(FlowUtterance(text: words, interruptible: interruptible), isKept: isKept, into: &outputs)
  }

  /// The text with every place filled; `nil` where it is too long for marks then.
  func utterance(_ text: FlowText, interruptible: Bool) -> FlowUtterance? {
    guard text.isSSML else { return FlowUtterance(text: rendered(text), interruptible: interruptible) }
    do throws(SSMLFault) {
      let ssml = try text.ssml(with: values)
      return FlowUtterance(text: ssml.text, interruptible: interruptible, ssml: ssml)
    } catch {
      return nil
    }
  }

  private mutating func speak(_ utterance: FlowUtterance, isKept: Bool, into outputs: inout [FlowOutput]) {
    let words = utterance.text
    guard words.contains(where: { !$0.isWhitespace }) || utterance.ssml?.hasWords ?? false else { return }
    speechLeft -= words.scalarCount
    guard speechLeft >= 0 else { return }  // `handle` ends the flow
    if languageModel != nil {
      conversation.add(agent: SentenceSplitter.sentences(of: words).joined(separator: " "))
    }
    if isKept { spoken.append(utterance) }
    outputs.append(utterance.output)
  }

  /// The first of the texts for the first time this state speaks, the next for the next time; the last one stays.
  mutating func nextText(of texts: [FlowText]) -> FlowText? {
    let key = "\(flow.name)/\(currentState)"
    let times = askings[key, default: 0]
    askings[key] = times + 1
    return texts.isEmpty ? nil : texts[min(times, texts.count - 1)]
  }
}
