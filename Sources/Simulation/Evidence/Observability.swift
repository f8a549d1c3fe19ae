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
        guard case .atPhrase = turn.cue else { continue }
        faults.append(
          (turn.line, "`at-phrase` waits for words that \(wire.rawValue) does not carry; write `at:` and a time"))
      }
    }
    if !wire.capabilities.contains(.keys) {
      for turn in turns {
        guard case .press = turn.action else { continue }
        faults.append(
          (turn.line, "`press` sends keys, and \(wire.rawValue) carries none; write `say`, or leave the turn out"))
      }
    }
    if let kind = mustFail, let need = kind.need, !need.isSubset(of: wire.capabilities) {
      faults.append((source.line, "`must-fail: \(kind.rawValue)` asks for what \(wire.rawValue) does not tell"))
    }
    guard !skipsExpectations else { return faults }
    for (_, expectation) in numberedExpectations where !expectation.check.need.isSubset(of: wire.capabilities) {
      let kind = expectation.check.kind.rawValue
      faults.append(
        (
          expectation.line,
          "\(wire.rawValue) \(wire.capabilities == .keys ? "carries sound and keys alone and " : "")tells no `\(kind)`; leave it out, or add --skip-unobservable"
        ))
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
    if case .ended(let reason) = self { return [.completed, .callerHungUp].contains(reason) ? [] : .outcome }
    return kind.need ?? []
  }
}

extension CheckKind {
  fileprivate var need: WireCapabilities? {
    switch self {
    case .state: .states
    case .slot: .slots
    case .outcome: .outcome
    case .understood: .understanding
    default: nil
    }
  }
}
