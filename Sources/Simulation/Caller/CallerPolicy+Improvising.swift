import CallCore

/// What a caller without a script keeps in mind.
struct ImprovisingState {
  /// Most waits in vain after which the caller still speaks; then it hangs up.
  static let silencesMax = 2
  /// An agent may lose its patience with a caller who thinks for longer, and is not to blame for that.
  static let slowAfter = CallDuration.seconds(2)
  /// Lines that came too late, one after the other; with the next one the model is too slow.
  static let lateMax = 2

  /// What the agent said since the caller's last line.
  var lines: [HeardLine] = []
  /// Whether the last of them holds what is being noted now.
  var isLineNoted = true
  /// Of the present utterance, what the caller had heard when it talked over it.
  var heardPrefix: String?
  /// Since when the caller thinks.
  var thinkingSince = Timestamp.zero
  /// Lines in a row that came late, and which the agent did not wait for.
  var late = 0
  /// Whether the agent began to speak while the caller was thinking.
  var isStale = false
  /// Whether the caller has said its last.
  var isDone = false
  /// Waits in vain, one after the other.
  var silences = 0
  /// The agent's utterances so far: each has its own luck.
  var utterances = 0
  /// When the caller talks over the present one; `nil`: it does not.
  var interruptsAt: Timestamp?
}

/// A caller with a brief: when it thinks, and when it says what it found.
extension CallerPolicy {
  mutating func noteUtterance(at now: Timestamp) {
    improvising.isLineNoted = false
    improvising.heardPrefix = nil
    improvising.silences = 0
    improvising.utterances += 1
    improvising.isStale = doing == .thinking
    guard let brief = plan.testCase.caller.brief, brief.interruptionPercent > 0, next > 0 else { return }
    var luck = SeededStream(seed: SeededStream.seed(from: plan.seed, "interruptions", improvising.utterances), "talk")
    improvising.interruptsAt =
      luck.draws(brief.interruptionPercent, outOf: 100) ? now + brief.interruptsAfter : nil
  }

  /// The present utterance is over, as far as it was heard.
  mutating func noteLine(_ text: String, isCut: Bool) {
    defer { (utteranceText, utteranceSound) = ("", []) }
    guard !improvising.isLineNoted else { return noteRest(of: text, isCut: isCut) }
    improvising.isLineNoted = true
    improvising.interruptsAt = nil
    improvising.lines.append(HeardLine(text: text, sound: text.isEmpty ? utteranceSound : [], isCut: isCut))
  }

  /// An agent that was talked over and did not stop was heard to its end.
  private mutating func noteRest(of text: String, isCut: Bool) {
    guard let prefix = improvising.heardPrefix, !isCut, text.hasPrefix(prefix) else { return }
    improvising.heardPrefix = nil
    let rest = text.dropFirst(prefix.count).drop(while: \.isWhitespace)
    if !rest.isEmpty { improvising.lines.append(HeardLine(text: "… " + rest)) }
  }

  /// The agent's side ended the call.
  mutating func endImprovising(_ improviser: Improviser, at now: Timestamp) {
    if isAgentAudible { noteLine(utteranceText, isCut: false) }
    if doing == .thinking, now - improvising.thinkingSince > ImprovisingState.slowAfter {
      return improviser.fail("the agent ended the call while the caller was thinking: take a faster model")
    }
    improviser.end(heard: improvising.lines, byCaller: false)
  }

  /// The caller talks over the present utterance: this much of it was heard.
  private mutating func noteHeard(by now: Timestamp) {
    let whole = utteranceText
    let heard = SpeakingPace.beginning(of: whole, saidIn: now - utteranceStart)
    noteLine(heard, isCut: true)
    (utteranceText, improvising.heardPrefix) = (whole, heard)
  }

  /// Waits for the moment to speak; then thinks.
  mutating func improvise(with improviser: Improviser, at now: Timestamp) -> CallerCommand {
    if improvising.isDone || next >= plan.testCase.caller.brief?.turnsMax ?? 0 {
      return isAnswered && isQuiet(for: Self.lingering, at: now) || isOutOfPatience(at: now) ? hangUp() : .nothing
    }
    if isAnswered, isQuiet(for: plan.testCase.caller.pauseBeforeAnswer, at: now) {
      return think(improviser, at: now)
    }
    if isAboutToInterrupt(at: now) {
      improvising.interruptsAt = nil
      noteHeard(by: now)
      return think(improviser, at: now)
    }
    guard isOutOfPatience(at: now) else { return .nothing }
    improvising.silences += 1
    return improvising.silences > ImprovisingState.silencesMax ? hangUp() : think(improviser, at: now)
  }

  /// Whether the caller talks over the agent with the next tick.
  func isAboutToInterrupt(at now: Timestamp) -> Bool {
    guard let moment = improvising.interruptsAt, doing == .waiting, !improvising.isDone,
      next < plan.testCase.caller.brief?.turnsMax ?? 0
    else { return false }
    return isAgentAudible && isAnswered && now >= moment
  }

  private mutating func think(_ improviser: Improviser, at now: Timestamp) -> CallerCommand {
    improvising.isStale = false
    improvising.thinkingSince = now
    doing = .thinking
    improviser.begin(heard: improvising.lines, turn: next + 1)
    improvising.lines = []
    return carryOut(improviser, at: now)
  }

  /// Does what was found, if anything is yet.
  mutating func carryOut(_ improviser: Improviser, at now: Timestamp) -> CallerCommand {
    let isSlow = now - improvising.thinkingSince > ImprovisingState.slowAfter
    guard let idea = improviser.idea() else {
      let limit = plan.testCase.caller.patience
      guard now - improvising.thinkingSince > limit else { return .nothing }
      improviser.fail("the model took over \(ReportFormat.span(limit)) for a line: take a faster one")
      return hangUp()
    }
    doing = .waiting
    if improvising.isStale, idea != .giveUp {
      improvising.late = isSlow ? improvising.late + 1 : 0
      guard improvising.late <= ImprovisingState.lateMax else {
        improviser.fail("the agent went on before the model had found a line, again and again: take a faster one")
        return hangUp()
      }
      improviser.drop()
      return .nothing
    }
    improvising.late = 0
    switch idea {
    case .giveUp: return hangUp()
    case .hangUp, .misbehave:
      improviser.accept(as: nil)
      return hangUp()
    case .say(var planned, let isLast):
      planned.turn.cue = isAgentAudible ? .overAgent(after: now - utteranceStart) : .whenAsked
      improviser.accept(as: planned.turn)
      plan.turns.append(planned)
      improvising.isDone = isLast
      return begin(at: now)
    }
  }
}
