import CallCore

/// Short forms for the flows of these tests.
func say(_ name: String, _ texts: String..., next: String) -> FlowState {
  FlowState(name: name, kind: .say(texts.map { FlowText($0) }, next: next))
}

func end(_ name: String, _ outcome: String = "{state}", say: String? = nil) -> FlowState {
  FlowState(name: name, kind: .end(outcome: FlowText(outcome), says: say.map { FlowText($0) }))
}

func listen(
  _ name: String, _ prompts: String..., intents: [FlowIntent], noInput: AskAgain = AskAgain(),
  noMatch: AskAgain = AskAgain()
) -> FlowState {
  let question = FlowQuestion(prompts.map { FlowText($0) }, intents: intents, noInput: noInput, noMatch: noMatch)
  return FlowState(name: name, kind: .listen(question))
}

func collect(
  _ slot: String, _ kind: SlotKind, confirm: [String] = [], intents: [FlowIntent] = [], noMatch: AskAgain = AskAgain(),
  next: String = "done"
) -> FlowState {
  let question = FlowQuestion([FlowText("What \(slot)?")], intents: intents, noMatch: noMatch)
  return FlowState(
    name: slot,
    kind: .collect(
      CollectState(slot: slot, kind: kind, question: question, confirm: confirm.map { FlowText($0) }, next: next)))
}

func intent(_ name: String, _ words: String..., keys: String? = nil, go next: String) -> FlowIntent {
  FlowIntent(name, hear: words.compactMap { UtterancePattern($0) }, keys: keys, then: .go(next))
}

func texts(_ texts: String...) -> [FlowText] { texts.map { FlowText($0) } }
