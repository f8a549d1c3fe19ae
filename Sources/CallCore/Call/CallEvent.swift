/// What happens to a call. The driver turns packets, answers and the passing of time into these.
public enum CallEvent: Sendable, Equatable {
  /// The caller is connected; the flow begins.
  case began
  /// One detector window of the caller's audio. `until` is when its last sample was due on the caller's own clock, which
  /// does not stutter with the network. `loudUntil` is when the last sound ended that was well above the noise: detectors
  /// see the end of speech some 100 ms late, and that much every caller would wait. `meanSquare` is that of its samples, 0 … 2³⁰; `nil` where there
  /// is no sound: the speech is then the caller's, however loud it is.
  case speechWindow(SpeechProbability, until: Timestamp, loudUntil: Timestamp, meanSquare: Int? = nil)
  /// The caller pressed a key.
  case keyPressed(Key)
  /// A beep such as that of an answering machine is over, and nothing sounds behind it.
  case beepHeard
  /// The caller typed instead of speaking; not empty.
  case typed(String)
  /// The recogniser's answer; empty when it understood nothing.
  case transcribed(RequestID, String)
  /// The recogniser gave no answer.
  case recognitionFailed(RequestID, EngineError)
  /// How complete the turn detector finds the open turn.
  case turnJudged(RequestID, TurnCompleteness)
  /// The turn detector gave no answer.
  case turnJudgementFailed(RequestID, EngineError)
  /// Audio of a sentence is there. Sentences come in order.
  case sentenceReady(UtteranceID, sentence: Int, CallDuration)
  /// A sentence could not be spoken; no further one of this utterance will come.
  case synthesisFailed(UtteranceID, EngineError)
  /// The first packet of an utterance was sent.
  case playoutStarted(UtteranceID)
  /// The caller heard the utterance to its end.
  case playoutFinished(UtteranceID)
  /// The utterance was stopped, as asked; so much of it was audible.
  case playoutStopped(UtteranceID, played: CallDuration)
  /// The client's own word on how much of an utterance it played; may come late, wrong, or never.
  case played(UtteranceID, CallDuration)
  /// A tool's answer.
  case toolAnswered(RequestID, ToolResponse)
  /// How alike the caller's words are in meaning to each phrase of the question, in its order.
  case compared(RequestID, [Similarity])
  /// That could not be found out.
  case comparisonFailed(RequestID, EngineError)
  /// More of a language model's answer.
  case modelDelta(RequestID, ModelDelta)
  /// A language model's answer is whole.
  case modelFinished(RequestID)
  /// A language model gave no answer, or broke it off.
  case modelFailed(RequestID, ModelFault)
  /// A client whose wire lets it decides on turns itself.
  case commanded(TurnCommand)
  /// The caller hung up.
  case hungUp
  /// The caller's connection broke.
  case vanished
  /// The peer broke the wire's rules so that the call cannot go on.
  case protocolBroken
  /// The server goes down and can wait no longer.
  case serverStopping
  /// Time passed. Sent at least every 100 ms.
  case tick
}

/// What a call asks its driver to do, in order.
public enum CallAction: Sendable, Equatable {
  /// Why words are asked for. The raw values stand in traces.
  public enum Purpose: String, Sendable, CaseIterable {
    /// To show them while the caller speaks; may be dropped under load.
    case partial
    /// The caller made a short pause; used if the turn turns out to be over.
    case speculative
    /// The turn is over and its words are needed.
    case final
    /// The caller spoke over the agent, which has paused and waits for the words.
    case interruption
  }

  /// A turn began: keep the caller's audio from `preRoll` before `speechStart` on.
  case openTurn(TurnID, speechStart: Timestamp)
  /// Recognise the open turn's audio so far.
  case transcribe(RequestID, Purpose)
  /// Ask the turn detector how complete the open turn's audio so far is; answer with `.turnJudged` or `.turnJudgementFailed`. An answer that
  /// comes late does no harm: silence then ends the turn.
  case judgeTurn(RequestID)
  /// The turn is over: the words of this speculation, which are not known yet, are waited for now; or the answer that was begun early is the turn's,
  /// however much of it is there.
  case hurry(RequestID)
  /// The answer to this request is not needed any more.
  case cancel(RequestID)
  /// The turn's audio is not needed any more.
  case closeTurn(TurnID)
  /// Speak these sentences one after the other.
  case speak(UtteranceID, sentences: [SynthesisText])
  /// Speak these sentences: the first of an utterance, or further ones behind those. Unless `isLast`, more will come, and the utterance is not over
  /// when they were played. After a sentence that could not be spoken no further one is.
  case speakPart(UtteranceID, sentences: [SynthesisText], isLast: Bool)
  /// Stop speaking at once and answer with `.playoutStopped`, also when nothing was audible yet.
  case stopPlayout(UtteranceID)
  /// Send nothing more of it for now. What was sent is played.
  case pausePlayout(UtteranceID)
  /// Go on behind what was sent.
  case resumePlayout(UtteranceID)
  /// Make this request; answer with `.toolAnswered`.
  case callTool(RequestID, ToolRequest)
  /// Find out how alike the caller's words are in meaning to these phrases; answer with `.compared` or `.comparisonFailed`.
  case compare(RequestID, MeaningQuestion)
  /// Ask a language model; answer with `.modelDelta` as it speaks, and at last once with `.modelFinished` or `.modelFailed`.
  case askModel(RequestID, ModelRequest)
  /// The same before the turn is over: its answer is thrown away by `.cancel`, or becomes the turn's by `.hurry`.
  case askModelEarly(RequestID, ModelRequest)
  /// Tell the client.
  case report(CallReport)
  /// The call is over: keep its record, tell the client, close. The last action of a call.
  case end(CloseReason)
}

/// Something that happened in a call and that its client is told at once. `Sources/Documentation.docc/Wire.md` says how it travels.
public enum CallReport: Sendable, Equatable {
  /// The caller began to speak.
  case speechStarted(at: Timestamp)
  /// The caller's turn is over; `at` is the end of the last speech.
  case speechStopped(at: Timestamp)
  /// What the caller said in a turn: not final while the turn may still go on.
  case transcript(TranscriptEntry, final: Bool)
  /// The flow went to another state.
  case stateEntered(name: String, from: String, because: String)
  /// The agent's utterance began to play.
  case agentStarted(TranscriptEntry)
  /// More is said in the utterance that plays; the entry holds all of it so far. Only where a language model speaks.
  case agentContinued(TranscriptEntry)
  /// It was played to its end.
  case agentFinished(TranscriptEntry)
  /// It was cut off; the entry says what was heard.
  case agentInterrupted(TranscriptEntry)
  /// It pauses for speech over it, of which it is not known yet whether it is an interruption.
  case agentPaused(TranscriptEntry)
  /// It goes on where it paused: there were no words, or a back-channel.
  case agentResumed(TranscriptEntry)
  /// Audio of this utterance that the client has not played yet is to be dropped.
  case clear(UtteranceID)
  /// Nobody spoke for as long as the client said (`TurnSettings.noInputAfter`) since the agent had finished; the flow goes on.
  case nobodySpoke(since: Timestamp)
  /// The client is to call these tools of its own; only where it brought a language model its instructions.
  case toolsWanted([ModelToolCall])
  /// A language model used a tool, or the result of one is there; the entry has the number that it had before.
  case toolUsed(ToolCallEntry)
  /// A turn was answered: how long the caller waited.
  case turnAnswered(TurnLatency)
  /// Something went wrong; the call goes on unless it is followed by the end. Fit for the client's eyes.
  case trouble(code: String, message: String)
}

/// The number of a caller's turn within its call, counting from 1. Turn 0 is the agent's opening, before anybody spoke.
public struct TurnID: Hashable, Comparable, Sendable {
  /// 0 … `TurnLimits.turnsMax`.
  public let number: Int

  /// - Parameter number: 0 for the opening.
  public init(_ number: Int) { self.number = number }

  /// Earlier in the call.
  public static func < (left: TurnID, right: TurnID) -> Bool { left.number < right.number }
}

/// The number of an agent's utterance within its call, counting from 1.
public struct UtteranceID: Hashable, Sendable {
  /// 1 and up.
  public let number: Int

  /// - Parameter number: 1 and up.
  public init(_ number: Int) { self.number = number }
}

/// The number of a question to an engine or a tool within its call. An answer that carries an old number is dropped.
public struct RequestID: Hashable, Sendable {
  /// 1 and up.
  public let number: Int

  /// - Parameter number: 1 and up.
  public init(_ number: Int) { self.number = number }
}
