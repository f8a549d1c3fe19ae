import CallCore
import JSON
import Wires

/// What happened, gathered from the evidence for what was expected of it.
extension ExpectationCheck.Facts {
  /// In a turn.
  init(of act: ActReading, _ result: TurnResult, _ reply: ReplyWords, in call: CallReading) {
    turn = result.number
    self.reply = reply
    states = call.states { $0 >= act.start && $0 < act.until }
    // None was entered before the caller's next turn: the flow stayed where it was.
    if states.isEmpty, !result.state.isEmpty { states = [result.state] }
    slots = call.slots(after: act)
    latencies = result.latency.map { [$0] } ?? []
    yields = result.yield.map { [$0] } ?? []
    wordErrors = result.wordErrors
    understood = result.understood
    tools = call.evidence.calledTools?.filter { $0.at >= act.start && $0.at < act.until }
    message = call.message
    meaning = call.evidence.meaning
    isTimelineWhole = call.evidence.record?.timelineDropped ?? 0 == 0
    at = result.replyAt ?? result.ended
  }

  /// In the whole call.
  init(of metrics: CallMetrics, in call: CallReading) {
    let record = call.evidence.record
    reply = ReplyWords(call.utterances.map(\.playedText).joined(separator: " "))
    states = call.states { _ in true }
    if states.isEmpty, let last = record?.finalState, !last.isEmpty { states = [last] }
    slots = record?.slots
    outcome = record?.outcome
    reason = call.reason
    latencies = metrics.latencies
    yields = metrics.yields
    wordErrors = metrics.wordErrors
    duration = metrics.duration
    talkOver = metrics.talkOver
    tools = call.evidence.calledTools
    message = call.message
    goal = call.evidence.improvised?.goal
    meaning = call.evidence.meaning
    isTimelineWhole = record?.timelineDropped ?? 0 == 0
  }
}

extension CallReading {
  /// What the agent said after the beep of an answering machine: what began before it is on no tape.
  fileprivate var message: ReplyWords? {
    guard let machine = acts.first(where: \.turn.action.isAtOnce) else { return nil }
    let said = utterances.filter { $0.began >= machine.end }.map(\.playedText)
    return said.isEmpty ? nil : ReplyWords(said.joined(separator: " "))
  }

  /// States that the flow entered at such instants, in order.
  func states(_ isWanted: (Timestamp) -> Bool) -> [String] {
    evidence.notices.compactMap { notice in
      guard isWanted(notice.at), case .state(let name, _, _) = notice.message else { return nil }
      return name
    }
  }

  /// By the record's timeline, as they were when the caller's next turn began.
  fileprivate func slots(after act: ActReading) -> [String: String]? {
    guard let record = evidence.record, !act.isLast else { return evidence.record?.slots }
    var slots: [String: String] = [:]
    for entry in record.timeline where entry.kind == .slotFilled && entry.at < act.until {
      let parts = entry.detail.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { slots[String(parts[0])] = String(parts[1]) }
    }
    return slots
  }
}
