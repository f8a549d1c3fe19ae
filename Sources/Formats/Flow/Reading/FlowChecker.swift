import CallCore

/// Checks what needs the whole file: that targets and variables exist, that every state can be reached and left.
struct FlowChecker {
  let context: FlowParseContext
  let flow: Flow

  /// Puts every fault on record.
  func check() {
    checkTargets()
    checkCalls()
    checkTexts()
    checkVocabulary()
    // What leads nowhere, or cannot be read, would make states look unreachable that are not.
    guard !context.isTorn, context.targets.allSatisfy({ context.states[$0.name] != nil }) else { return }
    checkReachability()
    checkDeadEnds()
    checkLoops()
  }

  private func checkTargets() {
    for target in context.targets where context.states[target.name] == nil {
      let advice = FileFaultLog.suggestion(for: target.name, among: context.states.keys)
      context.log.add(.unknownState, at: target.place, "there is no state `\(target.name)`\(advice)")
    }
  }

  private func checkCalls() {
    for call in context.calls {
      guard let state = flow.state(named: call.name) else { continue }
      if case .tool = state.kind { continue }
      let advice = "`call` names a state with `tool`; to lead the caller there write `go: \(call.name)`"
      context.log.add(.wrongType, at: call.place, "state `\(call.name)` makes no request: \(advice)")
    }
  }

  private func checkTexts() {
    for use in context.texts {
      for place in use.text.places {
        if !context.variables.contains(place.variable), !use.builtins.contains(place.variable) {
          reportUnknown(place.variable, at: use.place, more: use.builtins)
        }
        for filter in place.filters where FlowFilter(rawValue: filter) == nil {
          let known = FileFaultLog.suggestion(
            for: filter, among: FlowFilter.allCases.map(\.rawValue), otherwise: "; filters: \(FlowFilter.names)")
          context.log.add(.unknownFilter, at: use.place, "there is no filter `\(filter)`\(known)")
        }
      }
    }
    for lookup in context.lookups where !context.variables.contains(lookup.name) {
      reportUnknown(lookup.name, at: lookup.place)
    }
  }

  private func reportUnknown(_ variable: String, at place: FilePlace, more: Set<String> = []) {
    let advice = FileFaultLog.suggestion(
      for: variable, among: context.variables.union(more),
      otherwise: "; declare it in `variables`, or let a state collect, set or save it")
    context.log.add(.unknownVariable, at: place, "nothing gives `\(variable)` a value\(advice)")
  }

  private func checkVocabulary() {
    for (name, sound) in context.vocabulary where !context.usedVocabulary.contains(name) {
      context.log.add(.unreachable, at: sound.place, "no state listens for intent `\(name)`: use it or remove it")
    }
  }

  /// Every way out of a state, with those of the intents that count everywhere.
  private func successors(of state: FlowState) -> [String] {
    let own = state.transitions.map(\.to)
    guard state.kind.question != nil else { return own }
    return own
      + flow.everywhere.compactMap { intent in
        if case .go(let next) = intent.then { next } else { nil }
      }
  }

  private func checkReachability() {
    var reached: Set<String> = []
    var open = [flow.start]
    while let name = open.popLast() {
      guard reached.insert(name).inserted, let state = flow.state(named: name) else { continue }
      open += successors(of: state)
    }
    for state in flow.states where !reached.contains(state.name) {
      let advice = "no way leads there from `\(flow.start)`: lead to it or remove it"
      report(.unreachable, state.name, "state `\(state.name)` is never reached: \(advice)")
    }
  }

  /// From every state there must be a way to an end, besides giving up.
  private func checkDeadEnds() {
    var ending: Set<String> = []
    var isGrowing = true
    while isGrowing {
      let more = flow.states.filter { state in
        !ending.contains(state.name)
          && (isLast(state) || successors(of: state).contains { ending.contains($0) })
      }
      ending.formUnion(more.map(\.name))
      isGrowing = !more.isEmpty
    }
    for state in flow.states where !ending.contains(state.name) {
      let advice = "add a way to a state with `end`, `transfer` or `phone-transfer`"
      report(.deadEnd, state.name, "from state `\(state.name)` no end of the call can be reached: \(advice)")
    }
  }

  private func isLast(_ state: FlowState) -> Bool {
    switch state.kind {
    case .transfer, .phoneTransfer, .end: true
    case .say, .listen, .collect, .decide, .tool, .llm: false
    }
  }

  /// States that only say and decide, in a ring: nothing in it can ever change.
  private func checkLoops() {
    var reported: Set<String> = []
    for state in flow.states where !reported.contains(state.name) {
      guard let ring = cycle(through: state) else { continue }
      reported.formUnion(ring)
      let path = (ring + [ring[0]]).joined(separator: " → ")
      report(
        .endlessLoop, state.name, "the flow goes round without waiting for the caller: \(path); let one of them listen")
    }
  }

  private func cycle(through start: FlowState) -> [String]? {
    var previous: [String: String] = [:]
    var open = [start.name]
    while !open.isEmpty {
      let name = open.removeFirst()
      guard let state = flow.state(named: name), isQuick(state) else { continue }
      for next in successors(of: state) {
        if next == start.name { return path(to: name, previous) }
        if previous[next] == nil {
          previous[next] = name
          open.append(next)
        }
      }
    }
    return nil
  }

  private func path(to name: String, _ previous: [String: String]) -> [String] {
    var path = [name]
    while let before = previous[path[0]] { path.insert(before, at: 0) }
    return path
  }

  private func isQuick(_ state: FlowState) -> Bool {
    switch state.kind {
    case .say, .decide: true
    case .listen, .collect, .tool, .llm, .transfer, .phoneTransfer, .end: false
    }
  }

  private func report(_ kind: FileFaultKind, _ state: String, _ message: String) {
    context.log.add(kind, at: context.states[state] ?? .start, message)
  }
}
