extension FlowMachine {
  /// Enters one state after another until one waits or ends.
  mutating func transition(to first: FlowStep, into outputs: inout [FlowOutput]) {
    var next: FlowStep? = first
    var (entries, testSteps) = (0, 0)
    while let step = next {
      entries += 1
      guard entries <= FlowMachine.entriesMax else { return fail("flow loops", into: &outputs) }
      next = enter(step, testSteps: &testSteps, into: &outputs)
    }
  }

  /// - Returns: the next state, when this one neither waits nor ends.
  private mutating func enter(
    _ step: FlowStep, testSteps: inout Int, into outputs: inout [FlowOutput]
  ) -> FlowStep? {
    guard let state = flow.state(named: step.state) else {
      fail("no state \(step.state)", into: &outputs)
      return nil
    }
    outputs.append(.entered(state: state.name, from: currentState, because: step.because))
    currentState = state.name
    assign(state.sets, into: &outputs)
    switch state.kind {
    case .say(let texts, let interruptible, let next):
      speak(nextText(of: texts), interruptible: interruptible, into: &outputs)
      return FlowStep(state: next, because: "said")
    case .listen, .collect:
      ask(QuestionVisit(), into: &outputs)
      return nil
    case .decide(let branches, let otherwise):
      return decision(branches, otherwise: otherwise, &testSteps)
    case .tool(let tool):
      call(tool, into: &outputs)
      return nil
    case .llm(let state):
      begin(state, into: &outputs)
      return nil
    case .transfer(let other, let says):
      return handOver(to: other, saying: says, into: &outputs)
    case .phoneTransfer(let number, let says):
      leave(.transferred, outcome: number, saying: says, into: &outputs)
      return nil
    case .end(let outcome, let says):
      leave(.completed, outcome: outcome, saying: says, into: &outputs)
      return nil
    }
  }

  private mutating func leave(
    _ reason: CloseReason, outcome: FlowText, saying says: FlowText?, into outputs: inout [FlowOutput]
  ) {
    speak(says, interruptible: false, into: &outputs)
    finish(reason, outcome: rendered(outcome).bounded(to: Self.valueMax), into: &outputs)
  }

  private func decision(_ branches: [FlowBranch], otherwise: String, _ testSteps: inout Int) -> FlowStep {
    let values = values
    for branch in branches {
      let value = values[branch.variable] ?? ""
      testSteps += branch.test.steps(for: value)
      guard testSteps <= FlowMachine.testStepsMax else { break }
      guard branch.test.holds(for: value) else { continue }
      return FlowStep(state: branch.next, because: "\(branch.variable) \(branch.test.words)")
    }
    return FlowStep(state: otherwise, because: "else")
  }

  private mutating func handOver(
    to name: String, saying says: FlowText?, into outputs: inout [FlowOutput]
  ) -> FlowStep? {
    transfers += 1
    guard transfers <= FlowMachine.transfersMax else {
      fail("too many transfers", into: &outputs)
      return nil
    }
    guard let other = library[name] else {
      fail("no flow \(name)", into: &outputs)
      return nil
    }
    speak(says, interruptible: true, into: &outputs)
    variables.merge(other.variables) { known, _ in known }
    flow = other
    return FlowStep(state: other.start, because: "transfer to \(other.name)")
  }

  mutating func assign(_ sets: [FlowAssignment], into outputs: inout [FlowOutput]) {
    for set in sets {
      let isForeign = set.value.places.contains { foreign.contains($0.variable) }
      fill(set.name, with: rendered(set.value), isForeign: isForeign, into: &outputs)
    }
  }

  /// - Parameter isForeign: the value is not the author's.
  mutating func fill(
    _ slot: String, with value: String, isForeign: Bool = true, into outputs: inout [FlowOutput]
  ) {
    if isForeign { foreign.insert(slot) } else if slot != "heard" { foreign.remove(slot) }
    let value = value.bounded(to: FlowMachine.valueMax)
    variables[slot] = value
    slots[slot] = value
    outputs.append(.filled(slot: slot, value: value))
  }

  mutating func finish(_ reason: CloseReason, outcome: String, into outputs: inout [FlowOutput]) {
    phase = .ended
    outputs.append(.end(FlowEnding(reason: reason, outcome: outcome)))
  }

  /// What the flow has to say for one input is more than anybody listens to: what it did so far stands, and it ends.
  /// - Parameter start: where the outputs of the present input begin.
  mutating func failAsTooLong(since start: Int, into outputs: inout [FlowOutput]) {
    let done = outputs[start...].filter { output in
      switch output {
      case .listen, .callTool, .compare, .askModel, .end: false
      default: true
      }
    }
    outputs.replaceSubrange(start..., with: done)
    speechLeft = Self.speechMax
    fail("\(currentState) says more than \(Self.speechMax) characters at once", into: &outputs)
  }

  /// The flow cannot go on, through a fault of its own or of a tool.
  mutating func fail(_ why: String, into outputs: inout [FlowOutput]) {
    speak(flow.giveUp, interruptible: false, into: &outputs)
    finish(.engineFailed, outcome: why, into: &outputs)
  }
}
