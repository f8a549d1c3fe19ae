/// The agent's utterances: prepared, played, cut off.
extension CallMachine {
  mutating func say(
    _ sentences: [String], isInterruptible: Bool, next: Reply.Next, at now: Timestamp,
    into actions: inout [CallAction]
  ) {
    utteranceCount += 1
    let utterance = UtteranceID(utteranceCount)
    reply = Reply(
      utterance: utterance, turn: turn?.id ?? TurnID(record.turns), spoken: SpokenText(sentences: sentences),
      isInterruptible: isInterruptible, next: next)
    if turn?.replyAt == nil { turn?.replyAt = now }
    phase = .preparing(utterance, since: now)
    actions.append(.speak(utterance, sentences: sentences))
  }

  mutating func noteAudio(_ utterance: UtteranceID, _ sentence: Int, _ duration: CallDuration, at now: Timestamp) {
    guard reply?.utterance == utterance else { return }
    synthesisFailures = 0
    reply?.spoken.ready(sentence, duration)
    if turn?.audioAt == nil { turn?.audioAt = now }
  }

  mutating func startSpeaking(at now: Timestamp, into actions: inout [CallAction]) {
    guard let reply else { return }
    self.reply?.hasStarted = true
    phase = .speaking(reply.utterance, since: now)
    let entry = TranscriptEntry(
      turn: reply.turn, role: .agent, text: reply.spoken.text, at: now, source: .speech, utterance: reply.utterance,
      playedText: "")
    keep(entry)
    note(.agentStarted, "utterance \(reply.utterance.number)", at: now)
    actions.append(.report(.agentStarted(entry)))
    if let latency = turn?.latency(playedAt: now) {
      record.turnLatencies.append(latency)
      actions.append(.report(.turnAnswered(latency)))
    }
    closeTurn(into: &actions)
    useAhead(at: now, into: &actions)
  }

  mutating func finishSpeaking(at now: Timestamp, into actions: inout [CallAction]) {
    guard let reply else { return }
    note(.agentFinished, "utterance \(reply.utterance.number)", at: now)
    if let entry = amend(reply, heard: reply.spoken.duration, text: reply.spoken.playableText, interrupted: false) {
      actions.append(.report(.agentFinished(entry)))
    }
    go(to: reply.next, at: now, into: &actions)
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
    guard survive(error, failures: synthesisFailures, code: "synthesis-failed", at: now, into: &actions), let reply
    else { return }
    go(to: reply.next, at: now, into: &actions)
  }

  /// The sentences that are there are played; the driver then reports the end.
  mutating func restOfReplyFailed(_ error: EngineError, at now: Timestamp, into actions: inout [CallAction]) {
    synthesisFailures += 1
    _ = survive(error, failures: synthesisFailures, code: "synthesis-failed", at: now, into: &actions)
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
    guard now - since >= limits.utteranceDurationMax, let next = reply?.next else { return }
    note(.limitReached, "utterance duration", at: now)
    silence(into: &actions)
    go(to: next, at: now, into: &actions)
  }
}
