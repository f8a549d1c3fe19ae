import CallCore

/// A flow under test, with its outputs so far.
struct FlowHarness {
  var machine: FlowMachine
  /// Of the last input.
  private(set) var outputs: [FlowOutput] = []

  init(_ states: [FlowState], everywhere: [FlowIntent] = [], variables: [String: String] = [:], seed: UInt64 = 0) {
    let flow = Flow(
      name: "test", start: states[0].name, variables: variables, everywhere: everywhere,
      giveUp: FlowText("Sorry, bye."),
      states: states)
    machine = FlowMachine(flow: flow, library: FlowLibrary([flow]), seed: seed)
  }

  init(_ machine: FlowMachine) { self.machine = machine }

  /// A bench whose flow has begun.
  static func begun(_ states: [FlowState], everywhere: [FlowIntent] = [], variables: [String: String] = [:])
    -> FlowHarness
  {
    var harness = FlowHarness(states, everywhere: everywhere, variables: variables)
    harness.handle(.begin)
    return harness
  }

  mutating func handle(_ input: FlowInput) {
    outputs = []
    machine.handle(input, into: &outputs)
  }

  /// What the agent said to the last input.
  var said: [String] {
    outputs.compactMap { if case .say(let text, _) = $0 { text } else { nil } }
  }

  /// How the flow waits after the last input.
  var listening: ListenOptions? {
    outputs.compactMap { if case .listen(let how) = $0 { how } else { nil } }.last
  }

  /// The end, if the last input brought it.
  var ending: FlowEnding? {
    outputs.compactMap { if case .end(let end) = $0 { end } else { nil } }.last
  }

  /// The request that the last input led to.
  var request: ToolRequest? {
    outputs.compactMap { if case .callTool(let request) = $0 { request } else { nil } }.last
  }

  /// States entered by the last input.
  var entered: [String] {
    outputs.compactMap { if case .entered(let state, _, _) = $0 { state } else { nil } }
  }
}
