/// The end of a call, its limits, and its record.
extension CallMachine {
  /// Whether the call is over.
  public var isOver: Bool { if case .ended = phase { true } else { false } }

  /// Ends the call; nothing but `.playoutStopped` is heard afterwards.
  mutating func end(_ reason: CloseReason, at now: Timestamp, into actions: inout [CallAction]) {
    cancelPending(into: &actions)
    stopReply(into: &actions)
    closeTurn(into: &actions)
    ahead.removeAll()
    closeToolCalls(at: now, into: &actions)
    phase = .ended(reason)
    appendTimeline(.ended, reason.rawValue, at: now)
    record.reason = reason
    record.duration = now - .zero
    actions.append(.end(reason))
  }

  private mutating func cancelPending(into actions: inout [CallAction]) {
    if case .recognizing(let request, _) = phase { actions.append(.cancel(request)) }
    if case .comparing(let request, _) = phase { actions.append(.cancel(request)) }
    if case .working(let request, _) = phase { actions.append(.cancel(request)) }
    abandonGeneration(into: &actions)
    dropEarlyAnswer(into: &actions)
    if case .asked(let request, _) = turn?.speculation, turn?.endedAt == nil { actions.append(.cancel(request)) }
    if case .asked(let request) = turn?.judgement { actions.append(.cancel(request)) }
    if case .tool(let request, _) = reply?.next, reply?.heldAnswer == nil { actions.append(.cancel(request)) }
  }

  mutating func reachLimit(_ what: String, at now: Timestamp, into actions: inout [CallAction]) {
    appendTimeline(.limitReached, what, at: now)
    end(.timeLimit, at: now, into: &actions)
  }

  mutating func closeTurn(into actions: inout [CallAction]) {
    if let open = turn, open.source == .speech { actions.append(.closeTurn(open.id)) }
    turn = nil
  }

  /// The next turn's number; ends the call and gives `nil` when there were too many.
  mutating func nextTurn(at now: Timestamp, into actions: inout [CallAction]) -> TurnID? {
    guard record.turns < limits.turnsMax else {
      reachLimit("turns", at: now, into: &actions)
      return nil
    }
    record.turns += 1
    return TurnID(record.turns)
  }

  mutating func nextRequest() -> RequestID {
    requestCount += 1
    return RequestID(requestCount)
  }

  mutating func appendTimeline(_ kind: TimelineEntry.Kind, _ detail: String, at instant: Timestamp) {
    guard record.timeline.count < limits.timelineEntriesMax || kind == .ended else {
      record.timelineDropped += 1
      return
    }
    record.timeline.append(TimelineEntry(at: instant, kind: kind, detail: detail))
  }

  mutating func appendTranscript(_ entry: TranscriptEntry) {
    guard record.transcript.count < limits.transcriptEntriesMax else {
      record.transcriptDropped += 1
      return
    }
    record.transcript.append(entry)
  }
}
