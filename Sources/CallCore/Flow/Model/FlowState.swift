/// One state of a flow.
public struct FlowState: Sendable, Equatable {
  /// Unique in its flow.
  public var name: String
  /// Variables that get a value as the state is entered, in order.
  public var sets: [FlowAssignment]
  /// What the state does.
  public var kind: FlowStateKind

  package init(name: String, sets: [FlowAssignment] = [], kind: FlowStateKind) {
    self.name = name
    self.sets = sets
    self.kind = kind
  }
}

/// Gives a variable a value.
public struct FlowAssignment: Sendable, Equatable {
  /// The variable.
  public var name: String
  /// Its value, with variables replaced.
  public var value: FlowText

  package init(name: String, value: FlowText) {
    self.name = name
    self.value = value
  }
}

/// What a state does, with all it needs for that.
public enum FlowStateKind: Sendable, Equatable {
  /// Says something and goes on. The first text is said on the first visit, the next on the next; the last one stays. It is not
  /// interruptible where the caller must hear it out.
  case say([FlowText], interruptible: Bool = true, next: String)
  /// Asks, and goes where the caller's intent leads.
  case listen(FlowQuestion)
  /// Asks for one value and keeps it in a slot.
  case collect(CollectState)
  /// Goes on by what is known: the first branch that holds, or the state that is named for when none does.
  case decide([FlowBranch], otherwise: String)
  /// Makes an HTTP request.
  case tool(ToolState)
  /// Lets a language model hold the conversation.
  case llm(LanguageModelState)
  /// Goes on in another flow, by its name, with every variable kept. Something may be said first.
  case transfer(flow: String, says: FlowText? = nil)
  /// Hands the caller to a telephone number, such as `+15551234567`, and leaves the call; the number is the outcome.
  case phoneTransfer(number: FlowText, says: FlowText? = nil)
  /// Says goodbye, which the caller cannot interrupt, and hangs up. The outcome is the flow's word for what was reached, such as `booked`.
  case end(outcome: FlowText, says: FlowText? = nil)

  /// The word for it in flow files and on the wire.
  public var word: String {
    switch self {
    case .say: "say"
    case .listen(let question): question.afterBeep == nil ? "listen" : "await-beep"
    case .collect: "collect"
    case .decide: "decide"
    case .tool: "tool"
    case .llm: "llm"
    case .transfer: "transfer"
    case .phoneTransfer: "phone-transfer"
    case .end: "end"
    }
  }

  /// Every word for a kind.
  public static let words = [
    "say", "listen", "await-beep", "collect", "decide", "tool", "llm", "transfer", "phone-transfer", "end",
  ]

  /// The question of a state that waits for the caller; `nil` for every other kind.
  public var question: FlowQuestion? {
    switch self {
    case .listen(let question): question
    case .collect(let state): state.question
    case .llm(let state): state.question
    case .say, .decide, .tool, .transfer, .phoneTransfer, .end: nil
    }
  }
}

/// Asks for one value and keeps it in a slot.
public struct CollectState: Sendable, Equatable {
  /// The variable that gets the value.
  public var slot: String
  /// What counts as a value.
  public var kind: SlotKind
  /// The question.
  public var question: FlowQuestion
  /// Asked before the value counts, with the slot's name standing for what was heard; empty for no confirmation.
  public var confirm: [FlowText]
  /// The state after it.
  public var next: String

  package init(slot: String, kind: SlotKind, question: FlowQuestion, confirm: [FlowText] = [], next: String) {
    self.slot = slot
    self.kind = kind
    self.question = question
    self.confirm = confirm
    self.next = next
  }
}

/// One way on from a decision.
public struct FlowBranch: Sendable, Equatable {
  /// The variable that is looked at.
  public var variable: String
  /// What must hold of it.
  public var test: FlowTest
  /// The state when it does.
  public var next: String

  package init(_ variable: String, _ test: FlowTest, next: String) {
    self.variable = variable
    self.test = test
    self.next = next
  }
}

/// Makes an HTTP request, keeps what it wants of the answer, and goes on.
public struct ToolState: Sendable, Equatable {
  /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
  public var method: String
  /// A variable at its very beginning stands as it is; any other is percent-encoded.
  public var url: FlowText
  /// Name and value, in order.
  public var headers: [FlowAssignment]
  /// In a body that is JSON, variables are escaped for its strings.
  public var body: FlowText?
  /// The variable of each path of the JSON answer, in order.
  public var saves: [ToolSave]
  /// Said while the caller waits.
  public var says: FlowText?
  /// When to give up, 100 ms … 30 s.
  public var timeout: CallDuration
  /// How often to try again after a failure, 0 … 2.
  public var retries: Int
  /// The state after an answer.
  public var next: String
  /// The state after a failure; `nil`: the call ends with an engine failure.
  public var failed: String?
  /// The state after no answer in time; `nil`: as after a failure.
  public var timedOut: String?

  /// Three seconds: a caller hears silence for as long.
  public static let timeoutDefault = CallDuration.seconds(3)

  package init(
    method: String = "GET", url: FlowText, headers: [FlowAssignment] = [], body: FlowText? = nil,
    saves: [ToolSave] = [], says: FlowText? = nil, timeout: CallDuration = ToolState.timeoutDefault,
    retries: Int = 0, next: String, failed: String? = nil, timedOut: String? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.saves = saves
    self.says = says
    self.timeout = timeout
    self.retries = retries
    self.next = next
    self.failed = failed
    self.timedOut = timedOut
  }
}

/// Where a value of a tool's answer is kept.
public struct ToolSave: Sendable, Equatable {
  /// The variable.
  public var variable: String
  /// Its path in the JSON answer, such as `order.items.0.name`.
  public var path: String

  package init(_ variable: String, path: String) {
    self.variable = variable
    self.path = path
  }
}
