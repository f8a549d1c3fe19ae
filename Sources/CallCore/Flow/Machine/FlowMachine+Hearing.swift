extension FlowMachine {
  /// The caller's words of one turn.
  mutating func hear(_ text: String, _ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    variables["heard"] = text
    let heard = UtteranceIndex(UtteranceWords(text))
    if let collect = collecting {
      if let candidate = asking.candidate {
        return hearAnswer(text, to: candidate, of: collect, asking, into: &outputs)
      }
      let isFree = collect.kind == .text || collect.kind == .name
      if let intent = exactIntent(in: heard, of: isFree ? everyIntent : question.intents, share: isFree ? 2 : nil) {
        return follow(intent, because: intent.name, asking, into: &outputs)
      }
      if let value = collect.kind.value(said: text, today: today) {
        return offer(value, for: collect, asking, into: &outputs)
      }
    }
    if let intent = intent(in: heard, of: everyIntent) {
      follow(intent, because: intent.name, asking, into: &outputs)
    } else {
      askAgain(.noMatch, asking, into: &outputs)
    }
  }

  /// The caller's keys of one turn.
  mutating func press(_ keys: String, _ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    variables["heard"] = keys
    if let collect = collecting {
      if asking.candidate != nil, let agrees = SlotKind.yesNo.value(pressed: keys) {
        return answer(agrees == "yes", of: collect, asking, into: &outputs)
      }
      if let value = collect.kind.value(pressed: keys) { return offer(value, for: collect, asking, into: &outputs) }
    }
    if let intent = everyIntent.first(where: { $0.keys == keys }) {
      follow(intent, because: "\(intent.name) (key \(keys))", asking, into: &outputs)
    } else {
      askAgain(.noMatch, asking, into: &outputs)
    }
  }

  /// What the caller says to "is that right?": a better value, one digit of it, yes, no, or something else.
  private mutating func hearAnswer(
    _ text: String, to candidate: String, of collect: CollectState, _ asking: QuestionVisit,
    into outputs: inout [FlowOutput]
  ) {
    let heard = UtteranceWords(text)
    if case .digits = collect.kind, let mended = DigitCorrection.applied(heard, to: candidate) {
      return offer(mended, for: collect, asking, into: &outputs)
    }
    let agrees = SpokenYesNo.value(in: heard)
    let better = collect.kind.isOfferedAgain ? collect.kind.value(said: text, today: today) : nil
    if let better, better != candidate { return offer(better, for: collect, asking, into: &outputs) }
    if let agrees { return answer(agrees, of: collect, asking, into: &outputs) }
    if better != nil { return answer(true, of: collect, asking, into: &outputs) }
    if let intent = intent(in: UtteranceIndex(heard), of: everyIntent) {
      follow(intent, because: intent.name, asking, into: &outputs)
    } else {
      askAgain(.noMatch, asking, into: &outputs)
    }
  }

  private mutating func offer(
    _ value: String, for collect: CollectState, _ before: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    guard !collect.confirm.isEmpty else { return accept(value, of: collect, into: &outputs) }
    var asking = QuestionVisit(candidate: value, refusals: before.refusals)
    if before.candidate != nil { asking.refusals += 1 }
    guard asking.refusals <= question.noMatch.times else {
      return askAgain(.noMatch, QuestionVisit(noMatches: question.noMatch.times), into: &outputs)
    }
    spoken = []
    ask(asking, into: &outputs)
  }

  private mutating func answer(
    _ agrees: Bool, of collect: CollectState, _ before: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    if agrees, let value = before.candidate { return accept(value, of: collect, into: &outputs) }
    let asking = QuestionVisit(refusals: before.refusals + 1)
    guard asking.refusals <= question.noMatch.times else {
      return askAgain(.noMatch, QuestionVisit(noMatches: question.noMatch.times), into: &outputs)
    }
    spoken = []
    ask(asking, into: &outputs)
  }

  private mutating func accept(_ value: String, of collect: CollectState, into outputs: inout [FlowOutput]) {
    spoken = []
    fill(collect.slot, with: value, into: &outputs)
    travel(to: FlowStep(state: collect.next, because: collect.slot), into: &outputs)
  }

  private mutating func follow(
    _ intent: FlowIntent, because: String, _ asking: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    switch intent.then {
    case .go(let next):
      spoken = []
      speak(intent.says, interruptible: true, into: &outputs)
      assign(intent.sets, into: &outputs)
      travel(to: FlowStep(state: next, because: because), into: &outputs)
    case .askAgain:
      speak(intent.says.map(rendered) ?? "", interruptible: true, isKept: false, into: &outputs)
      assign(intent.sets, into: &outputs)
      speak(openQuestion(asking), interruptible: question.interruptible, isKept: false, into: &outputs)
      wait(asking, into: &outputs)
    case .repeatLast:
      outputs += spoken.map { .say($0.text, interruptible: $0.interruptible) }
      wait(asking, into: &outputs)
    }
  }

  private var everyIntent: [FlowIntent] { question.intents + flow.everywhere }

  private var today: CalendarDate? { CalendarDate(variables["today"] ?? "") }

  /// The first intent whose words were said; when none was, the only one whose words were nearly said.
  private func intent(in heard: UtteranceIndex, of intents: [FlowIntent]) -> FlowIntent? {
    if let exact = exactIntent(in: heard, of: intents) { return exact }
    let near = intents.filter { $0.patterns.contains { $0.isNearly(in: heard) } }
    return near.count == 1 ? near[0] : nil
  }

  /// The first intent whose words were said.
  ///
  /// - Parameter share: its words must be at least one in so many of all words.
  private func exactIntent(in heard: UtteranceIndex, of intents: [FlowIntent], share: Int? = nil) -> FlowIntent? {
    intents.first { intent in
      intent.patterns.contains { pattern in
        let length = pattern.length(in: heard)
        return length > 0 && length * (share ?? heard.words.count) >= heard.words.count
      }
    }
  }
}
