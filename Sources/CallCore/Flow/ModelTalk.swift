/// An agent without a flow: a language model with the instructions and tools of the client, which calls the tools itself and tells what came of
/// them. It never ends a call, and silence does not make it speak unless the client asks for that.
public struct ModelTalk: AgentFlow {
  /// Longer than any call: nobody is asked anything.
  private static let patience = CallDuration.seconds(86_400)
  /// What a model is told when the client wants it to speak after a silence.
  package static let silence = "(The caller says nothing.)"

  /// It has one state.
  public var currentState: String { "talk" }
  /// It takes nothing down.
  public var slots: [String: String] { [:] }

  /// Instructions, tools and limits; its messages are those before the conversation.
  private var session = ModelRequest([])
  /// The same for the next answer alone.
  private var once: ModelRequest?
  private var conversation = ModelConversation()

  /// Without instructions and tools.
  public init() {}

  /// Takes words and answers; what is wanted of the client's tools goes out as it comes.
  public mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    switch input {
    case .begin, .notUnderstood, .beepHeard, .toolAnswered, .compared, .comparisonFailed: break
    case .said(let words), .pressed(let words): return ask(words, into: &outputs)
    case .nothingSaid: return ask(Self.silence, into: &outputs)
    case .replyWanted: return outputs.append(.askModel)
    case .modelAnswered(let answer):
      let names = (once ?? session).tools.map(\.name)
      conversation.add(agent: answer.spokenText, calls: answer.wanted(of: names))
      let wrong = conversation.calls.filter { !names.contains($0.name) }
      let calls = conversation.calls.filter { names.contains($0.name) }
      for call in wrong {
        let known = names.isEmpty ? "there are none" : "there are: \(names.joined(separator: ", "))"
        conversation.add(result: ToolResultText.failed("there is no such tool; \(known)"), of: call.id)
      }
      if calls.isEmpty, !wrong.isEmpty, conversation.rounds < ModelConversation.roundsMax {
        conversation.rounds += 1
        return outputs.append(.askModel)
      }
      once = nil
      if !calls.isEmpty { outputs.append(.callClient(calls)) }
    case .modelFailed(_, let said), .modelStopped(let said):
      once = nil
      conversation.add(agent: said)
    }
    var listening = ListenOptions()
    listening.noInputAfter = Self.patience
    outputs.append(.listen(listening))
  }

  private mutating func ask(_ words: String, into outputs: inout [FlowOutput]) {
    conversation.add(caller: words)
    outputs.append(.askModel)
  }

  /// The client decides when an answer is due.
  public var answersUnasked: Bool { true }

  /// What the client says of the conversation.
  public mutating func instruct(_ instruction: TalkInstruction) {
    switch instruction {
    case .session(let settings): session = settings
    case .once(let settings): once = settings
    case .message(let message): conversation.add(message)
    case .forget(let message): conversation.forget(message)
    }
  }

  /// The conversation behind the instructions. A call that the client never answered gets an answer, as servers refuse others.
  public var modelRequest: ModelRequest? {
    var request = once ?? session
    request.messages += conversation.answeredMessages
    return request
  }

  /// What of the last utterance was audible.
  public mutating func trimReply(toPlayed played: String, of whole: String) {
    conversation.trimReply(toPlayed: played, of: whole)
  }
}

/// What a client that brings its own instructions says of the conversation.
public enum TalkInstruction: Sendable, Equatable {
  /// Instructions (the messages), tools and limits from now on.
  case session(ModelRequest)
  /// The same for the next answer alone.
  case once(ModelRequest)
  /// A message of the conversation, such as the result of a tool.
  case message(ModelMessage)
  /// The last message like this was taken out of the conversation.
  case forget(ModelMessage)
}
