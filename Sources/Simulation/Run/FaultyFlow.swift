import CallCore

/// A flow that is bad on purpose, to show which check catches it.
struct FaultyFlow: AgentFlow {
  /// The silence that a hasty agent takes for the end of a turn: shorter than the pauses inside anybody's sentences.
  static let hastySilence = CallDuration.milliseconds(120)

  private var good: FlowMachine
  private let fault: TestAgent.Fault
  private let keywords: [[String]]
  private var turn = 0

  init(_ good: FlowMachine, fault: TestAgent.Fault, keywords: [[String]]) {
    self.good = good
    self.fault = fault
    self.keywords = keywords
  }

  var currentState: String { good.currentState }
  var slots: [String: String] { good.slots }

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    if let words = ownWords(on: input) {
      outputs.append(.say(words, interruptible: true))
      outputs.append(.listen(ListenOptions()))
      return
    }
    var others: [FlowOutput] = []
    good.handle(input, into: &others)
    for output in others {
      if let bad = worsened(output) { outputs.append(bad) }
    }
  }

  /// What it says instead of asking the flow.
  private mutating func ownWords(on input: FlowInput) -> String? {
    switch (fault, input) {
    case (.echoing, .said(let words)), (.echoing, .pressed(let words)): return words
    case (.parroting, .said), (.parroting, .pressed):
      turn += 1
      let words = turn <= keywords.count ? keywords[turn - 1] : []
      return words.isEmpty ? "Yes." : words.joined(separator: ", ") + "."
    default: return nil
    }
  }

  /// What it makes of the flow's wish; `nil`: nothing.
  private func worsened(_ output: FlowOutput) -> FlowOutput? {
    switch (fault, output) {
    case (.silent, .say): return nil
    case (.unyielding, .say(let text, _)): return .say(text, interruptible: false)
    case (.interrupting, .listen(var listening)):
      listening.endOfTurnSilence = nil
      return .listen(listening)
    default: return output
    }
  }
}
