/// One call as a value: events come in with their instant, actions come out. It reads no clock, waits for nothing and rolls no
/// dice, so the live server and a simulation in virtual time drive the same machine, and a trace can be replayed.
///
/// A mistake of the peer never stops it: every event has a defined answer in every phase.
public struct CallMachine: Sendable {
  /// What bounds the call.
  public internal(set) var limits: TurnLimits
  /// The same, before a client set anything of it.
  let ownLimits: TurnLimits
  /// What the call is doing.
  public internal(set) var phase: CallPhase = .new
  /// What is kept of the call; complete once the phase is `.ended`.
  public internal(set) var record: CallRecord

  package internal(set) var flow: any AgentFlow
  var segmenter = SpeechSegmenter()
  var callerLevel = CallerLevel()
  var turn: OpenTurn?
  var reply: Reply?
  /// The reply that was cut off and whose heard part is not known yet.
  var interrupted: Reply?
  /// The reply that was cut off last, in case the client knows better what was heard of it.
  var lastInterrupted: Reply?
  /// Speech over the agent of which it is not known yet whether there are words in it; only while the phase is `.speaking`.
  var pause: PlayoutPause?
  /// How to wait for the caller now.
  var listening = ListenOptions()
  /// Keys and texts that came before they could be used, oldest first; at most `TurnLimits.inputAheadMax`.
  var ahead: [CallerInput] = []
  /// A beep was heard while words of the greeting before it were still being recognised.
  var isBeepAhead = false
  /// Longest wait for the tool that was called last.
  var toolTimeout = CallDuration.zero
  /// Said when that takes long.
  var toolFiller: String?
  /// What the client is to call when everything was said.
  var clientCalls: [ModelToolCall] = []
  /// Places in `record.toolCalls` of those whose result is still to come, by the call in the model's conversation.
  var openToolCalls: [String: Int] = [:]
  /// The answer that a language model is making.
  var generation: Generation?
  /// The answer that it makes to words which may not be all of the turn's.
  var early: EarlyAnswer?
  /// How the client wants turns to be taken.
  var turns = TurnSettings()
  /// What the caller said last, while the client has not asked for an answer.
  var heldInput: FlowInput?
  /// The client asked for an answer to the turn that is being recognised.
  var isReplyWanted = false
  /// What the agent said last before it listened.
  var lastPrompt: [SpokenSentence] = []
  var utteranceCount = 0
  var requestCount = 0
  /// Failures in a row of the recogniser and of the synthesiser: that one of them works says nothing about the other.
  var recognitionFailures = 0
  var synthesisFailures = 0
  /// Reused for the flow's answers.
  var outputs: [FlowOutput] = []

  /// - Parameters:
  ///   - flow: decides on the agent's words.
  ///   - flowName: for the record.
  ///   - voice: id of the agent's voice, for the record.
  ///   - limits: what bounds the call.
  public init(flow: any AgentFlow, flowName: String, voice: String, limits: TurnLimits = TurnLimits()) {
    self.flow = flow
    self.limits = limits
    ownLimits = limits
    record = CallRecord(flow: flowName, voice: voice)
  }

  /// The one way in. Appends every consequence of `event` to `actions`; the driver performs them in order.
  public mutating func handle(_ event: CallEvent, at now: Timestamp, into actions: inout [CallAction]) {
    if case .tick = event { segmenter.advance(to: now, stall: endOfTurnSilence + limits.stallMax) }
    switch (phase, event) {
    case (_, .playoutStopped(let utterance, let heard)): recordPlayed(utterance, heard, at: now, into: &actions)
    case (_, .played(let utterance, let heard)): correctPlayed(utterance, heard, into: &actions)
    case (.ended, _): break

    case (_, .hungUp): end(.callerHungUp, at: now, into: &actions)
    case (_, .vanished): end(.callerVanished, at: now, into: &actions)
    case (_, .protocolBroken): end(.protocolError, at: now, into: &actions)
    case (_, .serverStopping): end(.serverShutdown, at: now, into: &actions)

    case (_, .commanded(let command)): obey(command, at: now, into: &actions)
    case (.new, .began): advanceFlow(.begin, at: now, into: &actions)
    case (_, .keyPressed(let key)): enqueueInput(.key(key), at: now, into: &actions)
    case (_, .beepHeard): handleBeep(at: now, into: &actions)
    case (_, .typed(let text)): enqueueInput(.text(text), at: now, into: &actions)
    case (.new, _), (_, .began): break

    case (_, .tick) where now - .zero >= limits.callDurationMax: reachLimit("call duration", at: now, into: &actions)
    case (.waiting(let since), .tick): checkInput(since: since, at: now, into: &actions)
    case (.hearing, .tick): checkStall(at: now, into: &actions)
    case (.keying(let since), .tick): checkKeyPause(since: since, at: now, into: &actions)
    case (.recognizing(let request, let since), .tick): checkRecognition(request, since, at: now, into: &actions)
    case (.comparing(let request, let since), .tick): checkComparison(request, since, at: now, into: &actions)
    case (.working(let request, let since), .tick): checkTool(request, since, at: now, into: &actions)
    case (.thinking(_, let since), .tick): checkModel(since, at: now, into: &actions)
    case (.preparing(let utterance, let since), .tick): checkSynthesis(utterance, since, at: now, into: &actions)
    case (.speaking(let utterance, let since), .tick): checkUtterance(utterance, since, at: now, into: &actions)

    case (_, .speechWindow(let probability, let until, let loudUntil, let meanSquare)):
      addWindow(probability, until: until, loudUntil: loudUntil, meanSquare: meanSquare)
      switch phase {
      case .waiting where !turns.detectsTurns: openSilentTurn(at: now, into: &actions)
      case .waiting: detectTurnStart(at: now, into: &actions)
      case .hearing: detectTurnEnd(at: now, into: &actions)
      case .recognizing, .comparing, .thinking, .preparing: detectResumedTurn(at: now, into: &actions)
      case .speaking: detectBargeIn(at: now, into: &actions)
      case .keying, .working, .new, .ended: break
      }

    case (.hearing, .transcribed(let request, let text)): keepSpeculation(request, text, at: now, into: &actions)
    case (.recognizing(let request, _), .transcribed(let answered, let text)) where answered == request:
      understand(text, at: now, into: &actions)
    case (.hearing, .recognitionFailed(let request, _)): forgetSpeculation(request)
    case (.recognizing(let request, _), .recognitionFailed(let answered, let error)) where answered == request:
      recognitionFailed(error, at: now, into: &actions)
    case (_, .transcribed), (_, .recognitionFailed): hearInterruption(event, at: now, into: &actions)
    case (.hearing, .turnJudged(let request, let completeness)):
      keepJudgement(request, completeness, at: now, into: &actions)
    case (.hearing, .turnJudgementFailed(let request, _)): forgetJudgement(request)
    case (_, .turnJudged), (_, .turnJudgementFailed): break  // likewise; silence ended it

    case (_, .sentenceReady(let utterance, let sentence, let duration)):
      addSentenceAudio(utterance, sentence, duration, at: now)
    case (.preparing(let waited, _), .synthesisFailed(let utterance, let error)) where waited == utterance:
      replyFailed(error, at: now, into: &actions)
    case (.speaking(let playing, _), .synthesisFailed(let utterance, let error)) where playing == utterance:
      restOfReplyFailed(error, at: now, into: &actions)
    case (.preparing(let waited, _), .playoutStarted(let utterance)) where waited == utterance:
      startSpeaking(at: now, into: &actions)
    case (.speaking(let playing, _), .playoutFinished(let utterance)) where playing == utterance:
      finishSpeaking(at: now, into: &actions)
    case (_, .synthesisFailed), (_, .playoutStarted), (_, .playoutFinished): break  // of an utterance that was stopped

    case (.comparing(let asked, _), .compared(let request, let similarities)) where asked == request:
      advanceFlow(.compared(similarities), at: now, into: &actions)
    case (.comparing(let asked, _), .comparisonFailed(let request, let error)) where asked == request:
      comparisonFailed(error, at: now, into: &actions)
    case (_, .compared), (_, .comparisonFailed): break  // of a turn that is over
    case (.working(let asked, _), .toolAnswered(let request, let answer)) where asked == request:
      toolAnswered(answer, at: now, into: &actions)
    case (.preparing, .toolAnswered(let request, let answer)), (.speaking, .toolAnswered(let request, let answer)):
      keepToolResponse(answer, to: request)
    case (_, .toolAnswered): break  // after its time-out
    case (_, .modelDelta(let request, let delta)): addDelta(request, delta, at: now, into: &actions)
    case (_, .modelFinished(let request)): finishGeneration(request, at: now, into: &actions)
    case (_, .modelFailed(let request, let fault)): failGeneration(request, fault, at: now, into: &actions)
    }
  }
}
