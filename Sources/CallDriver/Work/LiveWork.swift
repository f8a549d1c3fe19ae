public import CallCore

/// Does the calls' work on worker threads, and brings the answers back to one loop. One for each media loop.
public final class LiveWork: CallWork {
  private struct Question: Hashable {
    let call: CallNumber
    let request: RequestID
  }

  private let workshop: SpeechWorkshop
  private let tools: any ToolCaller
  private let answers: any CallAnswerSink
  /// Recognitions that are still needed; a cancelled one is not begun.
  private let wanted = Guarded<Set<Question>>([])

  /// - Parameters:
  ///   - workshop: shared by all loops.
  ///   - tools: makes the flows' requests.
  ///   - answers: leads to this loop.
  public init(workshop: SpeechWorkshop, tools: any ToolCaller, answers: any CallAnswerSink) {
    self.workshop = workshop
    self.tools = tools
    self.answers = answers
  }

  /// Partials are dropped as soon as anything waits for the engines.
  public func transcribe(_ samples: [Int16], purpose: CallAction.Purpose, request: RequestID, call: CallNumber) {
    if purpose == .partial, workshop.workers.waitingCount > 0 { return }
    let question = Question(call: call, request: request)
    let (wanted, answers) = (wanted, answers)
    wanted.with { _ = $0.insert(question) }
    workshop.transcribe(samples, urgency: purpose == .final ? .waitedFor : .soon) {
      wanted.with { $0.remove(question) != nil }
    } completion: { result in
      wanted.with { _ = $0.remove(question) }
      answers.post(CallAnswer(call: call, content: .words(request, result)))
    }
  }

  /// Looks into the shared cache.
  public func readySpeech(_ key: SpeechKey) -> EncodedSpeech? { workshop.cache.speech(key) }

  /// Sentences after the first are less urgent.
  public func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber) {
    let answers = answers
    workshop.synthesize(key, urgency: isUrgent ? .waitedFor : .soon) { result in
      answers.post(CallAnswer(call: call, content: .speech(utterance, index: index, result)))
    }
  }

  /// Hands the request to the tool caller.
  public func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber) {
    let answers = answers
    tools.call(tool) { answer in
      answers.post(CallAnswer(call: call, content: .tool(request, answer)))
    }
  }

  /// A recognition that has not begun is not begun.
  public func cancel(_ request: RequestID, call: CallNumber) {
    wanted.with { _ = $0.remove(Question(call: call, request: request)) }
  }
}
