/// What decides on the agent's words: a value that takes what the caller did and says what is to happen. `FlowMachine` is one;
/// tests write their own.
public protocol AgentFlow: Sendable {
  /// The state it is in, for people.
  var currentState: String { get }
  /// What the caller gave so far.
  var slots: [String: String] { get }

  /// Appends what follows from `input`, ending with exactly one `.listen`, `.callTool`, `.askModel`, `.compare` or `.end`.
  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput])

  /// How late it is; told before every input.
  mutating func advance(to now: Timestamp)

  /// What a language model is asked after `.askModel`; `nil` at other times.
  var modelRequest: ModelRequest? { get }

  /// Answers of a language model that may be begun before a turn of the caller is over, a turn: see `TurnLimits.earlyAnswersMax`.
  var earlyAnswersMax: Int { get }

  /// What of the last utterance was audible, when the agent was cut off.
  /// - Parameter whole: all that was to be said in it.
  mutating func trimReply(toPlayed played: String, of whole: String)

  /// Whether it has something to say whenever the client asks for it.
  var answersUnasked: Bool { get }

  /// What a client says of the conversation that brings its own instructions.
  mutating func instruct(_ instruction: TalkInstruction)

  /// How speech over the agent interrupts it now.
  var interruptRule: InterruptRule { get }

  /// Whether these words of the caller are among those that it waits for now, so that even one of them is meant.
  func expects(_ words: String) -> Bool

  /// The order in which dates in numbers are said: whether 5/3 is a day in May.
  var spokenDateOrder: DateOrder { get }
}

/// A flow without a language model, in which no time matters.
extension AgentFlow {
  /// Does nothing.
  public mutating func advance(to now: Timestamp) {}
  /// Nothing.
  public var modelRequest: ModelRequest? { nil }
  /// None.
  public var earlyAnswersMax: Int { 0 }
  /// Does nothing.
  public mutating func trimReply(toPlayed played: String, of whole: String) {}
  /// No: it answers what was said.
  public var answersUnasked: Bool { false }
  /// Does nothing.
  public mutating func instruct(_ instruction: TalkInstruction) {}
  /// At once.
  public var interruptRule: InterruptRule { .atOnce }
  /// No: any words will do.
  public func expects(_ words: String) -> Bool { false }
  /// Months first.
  public var spokenDateOrder: DateOrder { .monthFirst }
}

/// What the call tells its agent flow.
public enum FlowInput: Sendable, Equatable {
  /// The call began; sent once.
  case begin
  /// The caller's words of one turn, spoken or typed; not empty.
  case said(String)
  /// The caller's keys of one turn, such as `4711`, without the terminator; not empty.
  case pressed(String)
  /// The caller said nothing for as long as `ListenOptions.noInputAfter`.
  case nothingSaid
  /// The caller spoke, but nothing was understood.
  case notUnderstood
  /// The beep of an answering machine was heard. Only where `ListenOptions.awaitsBeep`.
  case beepHeard
  /// The answer to the tool that the flow called last.
  case toolAnswered(ToolResponse)
  /// How alike the caller's words are in meaning to each phrase of what was asked last.
  case compared([Similarity])
  /// That could not be found out.
  case comparisonFailed
  /// The language model's answer to what was asked last. What it says was said already.
  case modelAnswered(ModelAnswer)
  /// The language model gave no answer, or broke it off when so much of it was to be said.
  case modelFailed(ModelFault, said: String)
  /// The language model was stopped, by the caller or the client, when so much of its answer was to be said.
  case modelStopped(said: String)
  /// The client wants it to speak now. Only where it `answersUnasked`.
  case replyWanted
}

/// What an agent flow asks of the call, in the order in which it is to happen.
public enum FlowOutput: Sendable, Equatable {
  /// The flow went to another state, or to the first one (`from` is empty then). `because` is a few words for people:
  /// an intent, a slot, a branch.
  case entered(state: String, from: String, because: String)
  /// A slot has a value now.
  case filled(slot: String, value: String)
  /// Say this, with every variable already replaced. `interruptible` is false where the caller must hear it out.
  case say(String, interruptible: Bool)
  /// Say this with its marks, with every variable already replaced.
  case saySSML(SSMLText, interruptible: Bool)
  /// When everything said so far was played, wait for the caller.
  case listen(ListenOptions)
  /// Call a tool; the flow goes on with `.toolAnswered`. What was said before may play meanwhile.
  case callTool(ToolRequest)
  /// When everything said so far was played, the client is to call these tools of its own.
  case callClient([ModelToolCall])
  /// A language model wants something of a tool, or this came of it. For people; what is to be done stands in other outputs.
  case toolUsed(ModelToolUse)
  /// Find out what the caller's words mean; the flow goes on with `.compared` or `.comparisonFailed`. Nothing is said before it.
  case compare(MeaningQuestion)
  /// Ask a language model what `modelRequest` says, and say its words as they come; the flow goes on with `.modelAnswered`, `.modelFailed`
  /// or `.modelStopped`.
  case askModel
  /// When everything said so far was played, hang up.
  case end(FlowEnding)
}

/// How a flow ends a call.
public struct FlowEnding: Sendable, Equatable {
  /// `.completed`, `.noInput`, `.noMatch`, `.transferred` or `.engineFailed` (a tool failed and the flow had no branch for it).
  public var reason: CloseReason
  /// The flow's own word for what was reached, such as `booked`; the telephone number after a phone transfer.
  public var outcome: String

  package init(reason: CloseReason, outcome: String) {
    self.reason = reason
    self.outcome = outcome
  }
}

/// How to wait for the caller in one state of a flow.
public struct ListenOptions: Sendable, Equatable {
  /// Silence of the caller, after the agent has finished, that counts as no input. 7 s unless the flow says otherwise
  /// (the value that VoiceXML platforms ship with).
  public var noInputAfter: CallDuration = .seconds(7)
  /// Silence that ends the caller's turn, where the state needs another one than `TurnLimits.endOfTurnSilence`: people
  /// pause inside numbers.
  public var endOfTurnSilence: CallDuration?
  /// What ends the caller's turn; `nil`: what `TurnLimits.endOfTurn` says.
  public var endOfTurn: EndOfTurnRule?
  /// How speech over the agent interrupts it; `nil`: what the flow says.
  public var interrupt: InterruptRule?
  /// Number of keys after which the turn is over at once; `nil` means: the terminator or the pause after a key.
  public var keysMax: Int?
  /// Whether the beep of an answering machine is waited for.
  public var awaitsBeep = false

  /// Everything at its default.
  public init() {}
}

/// An HTTP request that a flow makes, with every variable already replaced.
public struct ToolRequest: Sendable, Equatable {
  /// The state that asks, for the timeline.
  public var state: String
  /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
  public var method: String
  /// `http` or `https`.
  public var url: String
  /// Name and value, in order.
  public var headers: [(name: String, value: String)]
  /// Text of the body; `nil` for none.
  public var body: String?
  /// Paths such as `order.items.0.name` whose values the flow wants from the JSON answer.
  public var wanted: [String]
  /// When to give up, 100 ms … 30 s.
  public var timeout: CallDuration
  /// Said when the answer takes longer than `TurnLimits.fillerAfter` and the caller hears nothing else; `nil` for nothing.
  public var meanwhile: String?

  package init(
    state: String, method: String, url: String, headers: [(name: String, value: String)], body: String?,
    wanted: [String], timeout: CallDuration
  ) {
    self.state = state
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.wanted = wanted
    self.timeout = timeout
    meanwhile = nil
  }

  /// Equal in every value.
  public static func == (left: ToolRequest, right: ToolRequest) -> Bool {
    left.state == right.state && left.method == right.method && left.url == right.url && left.body == right.body
      && left.timeout == right.timeout && left.meanwhile == right.meanwhile
      && left.wanted == right.wanted && left.headers.elementsEqual(right.headers, by: ==)
  }
}

/// What became of a tool request.
public enum ToolResponse: Sendable, Equatable {
  /// An HTTP status of 200 … 299. `values` holds what the body had at each of `ToolRequest.wanted`,
  /// by path; a path that
  /// was not there is absent.
  case answered(status: Int, values: [String: String])
  /// Any other status, no connection, or a body that could not be read, in a few words.
  case failed(String)
  /// No answer within `ToolRequest.timeout`.
  case timedOut
}

extension ToolResponse {
  /// A few words for the timeline, without anything the body held.
  var summary: String {
    switch self {
    case .answered(let status, _): "status \(status)"
    case .failed(let why): "failed: \(why)"
    case .timedOut: "timed out"
    }
  }
}
