/// The agent's utterances: prepared, played, cut off.
extension CallMachine {
  /// Sentences as this call's voice says them; what is silent is left out.
  func spokenSentences(_ sentences: [String]) -> [SpokenSentence] {
    SpokenSentence.all(sentences, voice: record.voice, dates: flow.spokenDateOrder)
  }

  mutating func say(
    _ sentences: [SpokenSentence], isInterruptible: Bool, next: Reply.Next, at now: Timestamp,
    into actions: inout [CallAction]
  ) {
    utteranceCount += 1
    let utterance = UtteranceID(utteranceCount)
    reply = Reply(
      utterance: utterance, turn: turn?.id ?? TurnID(record.turns), spoken: SpokenText(sentences: sentences),
      isInterruptible: isInterruptible, next: next)
    if case .listen = next { lastPrompt = sentences }
    enterStage(.flow, at: now)
    if turn?.replyAt == nil { turn?.replyAt = now }
    phase = .preparing(utterance, since: now)
    actions.append(
      next.isModel
        ? .speakPart(utterance, sentences: sentences.map(\.synthesis), isLast: false)
        : .speak(utterance, sentences: sentences.map(\.synthesis)))
  }

  mutating func addSentenceAudio(_ utterance: UtteranceID, _ sentence: Int, _ duration: CallDuration, at now: Timestamp)
  {
    guard reply?.utterance == utterance else { return }
    synthesisFailures = 0
    reply?.spoken.addDuration(sentence, ofSentence: duration)
    if turn?.audioAt == nil { turn?.audioAt = now }
  }

  mutating func startSpeaking(at now: Timestamp, into actions: inout [CallAction]) {
    guard let reply else { return }
    self.reply?.hasStarted = true
    phase = .speaking(reply.utterance, since: now)
    var entry = TranscriptEntry(
      turn: reply.turn, role: .agent, text: reply.spoken.text, at: now, source: .speech, utterance: reply.utterance,
      playedText: "")
    entry.spoken = reply.spoken.wording
    appendTranscript(entry)
    appendTimeline(.agentStarted, "utterance \(reply.utterance.number)", at: now)
    actions.append(.report(.agentStarted(entry)))
    if let latency = turn?.latency(playedAt: now) {
      record.turnLatencies.append(latency)
      actions.append(.report(.turnAnswered(latency)))
    }
    closeTurn(into: &actions)
    drainInput(at: now, into: &actions)
  }

  mutating func finishSpeaking(at now: Timestamp, into actions: inout [CallAction]) {
    guard let reply else { return }
    if !isOutlasted(reply) { dropPause(into: &actions) }
    appendTimeline(.agentFinished, "utterance \(reply.utterance.number)", at: now)
    if let entry = amend(reply, heard: reply.spoken.duration, text: reply.spoken.playableText, interrupted: false) {
      actions.append(.report(.agentFinished(entry)))
    }
    proceed(to: reply.next, at: now, into: &actions)
  }

  /// Writes into the record what of an utterance was played.
  mutating func amend(
    _ reply: Reply, heard: CallDuration, text: String, interrupted: Bool
  ) -> TranscriptEntry? {
    guard let index = record.transcript.lastIndex(where: { $0.utterance == reply.utterance }) else { return nil }
    record.transcript[index].heard = heard
    record.transcript[index].playedText = text
    record.transcript[index].interrupted = interrupted
    return record.transcript[index]
  }

  /// Nothing of the reply can be spoken: the call goes on as if it had been, and the record does not claim it.
  mutating func replyFailed(_ error: EngineError, at now: Timestamp, into actions: inout [CallAction]) {
    synthesisFailures += 1
    guard recoverFromFailure(error, failures: synthesisFailures, code: "synthesis-failed", at: now, into: &actions),
      let reply
    else { return }
    proceed(to: reply.next, at: now, into: &actions)
  }

  /// The sentences that are there are played; the driver then reports the end.
  mutating func restOfReplyFailed(_ error: EngineError, at now: Timestamp, into actions: inout [CallAction]) {
    synthesisFailures += 1
    _ = recoverFromFailure(error, failures: synthesisFailures, code: "synthesis-failed", at: now, into: &actions)
  }

  mutating func checkSynthesis(
    _ utterance: UtteranceID, _ since: Timestamp, at now: Timestamp, into actions: inout [CallAction]
  ) {
    guard now - since >= limits.synthesisMax else { return }
    actions.append(.stopPlayout(utterance))
    replyFailed(.timedOut(limit: limits.synthesisMax), at: now, into: &actions)
  }

  mutating func checkUtterance(
    _ utterance: UtteranceID, _ since: Timestamp, at now: Timestamp, into actions: inout [CallAction]
  ) {
    advancePause(at: now, into: &actions)
    guard now - since >= limits.utteranceDurationMax, let stopped = reply else { return }
    appendTimeline(.limitReached, "utterance duration", at: now)
    stopReply(into: &actions)
    proceedStopped(stopped, at: now, into: &actions)
  }
}

/// The agent's utterance that is being prepared or played, and what comes after it.
struct Reply: Sendable {
  /// What the flow wants when everything was said.
  enum Next: Sendable, Equatable {
    case listen(ListenOptions)
    /// Wait for the tool that was called at `since`.
    case tool(RequestID, since: Timestamp)
    /// Wait for what the caller's words mean, asked at `since`.
    case meaning(RequestID, since: Timestamp)
    /// Say what else the language model says that was asked at `since`.
    case model(RequestID, since: Timestamp)
    case end(FlowEnding)

    /// Whether more of the utterance may come.
    var isModel: Bool { if case .model = self { true } else { false } }
  }

  let utterance: UtteranceID
  /// The turn that it answers; 0 for the opening.
  let turn: TurnID
  var spoken: SpokenText
  var isInterruptible: Bool
  var next: Next
  /// The tool's answer, when it came while the agent was speaking.
  var heldAnswer: ToolResponse?
  /// Whether the first packet was sent.
  var hasStarted = false
}
