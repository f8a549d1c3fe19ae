import CallCore
import Wires

/// The checks of a turn that are made without being written.
struct StandingChecks {
  /// An agent that talks on for longer when it is interrupted does not yield (`measures.md`).
  static let yieldMax = CallDuration.seconds(2)
  /// An agent that stops this soon after a backchannel has stopped for it.
  static let stopWindow = CallDuration.seconds(1)
  /// An agent that speaks this soon after a backchannel has answered it.
  static let answerWindow = CallDuration.seconds(2)
  /// A reply is an echo when at least this share of its words is the caller's, in per cent.
  static let echoPercentMin = 90
  /// Shorter replies are like the caller's words by chance: `yes`, `at three`.
  static let echoWordsMin = 3
  /// A longer phrase is a sentence of the agent's own that is to be said as it stands, not a keyword.
  static let keywordWordsMax = 3

  let call: CallReading
  let meter: CallMeter

  /// In the order in which they explain one another.
  func checks(of act: ActReading, result: TurnResult, reply: ReplyWords) -> [CheckResult] {
    [
      interruption(act), yield(act), selectivity(act), hold(act), answer(act), echo(act, result, reply),
      ownWords(act, reply),
    ].compactMap(\.self)
  }

  private func interruption(_ act: ActReading) -> CheckResult? {
    guard act.turn.action.takesTheFloor else { return nil }
    let expected = "the agent waits until the caller has finished"
    guard let intrusion = meter.intrusions(into: act).first else {
      return check(.interruption, act, true, expected, "it did", at: act.start)
    }
    let place = meter.isInPause(intrusion.began, of: act) ? "in a pause" : "over the caller's words"
    let after = ReportFormat.span(intrusion.began - act.start)
    return check(.interruption, act, false, expected, "it began \(place), \(after) into the turn", at: intrusion.began)
  }

  private func yield(_ act: ActReading) -> CheckResult? {
    guard let yield = act.yield, !act.turn.expectations.contains(where: { $0.check.kind == .yield && $0.isAbsent })
    else { return nil }
    return check(
      .yield, act, yield <= Self.yieldMax, "the agent stops within \(ReportFormat.span(Self.yieldMax))",
      "it went on for \(ReportFormat.span(yield))", at: act.start)
  }

  private func selectivity(_ act: ActReading) -> CheckResult? {
    guard act.turn.action.isBackchannel, let agent = act.interrupted else { return nil }
    let expected = "the agent goes on and does not answer"
    if agent.isCut, agent.ended <= act.end + Self.stopWindow, agent.ended < act.until {
      let after = ReportFormat.span(agent.ended - act.start)
      return check(.selectivity, act, false, expected, "it stopped after \(after)", at: agent.ended)
    }
    let answer = act.replies.first { $0.turn > agent.turn && $0.began <= act.end + Self.answerWindow }
    if let answer {
      let text = ReportFormat.quoted(answer.playedText)
      return check(.selectivity, act, false, expected, "it answered \(text)", at: answer.began)
    }
    return check(.selectivity, act, true, expected, "it did", at: act.start)
  }

  /// Whoever is on hold has nothing to say, whatever the music sounds like.
  private func hold(_ act: ActReading) -> CheckResult? {
    guard act.turn.action.isHold else { return nil }
    let expected = "the agent holds the line and says nothing"
    let end = min(act.end + Self.answerWindow, act.until)
    if let answer = call.utterances.first(where: { $0.began >= act.start && $0.began < end }) {
      let text =
        "it said \(ReportFormat.quoted(answer.playedText)), \(ReportFormat.span(answer.began - act.start)) into it"
      return check(.hold, act, false, expected, text, at: answer.began)
    }
    // A detector of speech errs at the beginning of music; what matters is that nothing comes of it.
    let taken = call.evidence.notices.count { notice in
      if case .speech(true, let at) = notice.message { at > act.start && at < act.end } else { false }
    }
    let errors = taken == 0 ? "" : ", though it took the music for speech \(taken == 1 ? "once" : "\(taken) times")"
    return check(.hold, act, true, expected, "it did\(errors)", at: act.start)
  }

  private func answer(_ act: ActReading) -> CheckResult? {
    guard act.turn.action.wantsAnswer else { return nil }
    let patience = call.testCase.caller.patience
    let expected = "an answer within \(ReportFormat.span(patience))"
    if let answer = act.answer {
      let wait = max(answer.began - act.end, .zero)
      let isInTime = act.turn.action == .staySilent || wait <= patience
      return check(.reply, act, isInTime, expected, "it came after \(ReportFormat.span(wait))", at: answer.began)
    }
    guard isAnswerDue(act) else { return nil }
    guard let other = act.replies.first else {
      return check(.reply, act, false, expected, "there was none", at: act.end)
    }
    let text = ReportFormat.quoted(other.playedText)
    return check(
      .understood, act, false, "an answer to what the caller said",
      "the agent went on as if nobody had spoken: \(text)", at: other.began)
  }

  /// Whether the agent had the time and the occasion to answer. A flow may end without another word once the caller has said the last, but
  /// only in a call in which the agent was heard at all.
  private func isAnswerDue(_ act: ActReading) -> Bool {
    guard act.isLast else { return true }
    if call.evidence.failure != nil || call.hasTrouble {
      return call.end - act.end >= call.testCase.caller.patience
    }
    guard !call.utterances.isEmpty else { return true }
    switch call.reason {
    case .completed, .transferred: return false
    case .noInput, .noMatch: return act.turn.action != .staySilent
    default: return true
    }
  }

  private func echo(_ act: ActReading, _ result: TurnResult, _ reply: ReplyWords) -> CheckResult? {
    guard act.turn.action.takesTheFloor, !result.said.isEmpty, !reply.words.isEmpty else { return nil }
    let callers = Set(WordErrorRate.words(of: result.spoken) + WordErrorRate.words(of: result.understood ?? ""))
    let same = reply.words.count { callers.contains($0) }
    let isEcho = reply.words.count >= Self.echoWordsMin && same * 100 >= reply.words.count * Self.echoPercentMin
    return check(
      .echo, act, !isEcho, "the reply is more than the caller's words", ReportFormat.quoted(reply.text),
      at: result.replyAt)
  }

  private func ownWords(_ act: ActReading, _ reply: ReplyWords) -> CheckResult? {
    guard !reply.words.isEmpty else { return nil }
    var keywords: Set<String> = []
    for expectation in act.turn.expectations where !expectation.isAbsent {
      guard case .keywords(let phrases) = expectation.check else { continue }
      for phrase in phrases {
        let words = WordErrorRate.words(of: phrase)
        if words.count <= Self.keywordWordsMax { keywords.formUnion(words) }
      }
    }
    guard !keywords.isEmpty else { return nil }
    let hasOwn = reply.words.contains { !keywords.contains($0) && $0 != "and" }
    return check(
      .ownWords, act, hasOwn, "the reply is more than the keywords", ReportFormat.quoted(reply.text),
      at: act.answer?.began)
  }

  private func check(
    _ kind: CheckKind, _ act: ActReading, _ isMet: Bool, _ expected: String, _ actual: String, at instant: Timestamp?
  ) -> CheckResult {
    CheckResult(
      kind, turn: act.act.turn, verdict: isMet ? .passed : .failed, expected: expected, actual: actual, at: instant)
  }
}
