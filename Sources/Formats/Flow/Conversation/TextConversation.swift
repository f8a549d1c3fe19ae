public import CallCore

/// Runs a flow without sound: lines of text in, lines of text out. For trying out a flow, and for tests of flows.
///
/// A line is what the caller says; `/keys 123` presses keys, `/silence` says nothing, `/mumble` says something that nobody
/// understands, `/beep` is the beep of an answering machine, `/quit` hangs up.
public struct TextConversation {
  /// What answers the flow's tools; `nil` when `answerTool` will. Without one, every tool fails with "no HTTP in text mode".
  public typealias ToolCaller = (ToolRequest) -> ToolResponse?

  /// What answers for a language model.
  public typealias ModelCaller = (ModelRequest) -> Result<ModelAnswer, ModelFault>

  /// What finds out how alike in meaning a text is to phrases; `nil` where that cannot be found out.
  public typealias MeaningCaller = (MeaningQuestion) -> [Similarity]?

  /// Everything that happened so far.
  public private(set) var events: [ConversationEvent] = []
  /// The flow's end, once it came to one.
  public private(set) var ending: FlowEnding?
  /// How the flow waits now; `nil` before it began and after it ended.
  public private(set) var listening: ListenOptions?
  /// The request that waits for `answerTool`.
  public private(set) var openRequest: ToolRequest?
  /// The machine that runs the flow.
  public private(set) var machine: FlowMachine
  private let callTool: ToolCaller
  private let askModel: ModelCaller
  private let compare: MeaningCaller

  /// - Parameters:
  ///   - machine: has not begun.
  ///   - callTool: answers at once, or leaves it to `answerTool`.
  ///   - askModel: answers at once.
  ///   - compare: answers at once. Without one, no words are understood by their meaning.
  public init(
    _ machine: FlowMachine, callTool: @escaping ToolCaller = { _ in .failed("no HTTP in text mode") },
    askModel: @escaping ModelCaller = { _ in .failure(ModelFault(.missing, "no language model in text mode")) },
    compare: @escaping MeaningCaller = { _ in nil }
  ) {
    self.machine = machine
    self.callTool = callTool
    self.askModel = askModel
    self.compare = compare
  }

  /// Begins the call.
  ///
  /// - Returns: what happened.
  @discardableResult
  public mutating func begin() -> [ConversationEvent] { perform(.begin) }

  /// Takes one line of the caller.
  ///
  /// - Returns: what happened; `nil` when the caller hung up or there is no such command.
  @discardableResult
  public mutating func handleLine(_ line: String) -> [ConversationEvent]? {
    guard ending == nil, let input = TextConversation.input(of: line) else { return nil }
    let count = events.count
    events.append(.caller(line))
    perform(input)
    return Array(events[(count + 1)...])
  }

  /// Answers the request that is open.
  ///
  /// - Returns: what happened; `nil` when none is open.
  @discardableResult
  public mutating func answerTool(_ answer: ToolResponse) -> [ConversationEvent]? {
    guard let request = openRequest else { return nil }
    openRequest = nil
    let count = events.count
    recordResponse(answer, to: request)
    perform(.toolAnswered(answer))
    return Array(events[count...])
  }

  /// What a line means; `nil` for `/quit` and for commands that there are not.
  public static func input(of line: String) -> FlowInput? {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else { return .nothingSaid }
    guard first.hasPrefix("/") else { return .said(line) }
    switch first {
    case "/keys":
      let keys = words.dropFirst().joined().filter { $0 != "#" }
      return keys.isEmpty || !keys.allSatisfy({ "0123456789*".contains($0) }) ? nil : .pressed(keys)
    case "/silence": return .nothingSaid
    case "/mumble": return .notUnderstood
    case "/beep": return .beepHeard
    default: return nil
    }
  }

  @discardableResult
  private mutating func perform(_ first: FlowInput) -> [ConversationEvent] {
    let count = events.count
    var inputs = [first]
    // A flow calls at most so many tools and asks a model at most so often before it listens or ends.
    while let input = inputs.popLast() {
      var outputs: [FlowOutput] = []
      var flow = machine.flow
      machine.handle(input, into: &outputs)
      for output in outputs {
        note(output, in: &flow)
        if case .askModel = output, let question = machine.modelRequest { inputs.append(answer(question)) }
        if case .compare(let question) = output {
          inputs.append(compare(question).map { .compared($0) } ?? .comparisonFailed)
        }
        guard case .callTool(let request) = output else { continue }
        if let answer = callTool(request) {
          recordResponse(answer, to: request)
          inputs.append(.toolAnswered(answer))
        } else {
          openRequest = request
        }
      }
    }
    return Array(events[count...])
  }

  private mutating func answer(_ question: ModelRequest) -> FlowInput {
    switch askModel(question) {
    case .success(let answer):
      if !answer.spokenText.isEmpty { events.append(.agent(answer.spokenText)) }
      return .modelAnswered(answer)
    case .failure(let fault):
      events.append(.tool("language model", "\(fault.kind.rawValue): \(fault)"))
      return .modelFailed(fault, said: "")
    }
  }

  private mutating func recordResponse(_ answer: ToolResponse, to request: ToolRequest) {
    events.append(.tool("\(request.method) \(request.url)", TextConversation.words(for: answer)))
  }

  /// - Parameter flow: the one that the output comes from; after a transfer, the other one.
  private mutating func note(_ output: FlowOutput, in flow: inout Flow) {
    switch output {
    case .entered(let state, let from, let because):
      var other: Flow?
      if case .transfer(let name, _) = flow.state(named: from)?.kind { other = machine.library[name] }
      events.append(.state(state, from: from, because: because, transferredTo: other?.name))
      flow = other ?? flow
    case .filled(let slot, let value): events.append(.slot(slot, value))
    case .say(let text, _): events.append(.agent(text))
    case .saySSML(let text, _): events.append(.agent(text.text))
    case .listen(let how): listening = how
    case .callTool, .compare, .askModel: listening = nil
    case .callClient, .toolUsed: break  // there is no client, and what comes of a tool stands in other outputs
    case .end(let end):
      (ending, listening) = (end, nil)
      events.append(.end(end.reason.rawValue, outcome: end.outcome))
    }
  }

  private static func words(for answer: ToolResponse) -> String {
    switch answer {
    case .answered(let status, _): "\(status)"
    case .failed(let why): "failed: \(why)"
    case .timedOut: "timed out"
    }
  }
}

/// Holds a text conversation with whoever types the lines.
public struct ConversationConsole {
  /// The conversation; begun by `run`.
  public private(set) var conversation: TextConversation
  private let nextLine: () -> String?
  private let show: (String) -> Void

  /// - Parameters:
  ///   - conversation: has not begun.
  ///   - nextLine: what the caller types next; `nil` hangs up.
  ///   - show: takes one line of output, without its end.
  public init(
    _ conversation: TextConversation, nextLine: @escaping () -> String?, show: @escaping (String) -> Void
  ) {
    self.conversation = conversation
    self.nextLine = nextLine
    self.show = show
  }

  /// Until the flow ends or the caller hangs up.
  public mutating func run() {
    conversation.begin().forEach { show($0.description) }
    while conversation.ending == nil, let line = nextLine(), line.trimming(\.isWhitespace) != "/quit" {
      if let events = conversation.handleLine(line) {
        events.forEach { show($0.description) }
      } else {
        show("        there is: /keys 123, /silence, /mumble, /beep, /quit; everything else is said")
      }
    }
    if conversation.ending == nil { show("ended   \(CloseReason.callerHungUp.rawValue)") }
  }
}
