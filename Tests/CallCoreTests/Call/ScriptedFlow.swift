import CallCore

/// A flow whose answers a test writes down: one list of outputs for each input, the last one again and again.
struct ScriptedFlow: AgentFlow {
  var answers: [[FlowOutput]]
  var interruptRule = InterruptRule.atOnce
  var expected: Set<String> = []
  var inputs: [FlowInput] = []
  var currentState: String { "step \(inputs.count)" }
  var slots: [String: String] = [:]

  func expects(_ words: String) -> Bool { expected.contains(words) }

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    let index = min(inputs.count, answers.count - 1)
    inputs.append(input)
    outputs += answers[index]
  }
}
