import CallCore

/// A flow whose answers a test writes down: one list of outputs for each input, the last one again and again.
struct ScriptedFlow: AgentFlow {
  var answers: [[FlowOutput]]
  var interruptRule = InterruptRule.atOnce
  var inputs: [FlowInput] = []
  var currentState: String { "step \(inputs.count)" }
  var slots: [String: String] = [:]

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    let index = min(inputs.count, answers.count - 1)
    inputs.append(input)
    outputs += answers[index]
  }
}
