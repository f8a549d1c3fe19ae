import CallCore
import CallDriver
import Wires

/// What the peer of a call asks the language model beside it. The call's machine knows nothing of these questions: their numbers are far above its
/// own. How many there are is the wire's to limit.
struct AsideQuestions {
  /// Above every number that a call's machine gives.
  private static let base = 1 << 40

  /// What came of each question that is open: pieces of an answer count as its tokens where the server of the model names no figures.
  private var open: [Int: ModelUsage] = [:]
  private var told: Set<Int> = []

  /// - Parameters:
  ///   - aside: the wire's number of it.
  ///   - spans: the call's trace, which the model is told.
  mutating func ask(
    _ aside: Int, _ question: ModelRequest, in spans: SpanContext?, of work: LiveSpeechTasks?, call: CallNumber
  ) {
    var question = question
    question.traceparent = spans?.traceparent(of: nil)
    open[aside] = ModelUsage(promptTokens: 0, answerTokens: 0)
    work?.askModel(question, request: RequestID(Self.base + aside), call: call)
  }

  mutating func stop(_ aside: Int, _ work: LiveSpeechTasks?, call: CallNumber, _ usage: UsageMeter) {
    guard open[aside] != nil else { return }
    close(aside, usage)
    work?.cancel(RequestID(Self.base + aside), call: call)
  }

  mutating func stopAll(_ work: LiveSpeechTasks?, call: CallNumber, _ usage: UsageMeter) {
    for aside in open.keys.sorted() { stop(aside, work, call: call, usage) }
  }

  /// Counts what a question costs for the key of the call, once, however it ends.
  mutating func count(_ aside: Int, _ event: ModelEvent, for usage: UsageMeter) {
    switch event {
    case .delta(.usage(let cost)):
      if open[aside] != nil { open[aside] = cost }
      told.insert(aside)
    case .delta(let delta):
      guard delta.isContent, let cost = open[aside], !told.contains(aside) else { return }
      open[aside] = ModelUsage(promptTokens: cost.promptTokens, answerTokens: cost.answerTokens + 1)
    case .finished, .failed: close(aside, usage)
    }
  }

  private mutating func close(_ aside: Int, _ usage: UsageMeter) {
    told.remove(aside)
    if let cost = open.removeValue(forKey: aside) { usage.add(asked: cost) }
  }

  /// - Returns: what of an answer belongs to a question beside the call; `nil`: it is the call's.
  func taken(_ content: SpeechResult.Content) -> (aside: Int, event: ModelEvent)? {
    guard case .model(let request, let event) = content, request.number > Self.base else { return nil }
    return (request.number - Self.base, event)
  }
}

extension AsideNews {
  init(_ event: ModelEvent) {
    switch event {
    case .delta(let delta): self = .delta(delta)
    case .finished: self = .finished
    case .failed(let fault): self = .failed(fault)
    }
  }
}
