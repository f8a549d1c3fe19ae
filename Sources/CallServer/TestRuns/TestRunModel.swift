import CallCore
import CallDriver
import Formats
import Simulation
import Threads

/// The language model as the calls of one run have it: asked live, for the key that wanted the run and within its tokens. A thread of the run
/// waits for each answer, and for all of them together no longer than `TestRunLimits.modelTimeMax`; for early answers that are thrown away,
/// no longer than that once more.
final class TestRunModel: VirtualModel {
  private let model: any LanguageModel
  private let questions: ModelQuestions
  private let usage: UsageMeter
  private let budget: TokenBudget
  private let timeMax: Duration
  private let timeLeft: Locked<TimeLeft>

  /// How long the run may wait yet.
  private struct TimeLeft {
    /// For what it uses.
    var used: Duration
    /// For early answers that it does not use.
    var thrownAway: Duration
  }

  /// - Parameters:
  ///   - questions: those of all runs.
  ///   - usage: counts what answers cost.
  init(
    _ model: any LanguageModel, questions: ModelQuestions, usage: UsageMeter, budget: TokenBudget, timeMax: Duration
  ) {
    (self.model, self.questions, self.usage, self.budget) = (model, questions, usage, budget)
    self.timeMax = timeMax
    timeLeft = Locked(TimeLeft(used: timeMax, thrownAway: timeMax))
  }

  func beginCall(of testCase: String, seed: UInt64) -> any VirtualModelCall { TestRunModelCall(self) }

  /// Asks and waits. Its tokens count in any case: they are paid for.
  /// - Parameter isEarly: the wait counts as thrown away, until `confirm`.
  /// - Returns: what came, and how long that took.
  fileprivate func answer(
    _ question: ModelRequest, isEarly: Bool
  ) throws(VirtualModelMiss) -> (events: [TimedModelEvent], waited: Duration) {
    do throws(SpeechRefusal) {
      try budget.checkKey()
      try budget.check()
    } catch {
      throw .notAsked(error.fault.message)
    }
    let left = timeLeft.withLock { isEarly ? min($0.used, $0.thrownAway) : $0.used }
    guard left > .zero else { throw waitedTooLong }
    let begun = ContinuousClock.now
    guard let answer = questions.ask(question, of: model, within: left) else { throw Self.stopped }
    let waited = begun.duration(to: .now)
    timeLeft.withLock { if isEarly { $0.thrownAway -= waited } else { $0.used -= waited } }
    usage.add(asked: answer.events.cost)
    guard answer.isWhole else { throw questions.areClosed ? Self.stopped : waitedTooLong }
    return (answer.events, waited)
  }

  /// An early answer is used after all.
  fileprivate func confirm(_ waited: Duration) {
    timeLeft.withLock { left in
      left.thrownAway += waited
      left.used -= waited
    }
  }

  private var waitedTooLong: VirtualModelMiss {
    .notAsked("the run has waited \(timeMax.components.seconds) s for its answers, which is all it may")
  }

  private static let stopped = VirtualModelMiss.notAsked("the server is going down; run the case again")
}

/// One call's questions.
private final class TestRunModelCall: VirtualModelCall {
  private let model: TestRunModel
  /// How long the last early answer took, until it is used.
  private var early: Duration?

  init(_ model: TestRunModel) { self.model = model }

  func answer(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent] {
    try model.answer(question, isEarly: false).events
  }

  func answerEarly(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent] {
    early = nil
    let answer = try model.answer(question, isEarly: true)
    early = answer.waited
    return answer.events
  }

  func confirmEarly() {
    if let early { model.confirm(early) }
    early = nil
  }

  /// What the recogniser says.
  func words(ofTurn turn: Int) -> String? { nil }
  func end(heard: [Int: String]) {}
}

/// Questions of runs to the language model that are under way: at most one for each thread that holds a call, judges it, or finds the
/// next line of a caller on the telephone. All can be given up at once.
final class ModelQuestions: Sendable {
  private struct State {
    var awaited: [ObjectIdentifier: AwaitedAnswer] = [:]
    var areClosed = false
  }

  private let state = Locked(State())

  /// Whether nothing is asked any more.
  var areClosed: Bool { state.withLock { $0.areClosed } }

  /// Asks and waits.
  /// - Returns: what came, and whether that is all; `nil` when nothing is asked any more.
  func ask(
    _ question: ModelRequest, of model: any LanguageModel, within time: Duration
  ) -> (events: [TimedModelEvent], isWhole: Bool)? {
    let awaited = AwaitedAnswer()
    let isOpen = state.withLock { state in
      guard !state.areClosed else { return false }
      state.awaited[ObjectIdentifier(awaited)] = awaited
      return true
    }
    guard isOpen else { return nil }
    defer { state.withLock { $0.awaited[ObjectIdentifier(awaited)] = nil } }
    return awaited.wait(for: question, from: model, until: .after(time))
  }

  /// Gives up what is asked, and asks nothing any more.
  func close() {
    let awaited = state.withLock { state in
      state.areClosed = true
      return Array(state.awaited.values)
    }
    for answer in awaited { answer.giveUp() }
  }
}

extension [TimedModelEvent] {
  /// What it cost: as the server of the model says, or else a token for each piece.
  fileprivate var cost: ModelUsage {
    var (told, pieces): (ModelUsage?, Int) = (nil, 0)
    for case .delta(let delta) in map(\.event) {
      if case .usage(let usage) = delta { told = usage }
      pieces += delta.isContent ? 1 : 0
    }
    return told ?? ModelUsage(promptTokens: 0, answerTokens: pieces)
  }
}
