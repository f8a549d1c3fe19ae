/// Barge-in: the caller speaks, types or presses a key while the agent speaks, and the agent stops.
///
/// `CallMachine` brings each of these here when its phase is `.speaking`. `TurnLimits.bargeInSpeechMin` says how much speech it takes,
/// and `CallerLevel` how loud it must be; where the flow wants words first, the agent only pauses (`CallMachine+Pausing`). The driver
/// stops the packets at `.stopPlayout` and answers with how much of the utterance was played, which is all that the record keeps of it.
extension CallMachine {
  /// Speech was detected while the agent speaks.
  mutating func detectBargeIn(at now: Timestamp, into actions: inout [CallAction]) {
    guard pause == nil else {
      if segmenter.hearsSpeech, callerLevel.isReached { pause?.hear(until: segmenter.speechEnd) }
      return advancePause(at: now, into: &actions)
    }
    guard turns.detectsTurns, turns.speechInterrupts, segmenter.run >= limits.bargeInSpeechMin, callerLevel.isReached,
      canInterrupt
    else { return }
    guard !pausesFirst else { return beginPause(at: now, into: &actions) }
    stopSpeaking(at: now, into: &actions)
    openTurn(at: now, into: &actions)
  }

  /// Whether the caller may cut the agent off now: the flow must be able to listen.
  var canInterrupt: Bool {
    guard let reply, reply.isInterruptible else { return false }
    switch reply.next {
    case .listen, .model: return true
    case .tool, .meaning, .end: return false
    }
  }

  /// Stops the agent in the middle; the flow then listens as if everything had been said.
  mutating func stopSpeaking(at now: Timestamp, into actions: inout [CallAction]) {
    guard let reply else { return }
    appendTimeline(.bargeIn, "utterance \(reply.utterance.number)", at: now)
    if case .listen(let listening) = reply.next { self.listening = listening }
    if case .model = reply.next { listening = stopGeneration(at: now, into: &actions) }
    stopReply(into: &actions)
  }

  /// Stops whatever is being prepared or played.
  mutating func stopReply(into actions: inout [CallAction]) {
    dropPause(into: &actions)
    guard let reply else { return }
    interrupted = reply
    self.reply = nil
    actions.append(.stopPlayout(reply.utterance))
    if reply.hasStarted { actions.append(.report(.clear(reply.utterance))) }
  }

  /// The driver's answer to `.stopPlayout`.
  mutating func recordPlayed(
    _ utterance: UtteranceID, _ played: CallDuration, at now: Timestamp, into actions: inout [CallAction]
  ) {
    guard let reply = interrupted, reply.utterance == utterance else { return }
    interrupted = nil
    defer {
      tellClientCalls(at: now, into: &actions)
      sendQuestion(into: &actions)
    }
    let words = reply.hasStarted ? reply.spoken.playedText(played) : ""
    if utterance.number == utteranceCount { flow.trimReply(toPlayed: words, of: reply.spoken.text) }
    guard reply.hasStarted else { return }
    lastInterrupted = reply
    if let entry = amend(reply, heard: played, text: words, interrupted: true) {
      actions.append(.report(.agentInterrupted(entry)))
    }
  }

  /// A client that buffers plays less than was sent to it. It can only make less of what was heard, not more.
  mutating func correctPlayed(_ utterance: UtteranceID, _ played: CallDuration, into actions: inout [CallAction]) {
    guard let reply = lastInterrupted, reply.utterance == utterance, played >= .zero,
      let entry = record.transcript.last(where: { $0.utterance == utterance }), played < entry.heard
    else { return }
    lastInterrupted = nil
    let words = reply.spoken.playedText(played)
    if utterance.number == utteranceCount { flow.trimReply(toPlayed: words, of: reply.spoken.text) }
    if let entry = amend(reply, heard: played, text: words, interrupted: true), !isOver {
      actions.append(.report(.agentInterrupted(entry)))
    }
  }
}
