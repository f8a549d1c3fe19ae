import CallCore

/// Checks that a case names only what the flow that it calls has, or a flow that this one transfers to.
struct CaseFlowCheck {
  let draft: ParsedCase
  let flows: FlowLibrary
  let log: FileFaultLog

  /// Puts on record what there is not.
  func check() {
    let testCase = draft.testCase
    guard flows[testCase.agent.flow] != nil else {
      let near = FileFaultLog.suggestion(for: testCase.agent.flow, among: flows.names)
      let advice = near.isEmpty ? "; there are: \(flows.names.joined(separator: ", "))" : near
      log.add(.unknownFlow, at: draft.flowPlace, "there is no flow `\(testCase.agent.flow)`\(advice)")
      return
    }
    let reach = FlowReachability(from: testCase.agent.flow, in: flows)
    for expectation in testCase.expectations { check(expectation, reach) }
    for turn in testCase.turns {
      for expectation in turn.expectations { check(expectation, reach) }
    }
  }

  private func check(_ expectation: Expectation, _ reach: FlowReachability) {
    let flow = "flow `\(draft.testCase.agent.flow)`"
    switch expectation.check {
    case .state(let name) where !reach.states.contains(name):
      report(.unknownState, expectation, "\(flow) has no state `\(name)`", near: name, among: reach.states)
    case .slot(let name, _) where !reach.slots.contains(name):
      report(.unknownSlot, expectation, "\(flow) never fills a slot `\(name)`", near: name, among: reach.slots)
    case .outcome(let outcome) where !reach.canEnd(with: outcome):
      let known = Set(reach.outcomes)
      report(.unknownOutcome, expectation, "\(flow) never ends with `\(outcome)`", near: outcome, among: known)
    default: break
    }
  }

  private func report(
    _ kind: FileFaultKind, _ expectation: Expectation, _ message: String, near name: String, among known: Set<String>
  ) {
    let near = FileFaultLog.suggestion(for: name, among: known)
    let advice = near.isEmpty ? "; there are: \(known.sorted().prefix(20).joined(separator: ", "))" : near
    let place = FilePlace(line: expectation.line > 0 ? expectation.line : draft.place.line, column: 1)
    log.add(kind, at: place, message + advice)
  }
}
