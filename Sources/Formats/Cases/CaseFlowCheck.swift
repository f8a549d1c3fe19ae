import CallCore

/// Checks that a case names only what the flow that it calls has, or a flow that this one transfers to.
struct CaseFlowCheck {
  let parsed: ParsedCase
  let flows: FlowLibrary
  let log: FileFaultLog

  /// Puts on record what there is not.
  func check() {
    let testCase = parsed.testCase
    guard flows[testCase.agent.flow] != nil else {
      let advice = FileFaultLog.suggestion(
        for: testCase.agent.flow, among: flows.names, otherwise: "; there are: \(flows.names.joined(separator: ", "))")
      log.add(.unknownFlow, at: parsed.flowPlace, "there is no flow `\(testCase.agent.flow)`\(advice)")
      return
    }
    let reach = FlowReachability(from: testCase.agent.flow, in: flows)
    for expectation in testCase.expectations { check(expectation, reach) }
    for turn in testCase.turns {
      for expectation in turn.expectations { check(expectation, reach) }
    }
  }

  private func check(_ expectation: Expectation, _ reach: FlowReachability) {
    let flow = "flow `\(parsed.testCase.agent.flow)`"
    switch expectation.check {
    case .state(let name) where !reach.states.contains(name):
      report(.unknownState, expectation, "\(flow) has no state `\(name)`", near: name, among: reach.states)
    case .slot(let name, _) where !reach.slots.contains(name):
      report(.unknownSlot, expectation, "\(flow) never fills a slot `\(name)`", near: name, among: reach.slots)
    case .outcome(let outcome) where !reach.canEnd(with: outcome):
      let known = Set(reach.outcomes)
      report(.unknownOutcome, expectation, "\(flow) never ends with `\(outcome)`", near: outcome, among: known)
    case .tools(let calls):
      for call in calls { check(call, of: expectation, flow, reach) }
    default: break
    }
  }

  /// A flow's tools have the names of their states. What they are asked for may hold credentials, and no record tells it.
  private func check(_ call: ExpectedToolCall, of expectation: Expectation, _ flow: String, _ reach: FlowReachability) {
    guard reach.tools.contains(call.name) else {
      let message = "\(flow) has no state `\(call.name)` that calls a tool"
      return report(.unknownState, expectation, message, near: call.name, among: reach.tools)
    }
    guard !call.arguments.isEmpty else { return }
    let place = FilePlace(line: expectation.line > 0 ? expectation.line : parsed.place.line, column: 1)
    let advice = "write `tools: \(call.name)`"
    log.add(.contradiction, at: place, "a flow's record does not tell the arguments of `\(call.name)`: \(advice)")
  }

  private func report(
    _ kind: FileFaultKind, _ expectation: Expectation, _ message: String, near name: String, among known: Set<String>
  ) {
    let advice = FileFaultLog.suggestion(
      for: name, among: known,
      otherwise: known.isEmpty ? "; there is none" : "; there are: \(known.sorted().prefix(20).joined(separator: ", "))"
    )
    let place = FilePlace(line: expectation.line > 0 ? expectation.line : parsed.place.line, column: 1)
    log.add(kind, at: place, message + advice)
  }
}

/// What a call to a flow can come to: states, slots and outcomes of the flow and of those that it transfers to.
struct FlowReachability {
  /// Names of states.
  private(set) var states: Set<String> = []
  /// Names of states that call a tool.
  private(set) var tools: Set<String> = []
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
      for state in flow.states { open += visit(state) }
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
  private mutating func visit(_ state: FlowState) -> [String] {
    states.insert(state.name)
    slots.formUnion(state.sets.map(\.name))
    for intent in state.kind.question?.intents ?? [] { slots.formUnion(intent.sets.map(\.name)) }
    switch state.kind {
    case .collect(let collect): slots.insert(collect.slot)
    case .tool(let tool):
      tools.insert(state.name)
      slots.formUnion(tool.saves.map(\.variable))
    case .end(let outcome, _):
      // An end without an outcome of its own has the name of its state.
      endings.append(outcome.source == "{state}" ? FlowText(state.name) : outcome)
    case .phoneTransfer(let number, _): endings.append(number)
    case .llm(let model):
      slots.formUnion((model.slots + model.tools.flatMap(\.arguments)).map(\.name))
    case .transfer(let flow, _): return [flow]
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
