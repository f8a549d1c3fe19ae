public import CallCore
public import CallDriver

/// What language models say in calls in virtual time.
public protocol VirtualModel: Sendable {
  /// A call begins. What other calls ask changes nothing for it.
  /// - Parameters:
  ///   - testCase: id of its case.
  ///   - seed: the luck of the call.
  func beginCall(of testCase: String, seed: UInt64) -> any VirtualModelCall
}

/// A language model as one call in virtual time knows it. Confined to the call's thread.
public protocol VirtualModelCall: AnyObject {
  /// Everything that comes of a question, and how long after it. It may take its time: the call's clock stands still.
  /// - Throws: why the call means nothing.
  func answer(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent]

  /// The same for an answer that is begun before the caller's turn is over. It counts neither as asked, nor as recorded, nor as waited for,
  /// until `confirmEarly`; what it costs is paid in any case. Another early question takes its place.
  /// - Throws: why there is none; the call goes on, and asks again when the turn is over.
  func answerEarly(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent]

  /// The turn is over, and the last early question was the right one.
  func confirmEarly()

  /// What the agent is to understand in this turn, from 1, whatever the recogniser does; `nil`: what the recogniser says.
  func words(ofTurn turn: Int) -> String?

  /// The call is over, and this was understood in it, by turn.
  func end(heard: [Int: String])
}

/// A model for which an early question is like any other.
extension VirtualModelCall {
  /// As `answer`.
  public func answerEarly(_ question: ModelRequest) throws(VirtualModelMiss) -> [TimedModelEvent] {
    try answer(question)
  }

  /// Does nothing.
  public func confirmEarly() {}
}

extension VirtualModelCall {
  /// Everything that comes of a question as one answer, with who answered, as the server calls it.
  /// - Throws: why the call means nothing.
  package func wholeAnswer(
    to question: ModelRequest
  ) throws(VirtualModelMiss) -> Result<(answer: ModelAnswer, model: String), ModelFault> {
    var whole = (answer: ModelAnswer(), model: "")
    for timed in try answer(question) {
      switch timed.event {
      case .delta(let delta): whole.answer.add(delta)
      case .finished(let name): whole.model = name
      case .failed(let fault): return .failure(fault)
      }
    }
    return .success(whole)
  }
}

/// An early question to a language model in one call in virtual time, until its answer is the turn's.
struct EarlyQuestion {
  private var open: RequestID?

  /// Asks it.
  /// - Returns: what comes of it. Where nothing is recorded that is a fault: whether the question is the turn's is not known yet.
  mutating func ask(
    _ question: ModelRequest, _ request: RequestID, of model: any VirtualModelCall
  ) -> [TimedModelEvent] {
    open = request
    do throws(VirtualModelMiss) { return try model.answerEarly(question) } catch {
      return [TimedModelEvent(after: .zero, .failed(ModelFault(.missing, error.description)))]
    }
  }

  /// The turn is over, and what was asked or is being recognised with this number is waited for.
  mutating func confirm(_ request: RequestID, of model: any VirtualModelCall) {
    guard open == request else { return }
    open = nil
    model.confirmEarly()
  }
}

/// A question that was never recorded, or is not asked any more.
public struct VirtualModelMiss: Error, Sendable {
  /// One sentence, with what to do.
  public var description: String
  /// Whether there is a model that could be asked.
  private var isNotAsked = false

  /// A question that was never recorded.
  /// - Parameter description: one sentence, with what to do.
  public init(_ description: String) { self.description = description }

  /// A question that is not asked although there is a model.
  /// - Parameter why: one sentence.
  package static func notAsked(_ why: String) -> VirtualModelMiss {
    var miss = VirtualModelMiss(why)
    miss.isNotAsked = true
    return miss
  }

  /// What it means for the call.
  var failure: CallFailure { isNotAsked ? .modelNotAsked(description) : .notRecorded(description) }
}

/// Something that comes of a question to a language model.
public struct TimedModelEvent: Sendable, Hashable {
  /// Since the question.
  public var after: CallDuration
  /// What comes.
  public var event: ModelEvent

  /// - Parameter after: since the question.
  public init(after: CallDuration, _ event: ModelEvent) { (self.after, self.event) = (after, event) }
}

/// Stands where a call in virtual time has no language model.
final class NoVirtualModel: VirtualModelCall {
  private static let fault = ModelFault(
    .missing, "no language model in virtual time: add --llm replay, record or live, see `voiceforge simulate --help`")

  func answer(_ question: ModelRequest) -> [TimedModelEvent] {
    [TimedModelEvent(after: .zero, .failed(Self.fault))]
  }

  func words(ofTurn turn: Int) -> String? { nil }
  func end(heard: [Int: String]) {}
}
