extension FlowMachine {
  /// The caller's words of one turn.
  mutating func handleWords(_ text: String, _ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    variables["heard"] = text
    conversation.rounds = 0
    let heard = UtteranceIndex(UtteranceWords(text))
    if let state = languageModel {
      if let intent = exactIntent(in: heard, of: everyIntent, share: 2) {
        return followIntent(intent, because: intent.name, asking, into: &outputs)
      }
      return converse(text, in: state, into: &outputs)
    }
    if let collect = collecting {
      if let candidate = asking.candidate {
        return handleConfirmation(text, to: candidate, of: collect, asking, into: &outputs)
      }
      let value = collect.kind.value(said: text, spokenContext)
      if let intent = intentBefore(value, of: collect.kind, in: heard) {
        return followIntent(intent, because: intent.name, asking, into: &outputs)
      }
      if let value {
        return confirmOrFill(value, for: collect, asking, into: &outputs)
      }
    }
    followAnyIntent(text, heard, asking, into: &outputs)
  }

  /// Whether they are those of an intent, or a value of what is collected. Free text and names take any words, and so tell nothing.
  public func expects(_ words: String) -> Bool {
    guard case .asking(let asking) = phase else { return false }
    let heard = UtteranceIndex(UtteranceWords(words))
    if exactIntent(in: heard, of: everyIntent, share: 2) != nil { return true }
    guard let collect = collecting else { return false }
    if asking.candidate != nil, SpokenYesNo.value(in: UtteranceWords(words)) != nil { return true }
    switch collect.kind {
    case .text, .name: return false
    case .yesNo, .date, .time, .digits, .number, .choice: return collect.kind.value(said: words, spokenContext) != nil
    }
  }

  /// Words first; where none of them fits, their meaning, if any intent has examples.
  private mutating func followAnyIntent(
    _ text: String, _ heard: UtteranceIndex, _ asking: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    if let intent = intent(in: heard, of: everyIntent) {
      return followIntent(intent, because: intent.name, asking, into: &outputs)
    }
    let phrases = everyIntent.flatMap(\.examples)
    guard !phrases.isEmpty else { return askAgain(.noMatch, asking, into: &outputs) }
    phase = .comparing(asking)
    outputs.append(.compare(MeaningQuestion(text, phrases: phrases)))
  }

  /// The caller's words are so alike to the examples of all intents, in their order.
  mutating func followNearest(
    _ similarities: [Similarity], _ asking: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    let intents = everyIntent
    var rest = similarities[...]
    let nearest = intents.map { intent -> Similarity? in
      defer { rest = rest.dropFirst(intent.examples.count) }
      return rest.prefix(intent.examples.count).max()
    }
    guard let choice = MeaningRule.choice(nearest) else { return askAgain(.noMatch, asking, into: &outputs) }
    let intent = intents[choice.index]
    followIntent(intent, because: "\(intent.name) (by meaning, \(choice.similarity))", asking, into: &outputs)
  }

  /// The caller's keys of one turn.
  mutating func handleKeys(_ keys: String, _ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    variables["heard"] = keys
    conversation.rounds = 0
    if let collect = collecting {
      if asking.candidate != nil, let agrees = SlotKind.yesNo.value(pressed: keys) {
        return finishConfirmation(agrees == "yes", of: collect, asking, into: &outputs)
      }
      if let value = collect.kind.value(pressed: keys) {
        return confirmOrFill(value, for: collect, asking, into: &outputs)
      }
    }
    if let intent = everyIntent.first(where: { $0.keys == keys }) {
      followIntent(intent, because: "\(intent.name) (key \(keys))", asking, into: &outputs)
    } else if let state = languageModel {
      converse("(The caller pressed the keys \(keys).)", in: state, into: &outputs)
    } else {
      askAgain(.noMatch, asking, into: &outputs)
    }
  }

  /// What the caller says to "is that right?": a better value, one digit of it, yes, no, or something else.
  private mutating func handleConfirmation(
    _ text: String, to candidate: String, of collect: CollectState, _ asking: QuestionVisit,
    into outputs: inout [FlowOutput]
  ) {
    let heard = UtteranceWords(text)
    if case .digits = collect.kind, let mended = DigitCorrection.applied(heard, to: candidate) {
      return confirmOrFill(mended, for: collect, asking, into: &outputs)
    }
    let agrees = SpokenYesNo.value(in: heard)
    var context = spokenContext
    context.isConfirming = true
    let better = collect.kind.isOfferedAgain ? collect.kind.value(said: text, context) : nil
    if let better, better != candidate { return confirmOrFill(better, for: collect, asking, into: &outputs) }
    if let agrees { return finishConfirmation(agrees, of: collect, asking, into: &outputs) }
    if better != nil { return finishConfirmation(true, of: collect, asking, into: &outputs) }
    followAnyIntent(text, UtteranceIndex(heard), asking, into: &outputs)
  }

  private mutating func confirmOrFill(
    _ value: String, for collect: CollectState, _ before: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    guard !collect.confirm.isEmpty else { return fillSlot(value, of: collect, into: &outputs) }
    var asking = QuestionVisit(candidate: value, refusals: before.refusals)
    if before.candidate != nil { asking.refusals += 1 }
    askAfterRefusal(asking, into: &outputs)
  }

  private mutating func finishConfirmation(
    _ agrees: Bool, of collect: CollectState, _ before: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    if agrees, let value = before.candidate { return fillSlot(value, of: collect, into: &outputs) }
    askAfterRefusal(QuestionVisit(refusals: before.refusals + 1), into: &outputs)
  }

  /// Asks anew, unless the caller has refused too many values.
  private mutating func askAfterRefusal(_ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    guard asking.refusals <= question.noMatch.times else {
      return askAgain(.noMatch, QuestionVisit(noMatches: question.noMatch.times), into: &outputs)
    }
    spoken = []
    ask(asking, into: &outputs)
  }

  private mutating func fillSlot(_ value: String, of collect: CollectState, into outputs: inout [FlowOutput]) {
    spoken = []
    fill(collect.slot, with: value, into: &outputs)
    transition(to: FlowStep(state: collect.next, because: collect.slot), into: &outputs)
  }

  private mutating func followIntent(
    _ intent: FlowIntent, because: String, _ asking: QuestionVisit, into outputs: inout [FlowOutput]
  ) {
    switch intent.then {
    case .go(let next):
      spoken = []
      speak(intent.says, interruptible: true, into: &outputs)
      assign(intent.sets, into: &outputs)
      transition(to: FlowStep(state: next, because: because), into: &outputs)
    case .askAgain:
      speak(intent.says, interruptible: true, isKept: false, into: &outputs)
      assign(intent.sets, into: &outputs)
      speak(openQuestion(asking), interruptible: question.interruptible, isKept: false, into: &outputs)
      wait(asking, into: &outputs)
    case .repeatLast:
      outputs += spoken.map(\.output)
      wait(asking, into: &outputs)
    }
  }

  private var everyIntent: [FlowIntent] { question.intents + flow.everywhere }

  /// The day that it is now: a call that began before midnight may end behind it.
  var today: CalendarDate? {
    let began = CalendarDate(variables["today"] ?? "")
    return began?.adding(days: (minutesSinceFirstMidnight ?? 0) / FlowMachine.minutesOfDay)
  }

  private static let minutesOfDay = 24 * 60

  /// Since the midnight before the call; `nil` where nobody said how late it was at its beginning.
  private var minutesSinceFirstMidnight: Int? {
    let start = variables["now"].flatMap(ClockReading.init(written:))?.minuteOfDay
    return start.map { $0 + Int(now.microseconds / 60_000_000) }
  }

  /// What the caller's words are understood with.
  private var spokenContext: SpokenContext {
    let minute = minutesSinceFirstMidnight.map { $0 % FlowMachine.minutesOfDay }
    return SpokenContext(today: today, minuteOfDay: minute, dateOrder: flow.dateOrder)
  }

  /// The intent that goes before a value. Free text and names would take any words, so that an intent must be all that was asked there, or
  /// half of all words where these are no name.
  private func intentBefore(_ value: String?, of kind: SlotKind, in heard: UtteranceIndex) -> FlowIntent? {
    guard kind == .text || kind == .name else { return exactIntent(in: heard, of: question.intents) }
    let intents = everyIntent
    let asked = intents.first { intent in
      intent.patterns.contains { RequestWords.isAll(heard, $0, length: $0.length(in: heard)) }
    }
    if let asked { return asked }
    return kind == .name && value != nil ? nil : exactIntent(in: heard, of: intents, share: 2)
  }

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
