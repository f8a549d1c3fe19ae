public import CallCore
public import Wires

extension CallEvidence {
  /// Whether a wire tells what an expectation asks for. What it does not tell is skipped, neither met nor missed.
  func canObserve(_ expectation: Expectation) -> Bool { expectation.check.need.isSubset(of: wire.capabilities) }
}

extension CaseResult {
  /// Expectations that the wire could not answer: what was expected, and no more. They are in no verdict.
  package var skippedChecks: [CheckResult] {
    testCase.numberedExpectations.filter { !evidence.canObserve($0.expectation) }.map { turn, expectation in
      ExpectationCheck(facts: .init(turn: turn, reply: ReplyWords(""))).result(of: expectation)
    }
  }
}

extension TestCase {
  /// What cannot be had over a wire: the line in the file, and a sentence for people.
  /// - Parameter skipsExpectations: whether expectations that it cannot answer are left out rather than refused.
  public func unobservable(over wire: CallWire, skipsExpectations: Bool) -> [(line: Int, text: String)] {
    var faults: [(line: Int, text: String)] = []
    if !wire.capabilities.contains(.agentText) {
      for turn in turns {
        if case .atPhrase = turn.cue {
          faults.append(
            (turn.line, "`at-phrase` waits for words that \(wire.rawValue) does not carry; write `at:` and a time"))
        }
        if !turn.againWhen.isEmpty {
          faults.append((turn.line, "`again-when` asks for words that \(wire.rawValue) does not carry; leave it out"))
        }
      }
    }
    if !wire.capabilities.contains(.keys), world.keys == .message {
      for turn in turns {
        guard case .press = turn.action else { continue }
        faults.append(
          (turn.line, "`press` sends keys, and \(wire.rawValue) carries none; write `world: {keys: in-band}`, or `say`")
        )
      }
    }
    if let kind = mustFail, let need = kind.need, !need.isSubset(of: wire.capabilities) {
      faults.append((source.line, "`must-fail: \(kind.rawValue)` asks for what \(wire.rawValue) does not tell"))
    }
    guard !skipsExpectations else { return faults }
    for (_, expectation) in numberedExpectations where !expectation.check.need.isSubset(of: wire.capabilities) {
      faults.append((expectation.line, expectation.check.fault(over: wire)))
    }
    return faults
  }

  fileprivate var numberedExpectations: [(turn: Int?, expectation: Expectation)] {
    turns.flatMap { turn in turn.expectations.map { (turn.number, $0) } } + expectations.map { (nil, $0) }
  }
}

extension Expectation.Check {
  /// What a wire has to tell for it. A caller knows who hung up, and no more of the end.
  fileprivate var need: WireCapabilities {
    switch self {
    case .ended(let reason): [.completed, .callerHungUp].contains(reason) ? [] : .outcome
    case .tools(let calls) where calls.contains { !$0.arguments.isEmpty }: [.toolCalls, .toolArguments]
    default: kind.need ?? []
    }
  }

  fileprivate func fault(over wire: CallWire) -> String {
    if wire == .voiceforge { return "a flow's record tells no arguments of its tools; name the tools alone" }
    let carried = wire.capabilities == .keys ? "carries sound and keys alone and " : ""
    return "\(wire.rawValue) \(carried)tells no `\(kind.rawValue)`; leave it out, or add --skip-unobservable"
  }
}

extension CheckKind {
  fileprivate var need: WireCapabilities? {
    switch self {
    case .state: .states
    case .slot: .slots
    case .outcome: .outcome
    case .understood: .understanding
    case .tools: .toolCalls
    default: nil
    }
  }
}
