/// Runs a flow in one call: the caller's turns come in, what to say and to wait for goes out. Pure: it reads no clock, makes no
/// request and waits for nothing.
///
/// ```swift
/// var machine = FlowMachine(flow: flow, library: library, seed: 7, variables: ["today": "2026-05-01"])
/// var outputs: [FlowOutput] = []
/// machine.handle(.begin, into: &outputs)  // .entered, .say, .listen
/// ```
public struct FlowMachine: Sendable {
  /// The flow that is running; another one after a transfer.
  public var currentFlow: String { flow.name }
  /// The state in it; empty before `.begin`.
  public internal(set) var currentState = ""
  /// What was collected, set and saved in this call, by name.
  public internal(set) var slots: [String: String] = [:]

  /// Every flow by name, for transfers.
  public let library: FlowLibrary
  /// The flow that runs now.
  public internal(set) var flow: Flow
  var variables: [String: String]
  /// Variables that hold what a caller or another server gave, as far as that goes; all others are the author's.
  var foreign: Set<String> = ["heard"]
  var phase = FlowPhase.notBegun
  /// What was said since the caller last brought the flow on, for "repeat".
  var spoken: [FlowUtterance] = []
  /// How often each state of each flow has spoken, for the choice of its text.
  var askings: [String: Int] = [:]
  /// Unicode scalars that may still be said for the present input; below 0 it was too much.
  var speechLeft = FlowMachine.speechMax
  var transfers = 0
  var toolsInARow = 0
  var conversation = ModelConversation()
  /// How late it is, as far as the flow was told.
  var now = Timestamp.zero

  /// States entered for one input before the flow is taken for a loop. A sensible one enters a handful.
  public static let entriesMax = 64
  /// Unicode scalars said for one input, some five minutes of speech. A flow that would say more ends as one that is at fault.
  public static let speechMax = 4_000
  /// Steps of all tests for one input, as `UtteranceIndex.stepsMax` counts them: two milliseconds at most. A decision that would take
  /// more goes to its `else`; a sensible one takes some thousand.
  static let testStepsMax = 300_000
  /// Transfers in one call.
  static let transfersMax = 8
  /// Tool calls without asking the caller anything between them, retries not counted.
  public static let toolsInARowMax = 16
  /// Characters kept of a value that was collected, set or answered by a tool: a flow that sets a variable to itself twice over, in
  /// a loop, must not fill the memory.
  public static let valueMax = 1000

  /// - Parameters:
  ///   - flow: as `FlowReader` accepted it; what that would have refused ends the call with `.engineFailed`.
  ///   - library: every flow by name, for transfers.
  ///   - seed: the call's own number; it makes the variable `reference`.
  ///   - variables: replace those of the flow, such as `today`, and `now`, the time such as `15:30` at which the call began.
  public init(flow: Flow, library: FlowLibrary = FlowLibrary(), seed: UInt64 = 0, variables: [String: String] = [:]) {
    self.flow = flow
    self.library = library
    self.variables = flow.variables.merging(variables) { $1 }
    self.variables["reference"] = FlowMachine.reference(seed: seed)
  }

  /// The one way in. Appends what follows from `input` to `outputs`, in the order in which it is to happen.
  public mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    let before = outputs.count
    speechLeft = Self.speechMax
    dispatch(input, into: &outputs)
    if speechLeft < 0 { failAsTooLong(since: before, into: &outputs) }
  }

  /// How late it is.
  public mutating func advance(to now: Timestamp) { self.now = now }

  private mutating func dispatch(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    switch (phase, input) {
    case (_, .replyWanted): break  // it answers what was said
    case (.notBegun, .begin):
      transition(to: FlowStep(state: flow.start, because: "begin"), into: &outputs)
    case (.asking, .beepHeard):
      if let next = question.afterBeep { transition(to: FlowStep(state: next, because: "beep"), into: &outputs) }
    case (.asking(let asking), .said), (.asking(let asking), .pressed), (.asking(let asking), .notUnderstood):
      hear(input, asking, into: &outputs)
    case (_, .beepHeard): break  // no state awaits one
    case (.asking(let asking), .nothingSaid):
      askAgain(.noInput, asking, into: &outputs)
    case (.comparing(let asking), .compared(let similarities)):
      followNearest(similarities, asking, into: &outputs)
    case (.comparing(let asking), .comparisonFailed):
      askAgain(.noMatch, asking, into: &outputs)
    case (.waitingForTool(let tries), .toolAnswered(let answer)):
      handle(answer, tries: tries, into: &outputs)
    case (.waitingForModelTool(let name, let tries), .toolAnswered(let answer)):
      handleModelTool(answer, name: name, tries: tries, into: &outputs)
    case (.waitingForModel, .modelAnswered(let answer)):
      handle(answer, into: &outputs)
    case (.waitingForModel, .modelFailed(let fault, let said)):
      handle(fault, said: said, into: &outputs)
    case (.waitingForModel, .modelStopped(let said)):
      handleModelStopped(said: said, into: &outputs)
    case (.asking, .begin), (.comparing, .begin), (.waitingForTool, .begin), (.waitingForModel, .begin),
      (.waitingForModelTool, .begin),
      (.ended, .begin):
      break  // a call begins once
    case (_, .compared), (_, .comparisonFailed):
      break  // of words that nobody waits for any more
    case (.notBegun, .toolAnswered), (.asking, .toolAnswered), (.comparing, .toolAnswered),
      (.waitingForModel, .toolAnswered),
      (.ended, .toolAnswered):
      break  // the answer to a request that nobody waits for any more
    case (.notBegun, .modelAnswered), (.notBegun, .modelFailed), (.notBegun, .modelStopped),
      (.asking, .modelAnswered), (.asking, .modelFailed), (.asking, .modelStopped),
      (.comparing, .modelAnswered), (.comparing, .modelFailed), (.comparing, .modelStopped),
      (.waitingForTool, .modelAnswered), (.waitingForTool, .modelFailed), (.waitingForTool, .modelStopped),
      (.waitingForModelTool, .modelAnswered), (.waitingForModelTool, .modelFailed),
      (.waitingForModelTool, .modelStopped),
      (.ended, .modelAnswered), (.ended, .modelFailed), (.ended, .modelStopped):
      break  // of a question that nobody waits for any more
    case (.waitingForModel, .said), (.waitingForModel, .pressed), (.waitingForModel, .nothingSaid),
      (.waitingForModel, .notUnderstood), (.waitingForModelTool, .said), (.waitingForModelTool, .pressed),
      (.waitingForModelTool, .nothingSaid), (.waitingForModelTool, .notUnderstood):
      break  // the caller waits; what comes next will be said when the model has answered
    case (.comparing, .said), (.comparing, .pressed), (.comparing, .nothingSaid), (.comparing, .notUnderstood):
      break  // the caller waits; what comes next will be said when the words are understood
    case (.waitingForTool, .said), (.waitingForTool, .pressed), (.waitingForTool, .nothingSaid),
      (.waitingForTool, .notUnderstood):
      break  // the caller waits; what comes next will be said when the tool has answered
    case (.notBegun, .said), (.notBegun, .pressed), (.notBegun, .nothingSaid), (.notBegun, .notUnderstood),
      (.ended, .said), (.ended, .pressed), (.ended, .nothingSaid), (.ended, .notUnderstood):
      break  // nobody was asked
    }
  }

  /// Turns that may come before the beep that a state awaits; after so many it takes the way out that silence has: it is a person or a radio.
  private static let greetingTurnsMax = 20

  /// What the caller did in a state that waits. One that awaits a beep waits on, whatever a greeting says.
  private mutating func hear(_ input: FlowInput, _ asking: QuestionVisit, into outputs: inout [FlowOutput]) {
    switch input {
    case _ where question.afterBeep != nil:
      var asking = asking
      asking.greetings += 1
      if asking.greetings < Self.greetingTurnsMax {
        wait(asking, into: &outputs)
      } else {
        exitQuestion(question.noInput, .noInput, into: &outputs)
      }
    case .said(let words): handleWords(words, asking, into: &outputs)
    case .pressed(let keys): handleKeys(keys, asking, into: &outputs)
    default: askAgain(.noMatch, asking, into: &outputs)
    }
  }

  /// Whether the flow has come to its end.
  public var hasEnded: Bool { phase == .ended }

  /// Six digits, by one step of SplitMix64, so that neighbouring seeds look nothing alike.
  private static func reference(seed: UInt64) -> String {
    var z = seed &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return "\(100_000 + (z ^ (z >> 31)) % 900_000)"
  }
}

extension FlowMachine: AgentFlow {
  /// As the callers of its flow mean them; months first where that says nothing.
  public var spokenDateOrder: DateOrder { flow.dateOrder ?? .monthFirst }
  /// That of the state whose question is said, or of the flow.
  public var interruptRule: InterruptRule {
    flow.state(named: currentState)?.kind.question?.listening.interrupt ?? flow.interrupt ?? .atOnce
  }
}

/// What a flow waits for.
enum FlowPhase: Sendable, Equatable {
  /// For the call to begin.
  case notBegun
  /// For the caller.
  case asking(QuestionVisit)
  /// For what the caller's words mean.
  case comparing(QuestionVisit)
  /// For a tool that was called so many times by this visit.
  case waitingForTool(tries: Int)
  /// For a language model.
  case waitingForModel
  /// For the request of the tool state of this name, made so many times, which a language model wanted.
  case waitingForModelTool(name: String, tries: Int)
  /// For nothing any more.
  case ended
}

/// Where to go, and why.
struct FlowStep: Sendable, Equatable {
  var state: String
  var because: String
}

/// What was said, for saying it again.
struct FlowUtterance: Sendable, Equatable {
  var text: String
  var interruptible: Bool
  /// The same with its marks, where it has any.
  var ssml: SSMLText?

  /// What the call is asked to do.
  var output: FlowOutput {
    ssml.map { .saySSML($0, interruptible: interruptible) } ?? .say(text, interruptible: interruptible)
  }
}

/// One visit to a state that waits for the caller.
struct QuestionVisit: Sendable, Equatable {
  /// The value that the caller is asked to confirm; `nil` while the state's own question is open.
  var candidate: String?
  /// Turns in which nothing was said.
  var noInputs = 0
  /// Turns in which nothing fitted.
  var noMatches = 0
  /// Values that the caller did not confirm.
  var refusals = 0
  /// Turns that were passed over because a beep is awaited.
  var greetings = 0
  /// Turns in which nothing fitted and that were ignored.
  var ignoredTurns = 0
}
