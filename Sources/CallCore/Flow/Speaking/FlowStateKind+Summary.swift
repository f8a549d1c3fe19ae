extension FlowStateKind {
  /// What the state says first, or what it does, for a graph.
  public var summary: String {
    switch self {
    case .say(let say): say.texts.first?.source ?? ""
    case .listen(let listen): listen.question.prompts.first?.source ?? ""
    case .collect(let collect): collect.question.prompts.first?.source ?? collect.slot
    case .decide: ""
    case .tool(let tool): "\(tool.method) \(tool.url.source)"
    case .transfer(let transfer): transfer.says?.source ?? ""
    case .phoneTransfer(let transfer): transfer.says?.source ?? transfer.number.source
    case .end(let end): end.says?.source ?? ""
    }
  }
}
