public import CallCore

/// Decides when the caller does what: the same in text mode, in virtual time and live. A value; it is told the time and what the
/// agent does, and never asks. What a caller with a brief says comes from its plan's `Improviser`.
package struct CallerPolicy {
  enum Doing: Equatable {
    case waiting
    /// For words of the caller's own.
    case thinking
    case speaking(until: Timestamp)
    case pressing(next: Int, at: Timestamp)
    case over
  }

  /// Between two keys: the pace of a thumb.
  static let keyGap = CallDuration.milliseconds(150)
  /// How long a caller who has nothing more to say stays on the line after the agent's last word.
  static let lingering = CallDuration.milliseconds(1500)

  package internal(set) var plan: CallerPlan
  /// What was done so far; the last one may still go on.
  package private(set) var acts: [CallerAct] = []
  var doing = Doing.waiting
  /// Of the turn that comes next.
  private(set) var next = 0
  private(set) var isAgentAudible = false
  /// When the agent's present or last utterance began.
  private(set) var utteranceStart = Timestamp.zero
  var utteranceText = ""
  /// Sound of the utterance that is just over, where the agent tells no words.
  var utteranceSound: [Int16] = []
  private var quietSince = Timestamp.zero
  /// Until when the agent sounds, where that is heard and not announced.
  private var soundUntil: Timestamp?
  /// Whether the agent has had its say since the caller's last act.
  private(set) var isAnswered = false
  /// How often the turn that was begun last was taken once more.
  private var repeats = 0
  /// Whether the agent's answer to it asks for it once more.
  private var isAskedAgain = false
  /// Whether the agent said words since it was begun, in an utterance that was neither heard to its end nor cut off.
  private var hasNewWords = false
  /// Of a caller without a script.
  var improvising = ImprovisingState()

  package init(plan: CallerPlan) { self.plan = plan }

  /// Whether the caller speaks now, and since when.
  package var speakingSince: (turn: Int, since: Timestamp)? {
    guard case .speaking = doing, let act = acts.last else { return nil }
    return (act.turn - 1, act.began)
  }

  /// Turns that were begun.
  package var turnsBegun: Int { next }

  // MARK: - The agent

  package mutating func agentBegan(at now: Timestamp) {
    isAgentAudible = true
    utteranceStart = now
    switch doing {
    case .waiting, .thinking:
      isAnswered = true
      checkForRepeatRequest()
    case .speaking, .pressing, .over: break
    }
    if plan.improviser != nil { noteUtterance(at: now) }
  }

  /// - Parameter text: whole as far as it is known; more of an utterance than was known before begins with that.
  package mutating func agentSays(_ text: String) {
    let isNext = !improvising.isLineNoted && !utteranceText.isEmpty && !text.hasPrefix(utteranceText)
    utteranceText = plan.improviser != nil && isNext ? utteranceText + " " + text : text
    hasNewWords = true
    if doing == .waiting { checkForRepeatRequest() }
  }

  /// Whether the agent asks for the caller's last turn once more.
  private mutating func checkForRepeatRequest() {
    guard let act = acts.last, hasNewWords, !isAskedAgain, repeats < TestTurn.repeatsMax else { return }
    let phrases = plan.turns[act.turn - 1].turn.againWhen
    // An agent that talks on as if nobody had spoken answers nothing.
    guard !phrases.isEmpty, !isAgentAudible || utteranceStart >= act.began else { return }
    let answer = ReplyWords(utteranceText)
    isAskedAgain = phrases.contains { answer.contains($0) }
  }

  /// The agent's utterance was heard to its end.
  package mutating func agentEnded(at now: Timestamp) {
    isAgentAudible = false
    hasNewWords = false
    quietSince = now
    if plan.improviser != nil { noteLine(utteranceText, isCut: false) }
  }

  /// The agent is audible until `end`, where its utterances are heard and not announced.
  package mutating func agentSounds(until end: Timestamp) { soundUntil = end }

  /// The agent's last sound was heard to its end, so long ago that the utterance is over. One that was over before the caller was done
  /// answers nothing.
  package mutating func agentFellSilent(since end: Timestamp) {
    agentEnded(at: end)
    if let act = acts.last, end <= act.ended { isAnswered = wantsNoAnswer(act) }
  }

  /// The agent's utterance was cut off.
  package mutating func agentCut(at now: Timestamp) {
    hasNewWords = false
    guard isAgentAudible else { return }
    if plan.improviser != nil {
      noteLine(SpeakingPace.beginning(of: utteranceText, saidIn: now - utteranceStart), isCut: true)
    }
    agentEnded(at: now)
    if let act = acts.last, utteranceStart < act.ended { isAnswered = wantsNoAnswer(act) }
  }

  /// The call is over.
  package mutating func callEnded(at now: Timestamp) {
    if case .speaking(let until) = doing, until > now { acts[acts.count - 1].ended = now }
    if let improviser = plan.improviser, doing != .over { endImprovising(improviser, at: now) }
    doing = .over
  }

  // MARK: - Time

  /// What to do now. Called every 20 ms.
  package mutating func tick(at now: Timestamp) -> CallerCommand {
    switch doing {
    case .over: return .nothing
    case .speaking(let until):
      if now >= until { finishAct() }
      return .nothing
    case .pressing(let index, let at): return now >= at ? press(index, at: now) : .nothing
    case .waiting: return plan.improviser.map { improvise(with: $0, at: now) } ?? wait(at: now)
    case .thinking: return plan.improviser.map { carryOut($0, at: now) } ?? .nothing
    }
  }

  private mutating func wait(at now: Timestamp) -> CallerCommand {
    if isAskedAgain { return isCue(.whenAsked, at: now) || isOutOfPatience(at: now) ? beginAgain(at: now) : .nothing }
    guard next < plan.turns.count else {
      return isAnswered && isQuiet(for: Self.lingering, at: now) || isOutOfPatience(at: now) ? hangUp() : .nothing
    }
    let turn = plan.turns[next].turn
    if turn.action.isAtOnce || isCue(turn.cue, at: now) { return begin(at: now) }
    guard isOutOfPatience(at: now) else { return .nothing }
    // A caller who gets no answer speaks again; one who waits to interrupt an agent that says nothing gives up.
    return turn.cue == .whenAsked ? begin(at: now) : hangUp()
  }

  private func isCue(_ cue: CallerCue, at now: Timestamp) -> Bool {
    switch cue {
    case .whenAsked: return isAnswered && isQuiet(for: plan.testCase.caller.pauseBeforeAnswer, at: now)
    case .overAgent(let delay):
      return isAnswered && isAgentAudible && now - utteranceStart >= delay && soundUntil.map { $0 >= now } ?? true
    case .atPhrase(let phrase):
      guard isAnswered, isAgentAudible, let range = utteranceText.lowercased().firstRange(of: phrase.lowercased())
      else { return false }
      let spoken = String(utteranceText.lowercased()[..<range.upperBound])
      return now - utteranceStart >= SpeakingPace.duration(of: spoken)
    }
  }

  func isQuiet(for span: CallDuration, at now: Timestamp) -> Bool {
    !isAgentAudible && now - quietSince >= span
  }

  func isOutOfPatience(at now: Timestamp) -> Bool {
    let since = max(quietSince, acts.last?.ended ?? .zero)
    return !isAgentAudible && now - since >= plan.testCase.caller.patience
  }

  // MARK: - Acts

  mutating func begin(at now: Timestamp) -> CallerCommand {
    next += 1
    repeats = 0
    return perform(plan.turns[next - 1], at: now)
  }

  /// The last turn once more.
  private mutating func beginAgain(at now: Timestamp) -> CallerCommand {
    repeats += 1
    return perform(plan.turns[next - 1], at: now)
  }

  private mutating func perform(_ planned: PlannedTurn, at now: Timestamp) -> CallerCommand {
    (isAskedAgain, hasNewWords) = (false, false)
    var act = CallerAct(turn: planned.turn.number, began: now, ended: now + planned.duration)
    act.pieces = planned.pieces.map { .init(piece: $0.piece, span: $0.span.moved(by: now - .zero)) }
    acts.append(act)
    switch planned.turn.action {
    case .say, .play, .backchannel, .answerAsMachine, .hold:
      doing = .speaking(until: now + planned.duration)
      return .nothing
    case .press:
      doing = .pressing(next: 0, at: now)
      return press(0, at: now)
    case .staySilent:
      isAnswered = false
      return .nothing
    case .hangUp: return hangUp()
    }
  }

  private mutating func press(_ index: Int, at now: Timestamp) -> CallerCommand {
    guard case .press(let keys) = plan.turns[next - 1].turn.action, index < keys.count else {
      preconditionFailure("keys are pressed in a turn of keys, one after the other")
    }
    acts[acts.count - 1].keys.append(.init(key: keys[index], at: now))
    acts[acts.count - 1].ended = now
    if index + 1 < keys.count {
      doing = .pressing(next: index + 1, at: now + Self.keyGap)
    } else {
      finishAct()
    }
    return .press(keys[index])
  }

  private mutating func finishAct() {
    doing = .waiting
    guard let act = acts.last else { return }
    // An agent that talks on over the caller's last word may have its say; after a word of attention nobody waits for one.
    isAnswered = isAgentAudible || wantsNoAnswer(act)
    if isAgentAudible { checkForRepeatRequest() }
  }

  private func wantsNoAnswer(_ act: CallerAct) -> Bool {
    switch plan.turns[act.turn - 1].turn.action {
    case .backchannel, .hold: return true
    case .say, .play, .press, .staySilent, .answerAsMachine, .hangUp: return false
    }
  }

  mutating func hangUp() -> CallerCommand {
    doing = .over
    plan.improviser?.end(heard: improvising.lines, byCaller: true)
    return .hangUp
  }
}

extension CallerAction {
  /// A machine answers, and waits for nobody.
  var isAtOnce: Bool { if case .answerAsMachine = self { true } else { false } }
}

/// What a caller wants done beside sending its audio.
public enum CallerCommand: Sendable, Equatable {
  /// Nothing.
  case nothing
  /// Send this key.
  case press(Key)
  /// End the call.
  case hangUp
}
