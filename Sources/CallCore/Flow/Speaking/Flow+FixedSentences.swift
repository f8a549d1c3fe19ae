extension Flow {
  /// Every sentence whose words are known before the call, as it has no variables but the flow's own, in the order of its
  /// states: what can be synthesised before the first call.
  public var fixedSentences: [String] {
    var seen: Set<String> = []
    return (states.flatMap(\.kind.spokenTexts) + everywhere.compactMap(\.says) + [giveUp])
      .flatMap { text in SentenceSplitter.sentences(of: text.source).map { FlowText($0) } }
      .filter { text in text.places.allSatisfy { variables[$0.variable] != nil } }
      .map { $0.rendered(with: variables) }
      .filter { seen.insert($0).inserted }
  }
}

extension FlowStateKind {
  /// Everything that a state of this kind may say.
  fileprivate var spokenTexts: [FlowText] {
    switch self {
    case .say(let say): say.texts
    case .listen(let listen): listen.question.spokenTexts
    case .collect(let collect): collect.question.spokenTexts + collect.confirm
    case .decide: []
    case .tool(let tool): [tool.says].compactMap(\.self)
    case .transfer(let transfer): [transfer.says].compactMap(\.self)
    case .phoneTransfer(let transfer): [transfer.says].compactMap(\.self)
    case .end(let end): [end.says].compactMap(\.self)
    }
  }
}

extension FlowQuestion {
  fileprivate var spokenTexts: [FlowText] {
    prompts + noInput.texts + noMatch.texts + intents.compactMap(\.says)
  }
}
