/// A way from one state to another.
public struct FlowTransition: Sendable, Hashable, Codable {
  /// A state.
  public var from: String
  /// A state, or `flow:NAME` for another flow.
  public var to: String
  /// What leads there, in a few words.
  public var label: String
  /// What kind of thing leads there.
  public var kind: Kind

  /// What leads from one state to another. The raw values stand in REST.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Nothing but the end of what is said.
    case next
    /// The caller has an intent.
    case intent
    /// An answering machine has beeped.
    case beep
    /// The value that was asked for is there.
    case value
    /// A test of a decision holds.
    case branch
    /// Nothing else fits.
    case otherwise = "else"
    /// The caller said nothing.
    case noInput = "no-input"
    /// The caller was not understood.
    case noMatch = "no-match"
    /// A tool answered.
    case answered
    /// It failed.
    case failed
    /// It took too long.
    case timedOut = "timed-out"
    /// A language model calls a tool that leads there.
    case called
    /// Another flow goes on.
    case transfer
  }

  package init(from: String, to: String, label: String, kind: Kind) {
    self.from = from
    self.to = to
    self.label = label
    self.kind = kind
  }
}

extension FlowState {
  /// Every way out of the state, in the order of the file. Intents that count everywhere are not among them.
  public var transitions: [FlowTransition] {
    switch kind {
    case .say(_, _, let next):
      [way(to: next, "", .next)]
    case .listen(let question):
      outgoing(from: question)
    case .collect(let collect):
      [way(to: collect.next, collect.slot, .value)] + outgoing(from: collect.question)
    case .decide(let branches, let otherwise):
      branches.map { way(to: $0.next, "\($0.variable) \($0.test.words)", .branch) }
        + [way(to: otherwise, "else", .otherwise)]
    case .tool(let tool):
      [way(to: tool.next, "answered", .answered)]
        + ways(to: tool.failed, "failed", .failed) + ways(to: tool.timedOut, "timed out", .timedOut)
    case .llm(let state):
      ways(to: state.next, state.slots.map(\.name).joined(separator: ", "), .value) + outgoing(from: state)
        + outgoing(from: state.question) + ways(to: state.failed, "failed", .failed)
    case .transfer(let flow, _):
      [way(to: "flow:\(flow)", "", .transfer)]
    case .phoneTransfer, .end:
      []
    }
  }

  /// To the states that the model may go to, and to the requests that it may make.
  private func outgoing(from state: LanguageModelState) -> [FlowTransition] {
    state.tools.map { tool in
      switch tool.effect {
      case .call(let next), .go(let next): way(to: next, tool.name, .called)
      }
    }
  }

  private func outgoing(from question: FlowQuestion) -> [FlowTransition] {
    let intents = question.intents.compactMap { intent in
      if case .go(let next) = intent.then { way(to: next, intent.name, .intent) } else { nil }
    }
    if let next = question.afterBeep {
      return [way(to: next, "beep", .beep)] + ways(to: question.noInput.next, "no beep", .noInput)
    }
    if question.noInput.next == question.noMatch.next {
      return intents + ways(to: question.noInput.next, "else", .otherwise)
    }
    return intents + ways(to: question.noInput.next, "no input", .noInput)
      + ways(to: question.noMatch.next, "no match", .noMatch)
  }

  private func way(to next: String, _ label: String, _ kind: FlowTransition.Kind) -> FlowTransition {
    FlowTransition(from: name, to: next, label: label, kind: kind)
  }

  private func ways(to next: String?, _ label: String, _ kind: FlowTransition.Kind) -> [FlowTransition] {
    next.map { [way(to: $0, label, kind)] } ?? []
  }
}

extension FlowStateKind {
  /// What the state says first, or what it does, for a graph.
  public var summary: String {
    switch self {
    case .say(let texts, _, _): texts.first?.shown ?? ""
    case .listen(let question): question.prompts.first?.source ?? (question.afterBeep == nil ? "" : "beep?")
    case .collect(let collect): collect.question.prompts.first?.source ?? collect.slot
    case .decide(let branches, _): Self.variables(of: branches).joined(separator: ", ") + "?"
    case .tool(let tool): "\(tool.method) \(tool.url.source)"
    case .llm(let state): state.question.prompts.first?.source ?? state.prompt.source
    case .transfer(let flow, let says): says?.shown ?? flow
    case .phoneTransfer(let number, _): number.source
    case .end(let outcome, let says): says?.shown ?? outcome.source
    }
  }

  /// What they look at, each once.
  private static func variables(of branches: [FlowBranch]) -> [String] {
    branches.reduce(into: []) { names, branch in
      if !names.contains(branch.variable) { names.append(branch.variable) }
    }
  }
}
