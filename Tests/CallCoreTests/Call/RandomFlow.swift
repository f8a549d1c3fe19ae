import CallCore
import TestSupport

/// A flow that answers at random: it speaks or not, listens, calls tools, and now and then ends.
struct RandomFlow: AgentFlow {
  var random: SeededGenerator
  var currentState: String { "random" }
  var slots: [String: String] = [:]
  /// What a client said of the conversation: it changes the question.
  var instructions = 0
  var modelRequest: ModelRequest? { ModelRequest([.user("chance \(instructions)")]) }
  let earlyAnswersMax = 1
  var interruptRule = InterruptRule.atOnce

  mutating func instruct(_ instruction: TalkInstruction) { instructions += 1 }

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    if case .said = input, Int.random(in: 0..<3, using: &random) == 0 { return outputs.append(.askModel) }
    outputs.append(.entered(state: "random", from: "", because: "chance"))
    if case .said = input, Int.random(in: 0..<8, using: &random) == 0 {
      return outputs.append(.compare(MeaningQuestion("yes please", phrases: ["Yes"])))
    }
    if Int.random(in: 0..<4, using: &random) > 0 {
      outputs.append(.say("One two. Three four five.", interruptible: Bool.random(using: &random)))
    }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: outputs.append(.end(FlowEnding(reason: .completed, outcome: "done")))
    case 3: outputs.append(.askModel)
    case 1, 2:
      outputs.append(
        .callTool(
          ToolRequest(
            state: "random", method: "GET", url: "http://127.0.0.1/", headers: [], body: nil, wanted: [],
            timeout: .seconds(2))))
    default:
      var listening = ListenOptions()
      listening.keysMax = Bool.random(using: &random) ? 3 : nil
      listening.awaitsBeep = true
      outputs.append(.listen(listening))
    }
  }
}
