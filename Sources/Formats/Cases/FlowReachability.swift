import CallCore

/// What a call to a flow can come to: states, slots and outcomes of the flow and of those that it transfers to.
struct FlowReachability {
  /// Names of states.
  private(set) var states: Set<String> = []
  /// Names of slots that something fills.
  private(set) var slots: Set<String> = []
  private var endings: [FlowText] = []
  /// Values of variables, of each flow that gives them one.
  private var values: [String: Set<String>] = [:]

  init(from name: String, in flows: FlowLibrary) {
    var open = [name]
    var seen: Set<String> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted, let flow = flows[next] else { continue }
      for (name, value) in flow.variables { values[name, default: []].insert(value) }
      for intent in flow.everywhere { slots.formUnion(intent.sets.map(\.name)) }
      for state in flow.states { open += note(state) }
    }
    endings = endings.map(settled)
  }

  /// The text with every variable replaced that has the same value in every call.
  private func settled(_ text: FlowText) -> FlowText {
    var text = text
    text.parts = text.parts.map { part in
      guard case .place(let name, _) = part, !slots.contains(name), let known = values[name], known.count == 1,
        let value = known.first
      else { return part }
      return .words(value)
    }
    return text
  }

  /// For people; what only a call decides stands in braces.
  var outcomes: [String] {
    endings.map { ending in
      ending.parts.map { part in
        switch part {
        case .words(let words): words
        case .place(let variable, _): "{\(variable)}"
        }
      }.joined()
    }
  }

  /// Whether an outcome can be this one; a variable may stand for anything.
  func canEnd(with outcome: String) -> Bool {
    endings.contains { Self.fits(outcome[...], $0.parts[...]) }
  }

  /// - Returns: the flows that the state transfers to.
  private mutating func note(_ state: FlowState) -> [String] {
    states.insert(state.name)
    slots.formUnion(state.sets.map(\.name))
    for intent in state.kind.question?.intents ?? [] { slots.formUnion(intent.sets.map(\.name)) }
    switch state.kind {
    case .collect(let collect): slots.insert(collect.slot)
    case .tool(let tool): slots.formUnion(tool.saves.map(\.variable))
    case .end(let end):
      // An end without an outcome of its own has the name of its state.
      endings.append(end.outcome.source == "{state}" ? FlowText(state.name) : end.outcome)
    case .phoneTransfer(let transfer): endings.append(transfer.number)
    case .transfer(let transfer): return [transfer.flow]
    case .say, .listen, .decide: break
    }
    return []
  }

  private static func fits(_ text: Substring, _ parts: ArraySlice<FlowText.Part>) -> Bool {
    guard let part = parts.first else { return text.isEmpty }
    switch part {
    case .words(let words):
      return text.hasPrefix(words) && fits(text.dropFirst(words.count), parts.dropFirst())
    case .place:
      return text.indices.contains { fits(text[$0...], parts.dropFirst()) } || fits("", parts.dropFirst())
    }
  }
}
