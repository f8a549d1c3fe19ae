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
      heardText: "")
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

  /// Whether the caller may cut the agent off now: the flow must be able to listen.
  var canInterrupt: Bool {
    guard let reply, reply.isInterruptible, case .listen = reply.next else { return false }
    return true
  }

  /// Stops the agent in the middle; the flow then listens as if everything had been said.
  mutating func stopSpeaking(at now: Timestamp, into actions: inout [CallAction]) {
    guard let reply, case .listen(let listening) = reply.next else { return }
    note(.bargeIn, "utterance \(reply.utterance.number)", at: now)
    self.listening = listening
    silence(into: &actions)
  }

  /// Stops whatever is being prepared or played.
  mutating func silence(into actions: inout [CallAction]) {
    guard let reply else { return }
    interrupted = reply
    self.reply = nil
    actions.append(.stopPlayout(reply.utterance))
    if reply.hasStarted { actions.append(.report(.clear(reply.utterance))) }
  }

  /// The driver's answer to `.stopPlayout`.
  mutating func noteHeard(_ utterance: UtteranceID, _ heard: CallDuration, into actions: inout [CallAction]) {
    guard let reply = interrupted, reply.utterance == utterance else { return }
    interrupted = nil
    guard reply.hasStarted else { return }
    lastInterrupted = reply
    if let entry = amend(reply, heard: heard, text: reply.spoken.heard(heard), interrupted: true) {
      actions.append(.report(.agentInterrupted(entry)))
    }
  }

  /// A client that buffers plays less than was sent to it. It can only make less of what was heard, not more.
  mutating func correctHeard(_ utterance: UtteranceID, _ heard: CallDuration, into actions: inout [CallAction]) {
    guard let reply = lastInterrupted, reply.utterance == utterance, heard >= .zero,
      let entry = record.transcript.last(where: { $0.utterance == utterance }), heard < entry.heard
    else { return }
    lastInterrupted = nil
    if let entry = amend(reply, heard: heard, text: reply.spoken.heard(heard), interrupted: true), !isOver {
      actions.append(.report(.agentInterrupted(entry)))
    }
  }

  private mutating func amend(
    _ reply: Reply, heard: CallDuration, text: String, interrupted: Bool
  ) -> TranscriptEntry? {
    guard let index = record.transcript.lastIndex(where: { $0.utterance == reply.utterance }) else { return nil }
    record.transcript[index].heard = heard
    record.transcript[index].heardText = text
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
