/// An agent that says back what it understood, and nothing else. It never ends a call, and silence does not make it speak.
public struct EchoFlow: AgentFlow {
  /// Longer than any call: nobody is asked anything.
  private static let patience = CallDuration.seconds(86_400)

  /// It has one state.
  public var currentState: String { "echo" }
  /// It takes nothing down.
  public var slots: [String: String] { [:] }

  /// Waits for the first words.
  public init() {}

  /// Says words back.
  public mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    switch input {
    case .said(let words), .pressed(let words): outputs.append(.say(words, interruptible: true))
    case .begin, .nothingSaid, .notUnderstood, .beepHeard, .toolAnswered, .compared, .comparisonFailed, .modelAnswered,
      .modelFailed, .modelStopped, .replyWanted:
      break
    }
    var listening = ListenOptions()
    listening.noInputAfter = Self.patience
    outputs.append(.listen(listening))
  }
}
