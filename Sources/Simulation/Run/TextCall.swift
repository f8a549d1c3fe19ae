import CallCore
import CallDriver
import Wires

/// One call without sound: the call machine and the flow in virtual time. The caller's speech is a stretch of windows that hold
/// speech, the agent's an utterance that takes as long as its letters; the recogniser hears every word.
struct TextCall {
  private enum Event {
    case words(RequestID, Result<String, EngineError>)
    case sentence(UtteranceID, Int, Result<CallDuration, EngineError>)
    case tool(RequestID)
    case meaning(RequestID, Result<[Similarity], EngineError>)
    case model(RequestID, ModelEvent)
    case disconnect
    case giveUp
  }

  /// What the agent is saying or about to say.
  private struct Playing {
    var utterance: UtteranceID
    var sentences: Int
    var durations: [CallDuration] = []
    var startedAt: Timestamp?
    var isCut = false
    /// When it was paused; `nil` while it plays.
    var pausedAt: Timestamp?
    /// When it went on after its last pause.
    var resumedAt: Timestamp?
    /// Whether more sentences may be said.
    var isOpen = false

    var length: CallDuration { durations.reduce(.zero, +) }
  }

  private static let frame = CallDuration.milliseconds(20)
  /// How long after its end a beep is known to be over (`BeepDetector`).
  private static let beepDelay = CallDuration.milliseconds(120)

  private let plan: CallerPlan
  private let line: BuiltInAgent.Line
  private let latency: LatencyModel
  private var machine: CallMachine
  private var policy: CallerPolicy
  private var queue = EventQueue<Event>()
  private var now = Timestamp.zero
  private var actions: [CallAction] = []
  private var playing: Playing?
  /// When the sentence of the present utterance is ready that was asked for last.
  private var sentenceDue = Timestamp.zero
  private var turnStart = Timestamp.zero
  /// Whether the beep of an answering machine is still to be heard.
  private var awaitsBeep = true
  private var loudUntil = Timestamp.zero
  private var spokenBefore: Set<SynthesisText>
  private var cancelled: Set<RequestID> = []
  private var early = EarlyQuestion()
  private var evidence = CallEvidence(mode: .text)
  private let trace: CallTraceBuffer?

  init(
    plan: CallerPlan, agent: BuiltInAgent, latency: LatencyModel, makeTrace: CallTraceMaker? = nil
  ) throws(CallFailure) {
    self.plan = plan
    self.latency = latency
    line = try agent.line(for: plan)
    trace = makeTrace?(line.traceHeader)
    machine = CallMachine(flow: line.flow, flowName: line.flowName, voice: line.voice, limits: line.limits)
    policy = CallerPolicy(plan: plan)
    spokenBefore = line.preparedSentences
  }

  /// Holds the call from its beginning to its end.
  /// - Parameter tell: see `VirtualCallRunner`.
  mutating func run(tell: (_ turn: Int) -> Void) -> CallEvidence {
    if let after = plan.testCase.world.disconnectAfter { queue.schedule(.disconnect, at: .zero + after) }
    handle(.began)
    while !machine.isOver {
      advance(to: now + Self.frame)
      listen()
      handle(.tick)
      playOut()
      let turnsBefore = policy.turnsBegun
      act()
      if policy.turnsBegun > turnsBefore { tell(policy.turnsBegun) }
    }
    trace?.close()
    policy.callEnded(at: now)
    stopPlaying()
    evidence.acts = policy.acts
    evidence.callerSpeech = policy.acts.flatMap(\.pieces).compactMap(\.audibleSpan)
    evidence.record = machine.record
    line.model.end(heard: machine.record.heardWords)
    evidence.duration = now - .zero
    evidence.improviser = plan.improviser
    return evidence
  }

  // MARK: - Time

  private mutating func advance(to instant: Timestamp) {
    while let (at, event) = queue.next(by: instant) {
      now = max(now, at)
      perform(event)
    }
    now = instant
    if now - .zero >= plan.testCase.durationMax, !machine.isOver {
      evidence.failure = .tooLong("over \(plan.testCase.durationMax.milliseconds / 1000) s")
      handle(.hungUp)
    }
  }

  private mutating func perform(_ event: Event) {
    switch event {
    case .words(let request, let result):
      guard cancelled.remove(request) == nil else { return }
      switch result {
      case .success(let text): handle(.transcribed(request, text))
      case .failure(let error): handle(.recognitionFailed(request, error))
      }
    case .sentence(let utterance, let index, let result): deliverSentence(utterance, index, result)
    case .tool(let request): handle(.toolAnswered(request, .failed("no network in text mode")))
    case .meaning(let request, .success(let similarities)): handle(.compared(request, similarities))
    case .meaning(let request, .failure(let error)): handle(.comparisonFailed(request, error))
    case .model(let request, let event):
      guard !cancelled.contains(request) else { return }
      switch event {
      case .delta(let delta): handle(.modelDelta(request, delta))
      case .finished: handle(.modelFinished(request))
      case .failed(let fault): handle(.modelFailed(request, fault))
      }
    case .disconnect:
      evidence.failure = .brokenOff("as the case asks")
      handle(.vanished)
    case .giveUp: handle(.hungUp)
    }
  }

  /// The window of the caller's speech that ends now.
  private mutating func listen() {
    let world = plan.testCase.world
    var isSpeech = line.hearsOthers(in: world) || line.hearsItself(in: world) && machine.phase.name == "speaking"
    if line.hearsCaller(in: world), policy.speakingSince != nil, let act = policy.acts.last {
      let window = SpeechSpan(start: now - Self.frame, end: now)
      for span in act.pieces.compactMap(\.audibleSpan) where span.overlap(with: window) > .zero {
        isSpeech = true
        loudUntil = max(loudUntil, min(span.end, now))
      }
    }
    let probability = isSpeech ? SpeechProbability(thousandths: 1000) : .silence
    handle(.speechWindow(probability, until: now, loudUntil: loudUntil))
    if awaitsBeep, line.fault != .deaf { beep() }
  }

  /// The agent hears a beep when it is over, as its detector would.
  private mutating func beep() {
    guard let act = policy.acts.first, plan.turns.first?.turn.action.isAtOnce == true, now - act.ended >= Self.beepDelay
    else { return }
    awaitsBeep = false
    handle(.beepHeard)
  }

  private mutating func act() {
    switch policy.tick(at: now) {
    case .nothing: break
    case .press(let key): handle(.keyPressed(key))
    case .hangUp: handle(.hungUp)
    }
  }

  // MARK: - The agent

  private mutating func handle(_ event: CallEvent) {
    feed(event)
    var index = 0
    while index < actions.count {
      perform(actions[index])
      index += 1
    }
    actions.removeAll(keepingCapacity: true)
  }

  private mutating func feed(_ event: CallEvent) {
    let first = actions.count
    machine.handle(event, at: now, into: &actions)
    trace?.write(event, at: now, actions: actions[first...])
  }

  private mutating func perform(_ action: CallAction) {
    switch action {
    case .openTurn(_, let start): turnStart = start
    // Without sound nothing tells whether a turn is complete: silence ends it.
    case .closeTurn, .judgeTurn, .end: break
    case .pausePlayout(let utterance): pause(utterance)
    case .resumePlayout(let utterance): resume(utterance)
    case .hurry(let request): early.confirm(request, of: line.model)
    case .transcribe(let request, _): transcribe(request)
    case .cancel(let request): cancelled.insert(request)
    case .speak(let utterance, let sentences): speak(utterance, sentences)
    case .speakPart(let utterance, let sentences, let isLast): speak(utterance, sentences, isLast: isLast)
    case .stopPlayout(let utterance): stop(utterance)
    case .callTool(let request, _): queue.schedule(.tool(request), at: now + latency.tool)
    case .compare(let request, let question):
      queue.schedule(.meaning(request, line.compare(question)), at: now + latency.meaning)
    case .askModel(let request, let question):
      ask(question, request)
    case .askModelEarly(let request, let question):
      for piece in early.ask(question, request, of: line.model) {
        queue.schedule(.model(request, piece.event), at: now + piece.after)
      }
    case .report(let report): record(report)
    }
    if case .end(let reason) = action {
      evidence.notices.append(.init(at: now, message: .ended(reason, nil)))
      policy.callEnded(at: now)
    }
  }

  private mutating func ask(_ question: ModelRequest, _ request: RequestID) {
    do throws(VirtualModelMiss) {
      for piece in try line.model.answer(question) {
        queue.schedule(.model(request, piece.event), at: now + piece.after)
      }
    } catch {
      evidence.failure = error.failure
      queue.schedule(.giveUp, at: now)
    }
  }

  private mutating func record(_ report: CallReport) {
    if let message = ServerMessage(report) { evidence.notices.append(.init(at: now, message: message)) }
    switch report {
    case .agentStarted(let entry), .agentContinued(let entry): policy.agentSays(entry.text)
    default: break
    }
  }

  /// Every word that was begun since the turn opened, fillers and all.
  private mutating func transcribe(_ request: RequestID) {
    let start = turnStart - line.limits.preRoll
    let pieces = policy.acts.flatMap(\.pieces).filter { $0.span.start >= start && $0.span.start < now }
    let length = min(now - turnStart, line.limits.turnDurationMax)
    var due = now + latency.recognition(samples: Int(length.microseconds * 16 / 1000))
    let words = line.model.words(ofTurn: machine.record.turns) ?? pieces.map(\.piece).wording
    var result = Result<String, EngineError>.success(words)
    plan.testCase.world.injectTrouble(.recognition, inTurn: policy.turnsBegun, due: &due, &result)
    queue.schedule(.words(request, result), at: due)
  }

  private mutating func speak(_ utterance: UtteranceID, _ sentences: [SynthesisText], isLast: Bool = true) {
    var first = 0
    if let known = playing, known.utterance == utterance {
      guard known.isOpen else { return }
      first = known.sentences
      playing?.sentences += sentences.count
    } else {
      playing = Playing(utterance: utterance, sentences: sentences.count)
      sentenceDue = now
    }
    playing?.isOpen = !isLast
    var lastDue = max(now, sentenceDue)
    defer { sentenceDue = lastDue }
    for (index, text) in zip(first..., sentences) {
      var due = spokenBefore.contains(text) ? now : now + latency.synthesis(characters: text.words.count)
      var result = Result<CallDuration, EngineError>.success(SpeakingPace.duration(of: text))
      plan.testCase.world.injectTrouble(.synthesis, inTurn: policy.turnsBegun, due: &due, &result)
      if case .success = result { spokenBefore.insert(text) }
      lastDue = max(lastDue, due)  // sentences come in order
      queue.schedule(.sentence(utterance, index, result), at: lastDue)
    }
  }

  private mutating func deliverSentence(
    _ utterance: UtteranceID, _ index: Int, _ result: Result<CallDuration, EngineError>
  ) {
    guard playing?.utterance == utterance, playing?.isCut == false else { return }
    switch result {
    case .failure(let error):
      playing?.isCut = true
      playing?.isOpen = false
      let ready = playing?.durations.count ?? 0
      playing?.sentences = ready
      handle(.synthesisFailed(utterance, error))
    case .success(let length):
      // What comes after the sentences before it were heard makes a pause.
      if playing?.pausedAt == nil, let start = playing?.startedAt, let heard = playing?.length, now > start + heard {
        playing?.startedAt = now - heard
      }
      playing?.durations.append(length)
      handle(.sentenceReady(utterance, sentence: index, length))
      guard playing?.utterance == utterance, playing?.startedAt == nil else { return }
      playing?.startedAt = now
      policy.agentBegan(at: now)
      handle(.playoutStarted(utterance))
    }
  }

  private mutating func playOut() {
    guard let current = playing, let start = current.startedAt, current.durations.count == current.sentences,
      !current.isOpen, current.pausedAt == nil,
      now >= start + current.length
    else { return }
    stopPlaying(at: start + current.length)
    policy.agentEnded(at: start + current.length)
    handle(.playoutFinished(current.utterance))
  }

  private mutating func stop(_ utterance: UtteranceID) {
    var heard = CallDuration.zero
    if let current = playing, current.utterance == utterance, let start = current.startedAt {
      heard = min((current.pausedAt ?? now) - start, current.length)
      policy.agentCut(at: now)
    }
    stopPlaying()
    feed(.playoutStopped(utterance, played: heard))
  }

  /// Notes what was audible of the present utterance.
  private mutating func stopPlaying(at end: Timestamp? = nil) {
    if let current = playing, let start = current.startedAt, current.pausedAt == nil {
      let audible = current.resumedAt ?? start
      let end = max(audible, min(end ?? now, start + current.length))
      evidence.agentSpeech.append(SpeechSpan(start: audible, end: end))
    }
    playing = nil
  }

  private mutating func pause(_ utterance: UtteranceID) {
    guard let current = playing, current.utterance == utterance, let start = current.startedAt else { return }
    let audible = current.resumedAt ?? start
    evidence.agentSpeech.append(SpeechSpan(start: audible, end: max(audible, min(now, start + current.length))))
    playing?.pausedAt = now
  }

  private mutating func resume(_ utterance: UtteranceID) {
    guard var current = playing, current.utterance == utterance, let paused = current.pausedAt else { return }
    if let start = current.startedAt { current.startedAt = start + (now - paused) }
    current.pausedAt = nil
    current.resumedAt = now
    playing = current
  }
}

extension CallerAct.PlacedPiece {
  /// Where it is heard; `nil` for silence.
  var audibleSpan: SpeechSpan? {
    if case .pause = piece { return nil }
    return span
  }
}
