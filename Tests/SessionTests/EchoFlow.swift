import CallCore

/// A flow that greets and then repeats what it understood.
struct EchoFlow: AgentFlow {
  var greeting = "Hello, and welcome. Please tell me what you would like."
  var currentState = "start"
  var slots: [String: String] = [:]

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    switch input {
    case .begin: outputs.append(.say(greeting, interruptible: true))
    case .said(let words): outputs.append(.say("You said: \(words)", interruptible: true))
    case .pressed(let keys): outputs.append(.say("You pressed \(keys).", interruptible: true))
    case .nothingSaid: outputs.append(.say("Are you still there?", interruptible: true))
    case .notUnderstood: outputs.append(.say("Sorry, I did not get that.", interruptible: true))
    case .beepHeard, .toolAnswered, .compared, .comparisonFailed, .modelAnswered, .modelFailed, .modelStopped,
      .replyWanted:
      break
    }
    outputs.append(.listen(ListenOptions()))
  }
}
