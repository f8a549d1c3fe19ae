public import CallCore
import Threads

/// Does the calls' work on worker threads, and brings the answers back to one loop. One for each media loop.
public final class LiveSpeechTasks: SpeechTasks {
  private struct Question: Hashable {
    let call: CallNumber
    let request: RequestID
  }

  private let speechService: SpeechService
  private let tools: any ToolCaller
  private let model: any LanguageModel
  /// Leads to this loop.
  private let answers: any SpeechResultSink
  /// Audio of recognitions that have not begun and are still needed. One for each call at most is speculative, so it is bounded by the
  /// calls and the longest turn.
  private let waiting = Locked<[Question: SpokenTurn]>([:])
  /// Audio of questions to the turn detector that have not begun and are still needed. One a call at most, given up when its turn is over.
  private let judging = Locked<[Question: [Int16]]>([:])
  /// Recognitions that have begun; bounded by the threads.
  private let begun = Locked<[Question: CancellationToken]>([:])
  /// Questions to the language model that go on, with what each can be given up by once it was asked; one a call.
  private let asked = Locked<[Question: (any ModelTicket)?]>([:])

  package init(
    speechService: SpeechService, tools: any ToolCaller, model: any LanguageModel = AbsentLanguageModel(),
    answers: any SpeechResultSink
  ) {
    self.speechService = speechService
    self.tools = tools
    self.model = model
    self.answers = answers
  }

  /// While the engines are busy a speculation waits for `prioritize` or `cancel`, and what is only to be shown is dropped. The latter is dropped
  /// also when anything waits for the engines.
  public func transcribe(
    _ samples: [Int16], language: String, purpose: CallAction.Purpose, request: RequestID, call: CallNumber
  ) {
    let question = Question(call: call, request: request)
    var turn = SpokenTurn(samples: samples, language: language)
    turn.goesOn = purpose == .partial
    switch purpose {
    case .final, .interruption:
      waiting.withLock { $0[question] = turn }
      recognize(question, urgency: .waitedFor)
    case .speculative:
      waiting.withLock { $0[question] = turn }
      if speechService.allowsSpeculation { recognize(question, urgency: .soon) }
    case .partial:
      guard speechService.allowsSpeculation, speechService.workers.waitingCount == 0 else {
        return speechService.countDroppedPartial()
      }
      waiting.withLock { $0[question] = turn }
      recognize(question, urgency: .soon)
    }
  }

  /// While the engines are busy the question is refused: the words are not known in time either.
  public func judgeTurn(_ samples: [Int16], request: RequestID, call: CallNumber) {
    let question = Question(call: call, request: request)
    let (judging, answers) = (judging, answers)
    judging.withLock { $0[question] = samples }
    speechService.judgeTurn {
      judging.withLock { $0.removeValue(forKey: question) }
    } completion: { result in
      answers.post(SpeechResult(call: call, content: .completeness(request, result)))
    }
  }

  /// A speculation that has not begun goes in front of those whose turns may go on.
  public func prioritize(_ request: RequestID, call: CallNumber) {
    let question = Question(call: call, request: request)
    if waiting.withLock({ $0[question] != nil }) { recognize(question, urgency: .waitedFor) }
  }

  /// Whichever thread comes first takes the audio; one that finds none has nothing to do.
  private func recognize(_ question: Question, urgency: WorkerPool.Urgency) {
    let (waiting, begun, answers) = (waiting, begun, answers)
    let cancellation = CancellationToken()
    speechService.transcribe(urgency: urgency, cancellation: cancellation) {
      guard let turn = waiting.withLock({ $0.removeValue(forKey: question) }) else { return nil }
      begun.withLock { $0[question] = cancellation }
      return turn
    } completion: { result in
      begun.withLock { $0[question] = nil }
      answers.post(SpeechResult(call: question.call, content: .words(question.request, result)))
    }
  }

  /// Looks into the shared cache.
  public func readySpeech(_ key: SpeechKey) -> EncodedSpeech? { speechService.cache.speech(key) }

  /// Sentences after the first are less urgent.
  public func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber) {
    let answers = answers
    speechService.synthesize(key, urgency: isUrgent ? .waitedFor : .soon) { result in
      answers.post(SpeechResult(call: call, content: .speech(utterance, index: index, result)))
    }
  }

  /// Hands the request to the tool caller.
  public func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber) {
    let answers = answers
    tools.call(tool) { answer in
      answers.post(SpeechResult(call: call, content: .tool(request, answer)))
    }
  }

  /// On a worker thread, where recognitions are made, and as urgent as those.
  public func compare(_ question: MeaningQuestion, request: RequestID, call: CallNumber) {
    let answers = answers
    speechService.compare(question) { result in
      answers.post(SpeechResult(call: call, content: .meaning(request, result)))
    }
  }

  /// Hands the question to the language model.
  public func askModel(_ question: ModelRequest, request: RequestID, call: CallNumber) {
    let (answers, asked) = (answers, asked)
    let key = Question(call: call, request: request)
    asked.withLock { $0[key] = .some(nil) }
    let ticket = model.ask(question) { event in
      if case .delta = event {} else { asked.withLock { _ = $0.removeValue(forKey: key) } }
      answers.post(SpeechResult(call: call, content: .model(request, event)))
    }
    asked.withLock { if $0[key] != nil { $0[key] = ticket } }
  }

  /// A recognition that has not begun is not begun; one that another machine does is not waited for. A language model is stopped.
  public func cancel(_ request: RequestID, call: CallNumber) {
    let question = Question(call: call, request: request)
    waiting.withLock { _ = $0.removeValue(forKey: question) }
    if judging.withLock({ $0.removeValue(forKey: question) }) != nil { speechService.withdrawJudgement() }
    begun.withLock { $0[question] }?.cancel()
    if let ticket = asked.withLock({ $0.removeValue(forKey: question) }) { ticket?.cancel() }
  }
}
