extension FlowStateKind {
  /// What the state says first, or what it does, for a graph.
  public var summary: String {
    switch self {
    case .say(let say): say.texts.first?.source ?? ""
    case .listen(let listen): listen.question.prompts.first?.source ?? ""
    case .collect(let collect): collect.question.prompts.first?.source ?? collect.slot
    case .decide(let decide): decide.variables.joined(separator: ", ") + "?"
    case .tool(let tool): "\(tool.method) \(tool.url.source)"
    case .transfer(let transfer): transfer.says?.source ?? transfer.flow
    case .phoneTransfer(let transfer): transfer.number.source
    case .end(let end): end.says?.source ?? end.outcome.source
    }
  }
}

extension DecideState {
  /// What it looks at, each once.
  fileprivate var variables: [String] {
    branches.reduce(into: []) { names, branch in
      if !names.contains(branch.variable) { names.append(branch.variable) }
    }
  }
}
