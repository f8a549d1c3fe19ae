import CallCore

/// Says its lines one after the other, the first as a greeting, and listens after each; listens at once when there is none.
struct ScriptedFlow: AgentFlow {
  var lines: [String] = []
  var currentState = "talking"
  var slots: [String: String] = [:]

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    if !lines.isEmpty { outputs.append(.say(lines.removeFirst(), interruptible: true)) }
    outputs.append(.listen(ListenOptions()))
  }
}
