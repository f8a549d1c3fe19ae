public import CallCore

/// One call with its audio: it drives the `CallMachine`, decodes what the caller sends and plays what the agent says.
///
/// Confined to one loop, which lends it the time. It waits for nothing: engines and tools are asked through `SpeechTasks`, and their
/// answers come back by `deliver`. A packet or a tick allocates nothing in the steady state.
public final class CallSession {
  /// The call's number in this process.
  public let number: CallNumber
  /// What it was set up with.
  public let settings: CallSettings

  private var machine: CallMachine
  private let caller: CallerAudio
  private var agent: AgentAudio
  private let work: any SpeechTasks
  private unowned let host: any CallHost
  /// Sentences whose audio came before that of an earlier one.
  private var pending = PendingSpeech(count: 0)
  private var actions: [CallAction] = []
  private var isPerforming = false
  private var packetNumber: UInt32 = 0
  private var clockNow = Timestamp.zero
  private var undecodable = 0
  private var meter = SpeechMeter()
  /// Keys that come as sound, as messages or as both.
  private var keys = PressedKeyFilter()
  /// What was asked for, where the call's spans are sent.
  private var requests: CallRequestLog?
  /// Keeps what goes into the machine and comes out of it, from now to the end of the call; `nil`: nobody does.
  public var trace: CallTraceBuffer?

  /// - Parameters:
  ///   - number: never used before.
  ///   - flow: decides on the agent's words.
  ///   - codecs: for `settings.format`.
  ///   - detector: this call's own.
  ///   - echoCancellers: for the agent's own voice where it comes back; `nil`: it is heard as the caller's.
  ///   - work: engines and tools.
  ///   - host: outlives the call.
  /// - Throws: when the format is not supported.
  public init(
    number: CallNumber, settings: CallSettings, flow: any AgentFlow, codecs: any AudioCodecFactory,
    detector: any SpeechDetector, echoCancellers: (any EchoCancellerFactory)? = nil, work: any SpeechTasks,
    host: any CallHost
  ) throws(EngineError) {
    self.number = number
    self.settings = settings
    self.work = work
    self.host = host
    machine = CallMachine(flow: flow, flowName: settings.flowName, voice: settings.voice, limits: settings.limits)
    let format = settings.format
    let echo = echoCancellers.map { cancellers in
      EchoRemover(cancellers: cancellers) {
        do throws(EngineError) { return try codecs.makeDecoder(format) } catch { return nil }
      }
    }
    caller = CallerAudio(
      decoder: try codecs.makeDecoder(settings.format), codecDelay: settings.format.delay, detector: detector,
      turnMax: settings.limits.turnDurationMax + settings.limits.preRoll,
      recording: TrackRecorder(format: settings.format, byteLimit: settings.recordingBytesMax),
      hearsKeyTones: settings.hearsKeyTones, hearsBeeps: settings.hearsBeeps, echo: echo)
    agent = AgentAudio(
      recording: TrackRecorder(format: settings.format, byteLimit: settings.recordingBytesMax),
      lead: settings.agentLead, played: echo?.played)
    actions.reserveCapacity(32)
    if settings.spans?.isSampled == true { requests = CallRequestLog() }
  }

  /// What the call is doing.
  public var phase: CallPhase { machine.phase }
  /// Turns that the caller took so far.
  public var turns: Int { machine.record.turns }
  /// Whether the call is over.
  public var isOver: Bool { machine.isOver }
  /// Packets of the agent that were sent, and how many of them left more than 20 ms late.
  public var sentPackets: (all: Int, late: Int) { (agent.sentPackets, agent.latePackets) }
  /// What was asked for so far; empty unless the call's spans are sent.
  public var requestLog: CallRequestLog { requests ?? CallRequestLog() }
  /// What the call used, itself counted once it is over.
  public var usage: UsageCounts {
    var counts = meter.counts
    guard isOver else { return counts }
    counts.calls = 1
    counts.callTime = machine.record.duration
    counts.turns = machine.record.turns
    return counts
  }

  /// Something happened outside the audio.
  public func handle(_ event: CallEvent, at now: Timestamp) {
    clockNow = now
    if case .keyPressed(let key) = event, settings.hearsKeyTones, !keys.admit(key, from: .message, at: now) { return }
    feed(event, at: now)
    performActions()
  }

  /// The one way into the machine.
  private func feed(_ event: CallEvent, at now: Timestamp) {
    guard let trace else { return machine.handle(event, at: now, into: &actions) }
    let first = actions.count
    machine.handle(event, at: now, into: &actions)
    trace.write(event, at: now, actions: actions[first...])
  }

  /// The caller sent a packet.
  /// - Parameters:
  ///   - sequence: its number; gaps are filled in.
  ///   - stamp: microseconds on the sender's clock, any value, which tells a pause from a hold-up; `nil` when it has none.
  public func receive(_ packet: UnsafeRawBufferPointer, sequence: UInt32, stamp: UInt64?, at now: Timestamp) {
    clockNow = now
    guard !isOver, machine.phase != .new else { return }
    do throws(EngineError) {
      try caller.receive(packet, number: sequence, stamp: stamp, at: now) {
        takeTone($0)
      } heard: {
        takeWindow($0, until: $1, loudUntil: $2, meanSquare: $3)
      }
      if caller.hearsKeyTones { keys.soundGoesOn(at: now) }
    } catch {
      noteUndecodable(error)
    }
  }

  /// Takes in packets that overtook others, once those were waited for long enough.
  private func receiveOverdue(at now: Timestamp) {
    do throws(EngineError) {
      try caller.releaseOverdue(at: now) {
        takeTone($0)
      } heard: {
        takeWindow($0, until: $1, loudUntil: $2, meanSquare: $3)
      }
    } catch {
      noteUndecodable(error)
    }
  }

  /// A tone was heard in the caller's sound.
  private func takeTone(_ tone: LineTone) {
    switch tone {
    case .key(let key):
      guard keys.admit(key, from: .sound, at: clockNow) else { return }
      feed(.keyPressed(key), at: clockNow)
    case .beep: feed(.beepHeard, at: clockNow)
    }
    performActions()
  }

  /// A window of the caller's sound was judged.
  private func takeWindow(_ probability: SpeechProbability, until: Timestamp, loudUntil: Timestamp, meanSquare: Int) {
    let level = settings.comparesLevels ? meanSquare : nil
    feed(.speechWindow(probability, until: until, loudUntil: loudUntil, meanSquare: level), at: clockNow)
    performActions()
  }

  /// An engine or a tool answered.
  public func deliver(_ content: SpeechResult.Content, at now: Timestamp) {
    clockNow = now
    requests?.note(content, at: now)
    switch content {
    case .words(let request, .success(let text)):
      meter.recognitionAnswered(request, hasWords: true)
      handle(.transcribed(request, text), at: now)
    case .words(let request, .failure(let error)):
      meter.recognitionAnswered(request, hasWords: false)
      handle(.recognitionFailed(request, error), at: now)
    case .completeness(let request, .success(let completeness)): handle(.turnJudged(request, completeness), at: now)
    case .completeness(let request, .failure(let error)): handle(.turnJudgementFailed(request, error), at: now)
    case .tool(let request, let answer): handle(.toolAnswered(request, answer), at: now)
    case .meaning(let request, .success(let similarities)): handle(.compared(request, similarities), at: now)
    case .meaning(let request, .failure(let error)): handle(.comparisonFailed(request, error), at: now)
    case .model(let request, .delta(let delta)):
      meter.modelAnswered(request, delta)
      handle(.modelDelta(request, delta), at: now)
    case .model(let request, .finished): handle(.modelFinished(request), at: now)
    case .model(let request, .failed(let fault)): handle(.modelFailed(request, fault), at: now)
    case .speech(let utterance, let index, let result):
      guard utterance == agent.utterance else { return }
      if case .success(let speech) = result { meter.sentenceMade(index, speech.duration) }
      deliverSpeech(index, result, of: utterance, at: now)
    }
  }

  /// Time passed: sends what is due. Called every 20 ms.
  public func tick(at now: Timestamp) {
    clockNow = now
    if !isOver { receiveOverdue(at: now) }
    feed(.tick, at: now)
    if !actions.isEmpty { performActions() }
    playOut(at: now)
  }

  private func playOut(at now: Timestamp) {
    guard let utterance = agent.utterance else { return }
    let progress = agent.advance(at: now) { bytes, end, due in
      let packet = AgentPacket(bytes, number: packetNumber, due: due, utterance: utterance, end: end)
      guard host.send(packet) else { return false }
      packetNumber &+= 1
      return true
    }
    switch progress {
    case .nothing: break
    case .started: handle(.playoutStarted(utterance), at: now)
    case .finished: handle(.playoutFinished(utterance), at: now)
    }
  }

  private func deliverSpeech(
    _ index: Int, _ result: Result<EncodedSpeech, EngineError>, of utterance: UtteranceID, at now: Timestamp
  ) {
    switch result {
    case .success(let speech):
      pending.insert(speech, at: index)
      while let next = pending.removeSentence(agent.readySentences) {
        agent.add(next)
        handle(.sentenceReady(utterance, sentence: agent.readySentences - 1, next.duration), at: now)
      }
      playOut(at: now)
    case .failure(let error):
      agent.closeSentences()
      handle(.synthesisFailed(utterance, error), at: now)
    }
  }

  /// Performs what the machine asked for, also what it asks for meanwhile.
  private func performActions() {
    guard !isPerforming else { return }
    isPerforming = true
    var index = 0
    while index < actions.count {
      perform(actions[index])
      index += 1
    }
    actions.removeAll(keepingCapacity: true)
    isPerforming = false
  }

  private func perform(_ action: CallAction) {
    requests?.note(action, at: clockNow)
    switch action {
    case .openTurn(_, let speechStart): caller.openTurn(from: speechStart - settings.limits.preRoll)
    case .closeTurn: caller.closeTurn()
    case .transcribe(let request, let purpose):
      // What was said over the agent may turn out to be no turn, and is then left to the next one.
      if purpose == .speculative || purpose == .final { caller.markTurnUsed() }
      let samples = caller.turn.samples
      meter.recognitionAsked(request, samples: samples.count)
      work.transcribe(samples, language: settings.language, purpose: purpose, request: request, call: number)
    case .judgeTurn(let request): work.judgeTurn(caller.turn.samples, request: request, call: number)
    case .hurry(let request): work.prioritize(request, call: number)
    case .cancel(let request):
      meter.recognitionCancelled(request)
      work.cancel(request, call: number)
    case .speak(let utterance, let sentences): speak(utterance, sentences)
    case .speakPart(let utterance, let sentences, let isLast): speakPart(utterance, sentences, isLast: isLast)
    case .stopPlayout(let utterance): stopPlayout(utterance)
    case .pausePlayout(let utterance): if agent.utterance == utterance { agent.pause() }
    case .resumePlayout(let utterance): if agent.utterance == utterance { agent.resume(at: clockNow) }
    case .callTool(let request, let tool):
      work.callTool(tool.told(settings.spans?.traceparent(of: request)), request: request, call: number)
    case .compare(let request, let question): work.compare(question, request: request, call: number)
    case .askModel(let request, let question):
      meter.modelAsked(request)
      work.askModel(question.told(settings.spans?.traceparent(of: request)), request: request, call: number)
    case .askModelEarly(let request, let question):
      meter.modelAsked(request)
      work.askModelEarly(question.told(settings.spans?.traceparent(of: request)), request: request, call: number)
    case .report(let report): host.send(report)
    case .end: finish()
    }
  }

  private func speak(_ utterance: UtteranceID, _ sentences: [SynthesisText], isWhole: Bool = true) {
    agent.begin(utterance, sentences: sentences.count, isWhole: isWhole)
    meter.utteranceBegan(sentences)
    pending = PendingSpeech(count: sentences.count)
    makeSpeech(of: utterance, sentences, from: 0)
  }

  private func speakPart(_ utterance: UtteranceID, _ sentences: [SynthesisText], isLast: Bool) {
    guard agent.utterance == utterance else { return speak(utterance, sentences, isWhole: isLast) }
    let first = pending.count
    guard agent.expect(sentences.count, isLast: isLast) else { return }
    meter.utteranceGrew(sentences)
    pending.grow(by: sentences.count)
    makeSpeech(of: utterance, sentences, from: first)
  }

  /// - Parameter first: the place of the first of these sentences in the utterance. It is urgent when the caller hears the one before it already.
  private func makeSpeech(of utterance: UtteranceID, _ sentences: [SynthesisText], from first: Int) {
    let urgent = agent.readySentences == first ? first : -1
    for (index, text) in zip(first..., sentences) {
      guard !settings.isAgentSilent else {
        deliverSpeech(index, .success(.none), of: utterance, at: clockNow)
        continue
      }
      let key = SpeechKey(voice: settings.voice, text: text, format: settings.format)
      if let speech = work.readySpeech(key) {
        meter.sentenceWasThere()
        deliverSpeech(index, .success(speech), of: utterance, at: clockNow)
      } else {
        requests?.ask(.synthesis(utterance, sentence: index), at: clockNow)
        work.synthesize(key, isUrgent: index == urgent, utterance: utterance, index: index, call: number)
      }
    }
  }

  private func stopPlayout(_ utterance: UtteranceID) {
    let heard = agent.utterance == utterance ? agent.stop(at: clockNow) : .zero
    feed(.playoutStopped(utterance, played: heard), at: clockNow)
  }

  private func noteUndecodable(_ error: EngineError) {
    undecodable += 1
    guard undecodable == 1 else { return }  // once a call: a broken sender must not flood its own client
    host.send(.trouble(code: "undecodable-audio", message: "a packet could not be decoded: \(error)"))
  }

  private func finish() {
    trace?.close()
    trace = nil
    var record = machine.record
    record.id = settings.id
    record.codec = "\(settings.format.codec.rawValue)/\(settings.format.sampleRate)"
    record.startedAtUnixMicroseconds = settings.startedAtUnixMicroseconds
    record.metadata = settings.metadata
    if caller.recordKept(at: clockNow) != nil { undecodable += 1 }
    record.audio = caller.counts
    record.echoDelay = caller.echoDelay
    caller.closeTurn()
    host.ended(
      StoredCall(
        record: record,
        recording: CallRecording(caller: caller.recording.finish(), agent: agent.recording.finish())))
  }
}
