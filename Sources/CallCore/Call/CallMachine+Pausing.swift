/// An interruption that is only one if there are words in it: where the flow says so (`InterruptRule.whenWords`), the agent pauses for speech over it,
/// and stops only when words are found. A back-channel such as "uh-huh", a cough or a noise is taken back: the agent goes on where it paused.
///
/// The phase stays `.speaking`. The caller's sound is kept as that of the next turn, which counts only once it is one.
extension CallMachine {
  /// Whether speech over the agent makes it pause instead of stopping it.
  var pausesFirst: Bool {
    limits.pausesForWords && flow.interruptRule == .whenWords && record.turns < limits.turnsMax
  }

  /// Speech was detected over the agent: it pauses.
  mutating func beginPause(at now: Timestamp, into actions: inout [CallAction]) {
    guard let reply else { return }
    let turn = TurnID(record.turns + 1)
    pause = PlayoutPause(turn: turn, speechStart: segmenter.speechStart, speech: segmenter.run, since: now)
    callerLevel.turnBegan()
    actions.append(.pausePlayout(reply.utterance))
    actions.append(.openTurn(turn, speechStart: segmenter.speechStart))
    if let entry = entry(of: reply) { actions.append(.report(.agentPaused(entry))) }
  }

  /// Another window, or time alone: asks for the words, and lets the agent go on when they did not come in time.
  mutating func advancePause(at now: Timestamp, into actions: inout [CallAction]) {
    guard var open = pause else { return }
    guard turns.detectsTurns, turns.speechInterrupts, canInterrupt else { return takeBack(at: now, into: &actions) }
    let isStalled = now - segmenter.heardUntil >= limits.stallMax
    let silence = (isStalled ? now : segmenter.heardUntil) - open.heardUntil
    let isQuiet = !segmenter.hearsSpeech || isStalled || silence >= PlayoutPause.softMax
    let isOver = isQuiet && silence >= PlayoutPause.endSilence
    if open.request == nil, !open.isWhole, isOver || open.asksAgain(at: now) {
      let request = nextRequest()
      open.ask(request, isWhole: isOver, at: now)
      actions.append(.transcribe(request, .interruption))
    }
    pause = open
    if now - open.since >= PlayoutPause.lengthMax { resumePlayout(at: now, into: &actions) }
    // Who has been silent for so long, and of whom no words have come until then that interrupt, said none.
    if silence >= PlayoutPause.waitMax { takeBack(at: now, into: &actions) }
  }

  /// The recogniser's answer about what is said over the agent; any other is about a turn that is over.
  mutating func hearInterruption(_ event: CallEvent, at now: Timestamp, into actions: inout [CallAction]) {
    if case .transcribed(let request, let text) = event { keepInterruption(request, text, at: now, into: &actions) }
    if case .recognitionFailed(let request, _) = event { forgetInterruption(request) }
  }

  /// The words of what was said over the agent so far, or none.
  private mutating func keepInterruption(
    _ request: RequestID, _ text: String, at now: Timestamp, into actions: inout [CallAction]
  ) {
    guard let open = pause, open.request == request else { return }
    pause?.close()
    recognitionFailures = 0
    let words = InterruptionWords(text)
    if words.interrupt, open.isLong || words.areCertain(behind: open.doubtedWords) || flow.expects(text) {
      confirmInterruption(at: now, into: &actions)
    } else if open.isWhole {
      words.interrupt ? doubt(words, at: now, into: &actions) : takeBack(at: now, into: &actions)
    }
  }

  /// Words that may be the recogniser's own: the agent goes on, and what follows soon is heard together with them.
  private mutating func doubt(_ words: InterruptionWords, at now: Timestamp, into actions: inout [CallAction]) {
    pause?.doubt(words.count)
    resumePlayout(at: now, into: &actions)
  }

  /// Whether the pause goes on behind this reply: speech over its end that was neither nothing nor a back-channel is the caller's turn, if the flow
  /// listens then and nothing came before it.
  func isOutlasted(_ reply: Reply) -> Bool {
    guard case .listen = reply.next else { return false }
    return ahead.isEmpty && !isBeepAhead && turns.detectsTurns
  }

  /// The agent has come to its end over such speech.
  mutating func outlast(_ open: PlayoutPause, into actions: inout [CallAction]) {
    pause = nil
    if let request = open.request { actions.append(.cancel(request)) }
    beginTurn(of: open, into: &actions)
  }

  private mutating func beginTurn(of open: PlayoutPause, into actions: inout [CallAction]) {
    record.turns += 1
    turn = OpenTurn(id: open.turn, source: .speech, start: open.speechStart)
    phase = .hearing
    appendTimeline(.speechStarted, "", at: open.speechStart)
    actions.append(.report(.speechStarted(at: open.speechStart)))
  }

  /// Without an answer the agent goes on as if there had been no words; more speech asks again.
  private mutating func forgetInterruption(_ request: RequestID) {
    if pause?.request == request { pause?.close() }
  }

  /// The pause is over without an interruption, or without the agent: nothing of it is kept.
  mutating func dropPause(into actions: inout [CallAction]) {
    guard let open = pause else { return }
    pause = nil
    if let request = open.request { actions.append(.cancel(request)) }
    actions.append(.closeTurn(open.turn))
  }

  /// There were words: the agent stops, and the turn that they belong to is the caller's.
  private mutating func confirmInterruption(at now: Timestamp, into actions: inout [CallAction]) {
    guard let open = pause, canInterrupt else { return takeBack(at: now, into: &actions) }
    pause = nil
    stopSpeaking(at: now, into: &actions)
    beginTurn(of: open, into: &actions)
  }

  private mutating func takeBack(at now: Timestamp, into actions: inout [CallAction]) {
    resumePlayout(at: now, into: &actions)
    dropPause(into: &actions)
  }

  private mutating func resumePlayout(at now: Timestamp, into actions: inout [CallAction]) {
    guard let open = pause, open.isPaused, let reply else { return }
    pause?.isPaused = false
    appendTimeline(.interruptionTakenBack, "utterance \(reply.utterance.number)", at: open.since)
    actions.append(.resumePlayout(reply.utterance))
    if let entry = entry(of: reply) { actions.append(.report(.agentResumed(entry))) }
  }

  private func entry(of reply: Reply) -> TranscriptEntry? {
    record.transcript.last { $0.utterance == reply.utterance }
  }
}

/// Speech over an agent that paused for it, until it is known whether there are words in it.
struct PlayoutPause: Sendable {
  /// Longest pause: longer, and the agent seems to have lost its thread.
  static let lengthMax = CallDuration.milliseconds(400)
  /// How long after the pause began its words are asked for while the speech goes on: with the 160 ms before the pause there are two syllables to
  /// recognise, and 160 ms are left for that (some 60 ms a second of sound).
  static let wordsAfter = CallDuration.milliseconds(240)
  /// How long after a question the next one is asked while the speech goes on, and how many of these there are: a noise of many seconds has no words.
  private static let (wordsInterval, questionsMax) = (CallDuration.milliseconds(480), 8)
  /// Silence after which what was said over the agent is over, as far as its words are concerned.
  static let endSilence = CallDuration.milliseconds(64)
  /// Speech from which on any words count: longer than back-channels, which take 260 to 670 ms.
  static let longMin = CallDuration.milliseconds(700)
  /// Speech softer than the caller's that is silence, too: people behind talk on. Between loud syllables and after a gap it takes 160 ms to tell.
  static let softMax = CallDuration.milliseconds(192)
  /// Silence after which words that are not known, or in doubt, are not waited for any more.
  static let waitMax = CallDuration.seconds(2)

  /// The turn that it becomes if there are words.
  let turn: TurnID
  let speechStart: Timestamp
  let since: Timestamp
  /// Whether the agent is silent for it; otherwise it has gone on, and words stop it.
  var isPaused = true
  /// The question for its words, while it is open.
  private(set) var request: RequestID?
  /// Whether the words were asked of all of it.
  private(set) var isWhole = false
  /// Whether they were asked of more speech than a back-channel has, so that any words count.
  private(set) var isLong = false
  /// Words of sounds before the present one that may be the recogniser's own.
  private(set) var doubtedWords = 0
  /// End of the last speech that was as loud as the caller's.
  private(set) var heardUntil: Timestamp
  /// Such speech since the last words in doubt.
  private var speech: CallDuration
  /// When they were asked for last.
  private var askedAt: Timestamp?
  private var questions = 0

  /// - Parameter speech: of the caller so far.
  init(turn: TurnID, speechStart: Timestamp, speech: CallDuration, since: Timestamp) {
    self.turn = turn
    self.speechStart = speechStart
    self.speech = speech
    self.since = since
    heardUntil = since
  }

  /// Whether the words are asked for while the speech goes on.
  func asksAgain(at now: Timestamp) -> Bool {
    guard let askedAt else { return now - since >= Self.wordsAfter }
    return questions < Self.questionsMax && now - askedAt >= Self.wordsInterval
  }

  mutating func ask(_ request: RequestID, isWhole: Bool, at now: Timestamp) {
    self.request = request
    self.isWhole = isWhole
    isLong = speech >= Self.longMin
    askedAt = now
    questions += 1
  }

  /// A window of speech as loud as the caller's: what is known is of what came before it.
  mutating func hear(until end: Timestamp) {
    speech += .milliseconds(32)
    heardUntil = end
    isWhole = false
  }

  /// - Parameter words: of all sounds so far.
  mutating func doubt(_ words: Int) {
    doubtedWords = words
    speech = .zero
  }

  /// The question was answered, or cannot be.
  mutating func close() { request = nil }
}
