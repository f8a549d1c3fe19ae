public import CallCore

/// What a call needs done outside its loop. Live, worker threads do it; in virtual time it is done at once and the answer comes
/// later by the model of latency. Every question is answered exactly once through the loop, unless it was cancelled.
public protocol SpeechTasks: AnyObject {
  /// - Parameters:
  ///   - samples: 16 kHz mono, a turn so far.
  ///   - language: what is spoken there, as a BCP 47 tag.
  ///   - purpose: when the recogniser is busy, a partial may be dropped without an answer, and a speculation may wait for `prioritize`.
  func transcribe(
    _ samples: [Int16], language: String, purpose: CallAction.Purpose, request: RequestID, call: CallNumber
  )

  /// Finds out how complete a turn sounds; worth nothing unless it comes before the turn's usual silence is over.
  /// - Parameter samples: 16 kHz mono, the turn so far.
  func judgeTurn(_ samples: [Int16], request: RequestID, call: CallNumber)

  /// The turn is over: the words of this speculation are waited for now, or the answer that was begun early is the turn's. Does nothing when they
  /// are on their way already.
  func prioritize(_ request: RequestID, call: CallNumber)

  /// The audio, when it was made before.
  func readySpeech(_ key: SpeechKey) -> EncodedSpeech?

  /// - Parameter isUrgent: whether the caller waits for it, rather than listening to an earlier sentence.
  func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber)

  /// Makes a tool's request.
  func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber)

  /// Finds out how alike the caller's words are in meaning to phrases. A caller waits for it.
  func compare(_ question: MeaningQuestion, request: RequestID, call: CallNumber)

  /// Asks a language model. Its answer comes in as many results as it has pieces.
  func askModel(_ question: ModelRequest, request: RequestID, call: CallNumber)

  /// Asks a language model before the caller's turn is over: the answer is thrown away by `cancel`, or counted on from `prioritize` on.
  func askModelEarly(_ question: ModelRequest, request: RequestID, call: CallNumber)

  /// The answer is not needed any more; it may still come.
  func cancel(_ request: RequestID, call: CallNumber)
}

extension SpeechTasks {
  /// Not answered: silence ends the turn.
  public func judgeTurn(_ samples: [Int16], request: RequestID, call: CallNumber) {}

  /// As any other question.
  public func askModelEarly(_ question: ModelRequest, request: RequestID, call: CallNumber) {
    askModel(question, request: request, call: call)
  }
}

/// What a call asked for, brought back to its loop.
public struct SpeechResult: Sendable {
  /// What was found out.
  public enum Content: Sendable {
    /// The words of a turn.
    case words(RequestID, Result<String, EngineError>)
    /// How complete a turn sounds.
    case completeness(RequestID, Result<TurnCompleteness, EngineError>)
    /// The audio of sentence `index`.
    case speech(UtteranceID, index: Int, Result<EncodedSpeech, EngineError>)
    /// A tool's answer.
    case tool(RequestID, ToolResponse)
    /// How alike in meaning the caller's words are.
    case meaning(RequestID, Result<[Similarity], EngineError>)
    /// What comes of a question to a language model.
    case model(RequestID, ModelEvent)
  }

  /// The call that asked; an answer to a call that is over is dropped.
  public var call: CallNumber
  /// What was found out.
  public var content: Content
}

/// Carries answers from worker threads to the loop of the call.
public protocol SpeechResultSink: AnyObject, Sendable {
  /// Any thread. An answer that cannot be delivered is dropped: the call's own time-out covers it.
  func post(_ answer: SpeechResult)
}

/// Makes the HTTP requests of flows, off the media loops.
public protocol ToolCaller: AnyObject, Sendable {
  /// Any thread. `completion` is called exactly once, on any thread, at the latest after `tool.timeout`.
  func call(_ tool: ToolRequest, completion: @escaping @Sendable (ToolResponse) -> Void)
}
