public import CallCore
import JSON

/// Tries a flow out in text, from its first word: the caller's lines go in, what happened comes out. No tool is really called: the
/// conversation waits at each one for a line that says what became of it.
///
/// Lines are those of `TextConversation`, and for a tool `/answer` (it succeeds), `/answer {"order": …}` (with this JSON), `/fail` and
/// `/timeout`.
public struct FlowDryRun {
  /// One thing that happened, in order.
  public enum Entry: Sendable, Hashable {
    /// In the conversation.
    case event(ConversationEvent)
    /// A line that did nothing, and why: the flow may have been changed since it was typed.
    case unused(String, why: String)
  }

  /// Everything that happened.
  public private(set) var entries: [Entry] = []
  /// Whether `entriesMax` or `charactersMax` was reached: later lines were not taken.
  public private(set) var isCut = false
  /// The caller hung up with `/quit`.
  public private(set) var hasHungUp = false
  private var conversation: TextConversation
  private var characters = 0

  /// Entries after which no more lines are taken. A long call has some hundred.
  public static let entriesMax = 2000
  /// Characters of all entries after which no more lines are taken: far more than anybody says in an hour.
  public static let charactersMax = 400_000

  /// - Parameters:
  ///   - machine: has not begun.
  ///   - compare: as in `TextConversation`.
  public init(_ machine: FlowMachine, compare: @escaping TextConversation.MeaningCaller = { _ in nil }) {
    conversation = TextConversation(machine, callTool: { _ in nil }, compare: compare)
  }

  /// The machine that runs the flow.
  public var machine: FlowMachine { conversation.machine }
  /// The request that the flow waits for; the next line says what became of it.
  public var openRequest: ToolRequest? { conversation.openRequest }
  /// How the conversation ended; `nil` while it goes on.
  public var ending: FlowEnding? {
    hasHungUp ? FlowEnding(reason: .callerHungUp, outcome: "") : conversation.ending
  }

  /// Begins, and takes the lines one after another.
  public mutating func run(_ lines: [String]) {
    append(conversation.begin())
    for line in lines {
      guard entries.count < Self.entriesMax, characters < Self.charactersMax else {
        isCut = true
        return
      }
      handleLine(line)
    }
  }

  private mutating func handleLine(_ line: String) {
    guard ending == nil else { return unused(line, "the call is over") }
    switch DryRunInput(line) {
    case .hangUp:
      hasHungUp = true
      append([.caller(line), .end(CloseReason.callerHungUp.rawValue, outcome: "")])
    case .tool(let result): respond(line, result)
    case .wrong(let why): unused(line, why)
    case .caller:
      if openRequest != nil {
        return unused(line, "the flow waits for its tool: there is /answer, /answer {…}, /fail and /timeout")
      }
      if let events = conversation.handleLine(line) {
        append([.caller(line)] + events)
      } else {
        unused(line, DryRunInput.known)
      }
    }
  }

  private mutating func respond(_ line: String, _ result: DryRunInput.ToolResult) {
    guard let request = openRequest else { return unused(line, "the flow waits for no tool") }
    if let events = conversation.answerTool(result.response(to: request)) { append(events) }
  }

  private mutating func unused(_ line: String, _ why: String) {
    characters += line.utf8.count
    entries.append(.unused(line, why: why))
  }

  private mutating func append(_ events: [ConversationEvent]) {
    for event in events {
      characters += event.description.utf8.count
      entries.append(.event(event))
    }
  }
}

/// What one line means to a flow that is tried out.
enum DryRunInput {
  /// What became of a tool's request.
  enum ToolResult {
    /// 200 with this body.
    case answered(JSONValue)
    case failed
    case timedOut

    /// As a call would have it from the server's HTTP client.
    func response(to request: ToolRequest) -> ToolResponse {
      switch self {
      case .failed: return .failed("tried out: /fail")
      case .timedOut: return .timedOut
      case .answered(let body):
        let values = request.wanted.compactMap { path in body.text(at: path).map { (path, $0) } }
        return .answered(status: 200, values: Dictionary(values, uniquingKeysWith: { $1 }))
      }
    }
  }

  /// The caller speaks, presses keys or is silent.
  case caller
  case hangUp
  case tool(ToolResult)
  /// A command that there is not, or not so; the reason.
  case wrong(String)

  /// What there is besides speech.
  static let known = "there is /keys 123, /silence, /mumble, /beep, /quit, and for tools /answer, /fail and /timeout"

  init(_ line: String) {
    let text = line.trimming(\.isWhitespace)
    let command = text.prefix { !$0.isWhitespace }
    switch command {
    case "/quit": self = .hangUp
    case "/fail": self = .tool(.failed)
    case "/timeout": self = .tool(.timedOut)
    case "/answer": self = DryRunInput.toolResult(String(text.dropFirst(command.count)).trimming(\.isWhitespace))
    default: self = .caller
    }
  }

  private static func toolResult(_ text: String) -> DryRunInput {
    if text.isEmpty { return .tool(.answered(.object([:]))) }
    do throws(JSONFault) {
      return .tool(.answered(try JSONValue(parsing: Array(text.utf8), nestingMax: WireLimits.nestingMax)))
    } catch {
      return .wrong("what stands after /answer is not JSON: \(error)")
    }
  }
}
