/// The caller's speech: from the first sound to the end of the turn.
extension CallMachine {
  /// Silence that ends a turn in the flow's present state.
  var endOfTurnSilence: CallDuration {
    turn?.isUnfinished == true ? max(usualSilence, limits.unfinishedTurnSilence) : usualSilence
  }

  /// The same for a turn of which nothing is known but its silence.
  private var usualSilence: CallDuration {
    turns.endOfTurnSilence ?? listening.endOfTurnSilence ?? limits.endOfTurnSilence
  }

  /// Takes in one window; see `CallEvent.speechWindow`.
  mutating func addWindow(
    _ probability: SpeechProbability, until: Timestamp, loudUntil: Timestamp, meanSquare: Int?
  ) {
    segmenter.addWindow(probability, until: until, loudUntil: loudUntil, limits: limits)
    callerLevel.addWindow(
      meanSquare: meanSquare, probability: probability, isSpeech: segmenter.hearsSpeech, limits: limits)
  }

  mutating func detectTurnStart(at now: Timestamp, into actions: inout [CallAction]) {
    if segmenter.run >= limits.speechMin { openTurn(at: now, into: &actions) }
  }

  mutating func detectTurnEnd(at now: Timestamp, into actions: inout [CallAction]) {
    guard var open = turn else { return }
    if segmenter.hearsSpeech {
      dropSpeculation(of: &open, into: &actions)
      askForPartial(of: &open, at: now, into: &actions)
      open.isFull = segmenter.heardUntil - open.start >= limits.turnDurationMax
      turn = open
      if open.isFull, turns.detectsTurns {
        appendTimeline(.limitReached, "turn duration", at: now)
        endTurn(by: .limit, at: now, into: &actions)
        segmenter.resetRun()
      }
    } else if !turns.detectsTurns {
      return
    } else if segmenter.silence >= endOfTurnSilence {
      endTurn(by: endOfTurnSilence > usualSilence ? .longSilence : .silence, at: now, into: &actions)
    } else {
      if segmenter.silence >= limits.speculationSilence, open.speculation == .none {
        let request = nextRequest()
        open.speculation = .asked(request, at: now)
        actions.append(.transcribe(request, .speculative))
      }
      askForJudgement(of: &open, into: &actions)
      turn = open
    }
  }

  /// The turn is over, but nothing was played yet: a caller who goes on takes the turn back. People who talk behind the caller do not.
  mutating func detectResumedTurn(at now: Timestamp, into actions: inout [CallAction]) {
    // Whoever has pressed a key or typed since then has answered: what is said now comes behind it.
    guard segmenter.run >= limits.speechMin, callerLevel.isReached, let open = turn, open.source == .speech,
      !open.isFull, !open.isCommitted,
      turns.detectsTurns, ahead.isEmpty
    else { return }
    if case .recognizing(let request, _) = phase {
      actions.append(.cancel(request))
    } else {
      var isComparing = false
      if case .comparing(let request, _) = phase {
        actions.append(.cancel(request))
        isComparing = true
      }
      guard let before = open.flowBefore, isComparing || reply != nil || generation != nil else { return }
      abandonGeneration(into: &actions)
      flow = before
      record.slots = flow.slots
      record.transcript.removeAll { $0.turn == open.id }
      takeBackToolCalls(of: open.id, into: &actions)
      if let reply { actions.append(.stopPlayout(reply.utterance)) }
      self.reply = nil
    }
    resumeTurn(open, into: &actions)
  }

  /// Begins a turn with the speech that was just detected.
  mutating func openTurn(at now: Timestamp, into actions: inout [CallAction]) {
    guard let id = nextTurn(at: now, into: &actions) else { return }
    turn = OpenTurn(id: id, source: .speech, start: segmenter.speechStart)
    callerLevel.turnBegan()
    phase = .hearing
    appendTimeline(.speechStarted, "", at: segmenter.speechStart)
    actions.append(.openTurn(id, speechStart: segmenter.speechStart))
    actions.append(.report(.speechStarted(at: segmenter.speechStart)))
  }

  private mutating func resumeTurn(_ open: OpenTurn, into actions: inout [CallAction]) {
    var open = open
    open.speculation = .none
    open.judgement = .none
    open.isUnfinished = false
    open.flowBefore = nil
    open.endedAt = nil
    open.endedBy = nil
    open.wordsAt = nil
    open.stages = ReplyStages()
    open.replyAt = nil
    open.audioAt = nil
    turn = open
    phase = .hearing
    appendTimeline(.speechStarted, "goes on", at: segmenter.speechStart)
    actions.append(.report(.speechStarted(at: segmenter.speechStart)))
  }

  mutating func endTurn(by ending: TurnEnding, at now: Timestamp, into actions: inout [CallAction]) {
    guard var open = turn else { return }
    dropJudgement(of: &open, into: &actions)
    open.inputEnd = min(segmenter.speechEnd, now)
    open.endedAt = now
    open.endedBy = ending
    turn = open
    appendTimeline(.speechStopped, "", at: segmenter.speechEnd)
    appendTimeline(.turnEnded, "turn \(open.id.number)", at: now)
    if open.isReported { actions.append(.report(.speechStopped(at: segmenter.speechEnd))) }
    switch open.speculation {
    case .answered(let text): understand(text, at: now, into: &actions)
    case .asked(let request, let at):
      phase = .recognizing(request, since: at)
      actions.append(.hurry(request))
    case .none:
      let request = nextRequest()
      phase = .recognizing(request, since: now)
      actions.append(.transcribe(request, .final))
    }
  }

  /// A caller whose audio stops coming in mid-turn has stopped speaking, as far as we can know.
  mutating func checkStall(at now: Timestamp, into actions: inout [CallAction]) {
    guard turns.detectsTurns else { return }
    if now - segmenter.heardUntil >= endOfTurnSilence + limits.stallMax { endTurn(by: .stall, at: now, into: &actions) }
  }

  private mutating func askForPartial(of open: inout OpenTurn, at now: Timestamp, into actions: inout [CallAction]) {
    guard let interval = limits.partialInterval, now - (open.partialAskedAt ?? open.start) >= interval else { return }
    let request = nextRequest()
    open.partial = request
    open.partialAskedAt = now
    actions.append(.transcribe(request, .partial))
  }

  private mutating func dropSpeculation(of open: inout OpenTurn, into actions: inout [CallAction]) {
    if case .asked(let request, _) = open.speculation { actions.append(.cancel(request)) }
    dropEarlyAnswer(into: &actions)
    open.speculation = .none
    dropJudgement(of: &open, into: &actions)
  }

  /// Words of a turn that still goes on.
  mutating func keepSpeculation(
    _ request: RequestID, _ text: String, at now: Timestamp, into actions: inout [CallAction]
  ) {
    guard var open = turn else { return }
    var isSpeculation = false
    if case .asked(request, _) = open.speculation {
      open.speculation = .answered(text)
      isSpeculation = true
    } else if open.partial == request {
      open.partial = nil
    } else {
      return
    }
    turn = open
    recognitionFailures = 0
    if !text.isEmpty {
      let entry = TranscriptEntry(
        turn: open.id, role: .caller, text: text, at: open.start, source: .speech, playedText: text)
      actions.append(.report(.transcript(entry, final: false)))
    }
    guard isSpeculation, !endTurnByMeaning(at: now, into: &actions), turn?.isUnfinished == false else { return }
    beginEarlyAnswer(to: text, at: now, into: &actions)
  }

  /// A failed speculation is no loss: the end of the turn asks again.
  mutating func forgetSpeculation(_ request: RequestID) {
    if case .asked(request, _) = turn?.speculation { turn?.speculation = .none }
    if turn?.partial == request { turn?.partial = nil }
  }
}

/// The caller's turn that is being taken or answered.
struct OpenTurn: Sendable {
  /// A speculative recognition in a short pause.
  enum Speculation: Sendable, Equatable {
    case none
    case asked(RequestID, at: Timestamp)
    case answered(String)
  }

  let id: TurnID
  let source: TranscriptEntry.Source
  /// When the caller began.
  let start: Timestamp
  /// End of the caller's last speech, key or text.
  var inputEnd: Timestamp
  /// The longest turn was reached: nothing can be added to it.
  var isFull = false
  /// Whether the client was told of its beginning.
  var isReported = true
  /// The client said that it is over: nothing is added to it, and the agent waits to be asked for an answer.
  var isCommitted = false
  /// Keys so far.
  var keys = ""
  /// Whether the keys took the place of speech whose beginning the client was told.
  var replacesSpeech = false
  var speculation = Speculation.none
  /// What the turn detector says of the present pause.
  var judgement = TurnJudgement.none
  /// Whether both the turn detector and the words of the present pause say that more comes.
  var isUnfinished = false
  /// Pauses so far whose words were known before it was over.
  var knownPauses = 0
  /// The last request for words to show, and when it was made.
  var partial: RequestID?
  var partialAskedAt: Timestamp?
  /// When the turn was found to be over, its words known, its reply known, and audio of that ready.
  var endedAt: Timestamp?
  var endedBy: TurnEnding?
  var wordsAt: Timestamp?
  /// Where the time goes until the reply is known.
  var stages = ReplyStages()
  var replyAt: Timestamp?
  var audioAt: Timestamp?
  /// The flow before it heard of this turn, in case the caller goes on; `nil` when there is no way back.
  var flowBefore: (any AgentFlow)?

  init(id: TurnID, source: TranscriptEntry.Source, start: Timestamp) {
    self.id = id
    self.source = source
    self.start = start
    inputEnd = start
  }

  /// The waits of the turn, once its first packet was sent at `playedAt`; `nil` before the reply is known.
  func latency(playedAt: Timestamp) -> TurnLatency? {
    guard let endedAt, let wordsAt, let replyAt else { return nil }
    let audioAt = audioAt ?? playedAt
    return TurnLatency(
      turn: id, endpoint: endedAt - inputEnd, recognition: wordsAt - endedAt, flow: replyAt - wordsAt,
      synthesis: audioAt - replyAt, playout: playedAt - audioAt, model: stages.latency,
      endedBy: endedBy)
  }
}
