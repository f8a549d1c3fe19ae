/// A client that decides itself when turns are over and when the agent answers.
extension CallMachine {
  /// Does as the client says, where the call's phase has a use for it.
  mutating func obey(_ command: TurnCommand, at now: Timestamp, into actions: inout [CallAction]) {
    switch (command, phase) {
    case (.configure(let settings), _): configure(settings, at: now, into: &actions)
    case (.commit, .waiting):
      openSilentTurn(at: now, into: &actions)
      commitTurn(at: now, into: &actions)
    case (.commit, .hearing): commitTurn(at: now, into: &actions)
    case (.commit, .keying):
      turn?.isCommitted = true
      endKeys(at: now, into: &actions)
    case (.commit, _): reportNoWords(of: TurnID(record.turns), at: now, into: &actions)  // nothing is listened to now
    case (.discardInput, .hearing): discardTurn(at: now, into: &actions)
    case (.discardInput, _): break
    case (.reply, .waiting): reply(at: now, into: &actions)
    case (.reply, .hearing) where !turns.detectsTurns || !turns.repliesByItself:
      dropSpokenTurn(into: &actions)
      reply(at: now, into: &actions)
    case (.reply, .recognizing), (.reply, .keying): isReplyWanted = true
    case (.reply, _): break  // an answer is on its way
    case (.cancelReply, .thinking):
      let listening = stopGeneration(at: now, into: &actions)
      wait(listening, at: now, into: &actions)
    case (.cancelReply, .preparing), (.cancelReply, .speaking): cancelReply(at: now, into: &actions)
    case (.cancelReply, _): isReplyWanted = false
    case (.instruct(let instruction), _):
      if case .message(.toolResult(let call, _)) = instruction { noteResult(of: call, at: now, into: &actions) }
      flow.instruct(instruction)
      turn?.flowBefore?.instruct(instruction)  // it holds also where the caller takes the turn back
    }
  }

  private mutating func configure(_ settings: TurnSettings, at now: Timestamp, into actions: inout [CallAction]) {
    let detectedTurns = turns.detectsTurns
    turns = settings
    limits.speechThreshold = settings.speechThreshold ?? ownLimits.speechThreshold
    limits.silenceThreshold =
      settings.speechThreshold.map { SpeechProbability(thousandths: $0.thousandths - Self.thresholdGap) }
      ?? ownLimits.silenceThreshold
    // What was asked under other settings ends no turn.
    if var open = turn {
      dropJudgement(of: &open, into: &actions)
      turn = open
    }
    // What was kept without speech is no turn for a detector.
    if settings.detectsTurns, !detectedTurns, case .hearing = phase { discardTurn(at: now, into: &actions) }
  }

  /// How far below the threshold of speech that of silence lies (Silero's own default), in thousandths.
  private static let thresholdGap = 150

  /// Begins to keep what is heard, whether it is speech or not.
  mutating func openSilentTurn(at now: Timestamp, into actions: inout [CallAction]) {
    guard let id = nextTurn(at: now, into: &actions) else { return }
    let start = segmenter.heardUntil
    turn = OpenTurn(id: id, source: .speech, start: start)
    turn?.isReported = false
    phase = .hearing
    actions.append(.openTurn(id, speechStart: start))
  }

  private mutating func commitTurn(at now: Timestamp, into actions: inout [CallAction]) {
    guard case .hearing = phase, turn != nil else { return }
    turn?.isCommitted = true
    endTurn(by: .client, at: now, into: &actions)
    segmenter.resetRun()
  }

  private mutating func discardTurn(at now: Timestamp, into actions: inout [CallAction]) {
    dropSpokenTurn(into: &actions)
    phase = .waiting(since: now)
  }

  /// Whether the agent may answer the turn now; asked once a turn.
  mutating func mayReply() -> Bool {
    let isAsked = isReplyWanted
    isReplyWanted = false
    return isAsked || turns.repliesByItself && turn?.isCommitted != true
  }

  /// Keeps what the caller said until an answer is wanted. Of several turns the last counts.
  mutating func hold(_ input: FlowInput, at now: Timestamp, into actions: inout [CallAction]) {
    heldInput = input
    dropEarlyAnswer(into: &actions)
    wait(listening, at: now, into: &actions)
  }

  /// The client waits for the words of what it committed: there are none.
  mutating func reportNoWords(of turn: TurnID, at now: Timestamp, into actions: inout [CallAction]) {
    let entry = TranscriptEntry(turn: turn, role: .caller, text: "", at: now, source: .speech, playedText: "")
    actions.append(.report(.transcript(entry, final: true)))
  }

  private mutating func reply(at now: Timestamp, into actions: inout [CallAction]) {
    if let input = heldInput {
      heldInput = nil
      advanceFlow(input == .notUnderstood && flow.answersUnasked ? .replyWanted : input, at: now, into: &actions)
    } else if flow.answersUnasked {
      advanceFlow(.replyWanted, at: now, into: &actions)
    } else if !lastPrompt.isEmpty {
      say(lastPrompt, isInterruptible: true, next: .listen(listening), at: now, into: &actions)
    }
    guard case .waiting = phase else { return }
    actions.append(.report(.trouble(code: "nothing-to-say", message: "the agent has nothing to say now")))
  }

  private mutating func cancelReply(at now: Timestamp, into actions: inout [CallAction]) {
    guard let stopped = reply else { return }
    stopReply(into: &actions)
    proceedStopped(stopped, at: now, into: &actions)
  }
}
