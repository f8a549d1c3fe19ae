import CallCore
import CallDriver
import Wires

/// One call in virtual time: the caller, the network, the codecs, the detector, the recogniser, the flow and the synthesiser in one
/// thread, each instant worked out and none measured.
final class VirtualCall: CallHost, SpeechTasks {
  private enum Event {
    case packet([UInt8], sequence: UInt32, stamp: UInt64)
    case deliver(SpeechResult.Content)
    case disconnect
  }

  private static let frame = CallDuration.milliseconds(20)

  private let plan: CallerPlan
  private let line: BuiltInAgent.Line
  private let shared: SharedSpeech
  private let latency: LatencyModel
  private let caller: SimulatedCaller
  private var network: LossyNetwork
  private var session: CallSession?
  private var queue = EventQueue<Event>()
  private var now = Timestamp.zero
  private var sequence: UInt32 = 0
  private var spokenBefore: Set<SynthesisText>
  private var cancelled: Set<RequestID> = []
  private var early = EarlyQuestion()
  private var record: CallRecord?
  private var failure: CallFailure?

  init(
    plan: CallerPlan, agent: BuiltInAgent, shared: SharedSpeech, latency: LatencyModel,
    makeTrace: CallTraceMaker? = nil
  ) throws(CallFailure) {
    self.plan = plan
    self.shared = shared
    self.latency = latency
    line = try agent.line(for: plan)
    network = LossyNetwork(conditions: plan.testCase.world.network, seed: plan.seed)
    spokenBefore = line.preparedSentences
    do throws(EngineError) {
      caller = try SimulatedCaller(plan: plan, codecs: shared.engines.codecs)
      session = try makeSession()
      session?.trace = makeTrace?(line.traceHeader)
    } catch {
      throw .callerEngine(error.description)
    }
  }

  private func makeSession() throws(EngineError) -> CallSession {
    var settings = CallSettings(
      id: plan.testCase.id, flowName: line.flowName, voice: line.voice, format: plan.testCase.world.format)
    settings.limits = line.limits
    settings.language = line.language
    settings.hearsKeyTones = plan.testCase.world.keys == .inBand
    settings.hearsBeeps = line.hearsBeeps
    settings.recordingBytesMax = 0  // the caller records both sides
    settings.comparesLevels = line.fault != .oversensitive
    return try CallSession(
      number: CallNumber(1), settings: settings, flow: line.flow, codecs: shared.engines.codecs,
      detector: try line.detector(of: shared.engines), echoCancellers: line.echoCancellers(of: shared.engines),
      work: self, host: self)
  }

  /// Holds the call from its beginning to its end.
  /// - Parameter tell: see `VirtualCallRunner`.
  func run(tell: (_ turn: Int) -> Void) -> CallEvidence {
    if let after = plan.testCase.world.disconnectAfter { queue.schedule(.disconnect, at: .zero + after) }
    session?.handle(.began, at: now)
    while record == nil, failure == nil {
      advance(to: now + Self.frame)
      guard record == nil, failure == nil else { break }
      session?.tick(at: now)
      let turnsBefore = caller.turnsBegun
      stepCaller()
      if caller.turnsBegun > turnsBefore { tell(caller.turnsBegun) }
    }
    var evidence = caller.evidence(mode: .virtual, at: now)
    evidence.record = record
    evidence.network = network.counts
    evidence.failure = failure
    session = nil
    return evidence
  }

  private func advance(to instant: Timestamp) {
    while let (at, event) = queue.next(by: instant) {
      now = max(now, at)
      switch event {
      case .packet(let bytes, let sequence, let stamp):
        bytes.withUnsafeBytes { session?.receive($0, sequence: sequence, stamp: stamp, at: now) }
      case .deliver(let content): deliver(content)
      case .disconnect:
        failure = .brokenOff("as the case asks")
        session?.handle(.vanished, at: now)
      }
    }
    now = instant
    if now - .zero >= plan.testCase.durationMax, record == nil {
      failure = .tooLong("over \(plan.testCase.durationMax.milliseconds / 1000) s")
      session?.handle(.hungUp, at: now)
    }
  }

  private func stepCaller() {
    do throws(EngineError) {
      let command = try caller.step(at: now) { packet in post(packet) }
      switch command {
      case .nothing: break
      case .press(let key): session?.handle(.keyPressed(key), at: now)
      case .hangUp: session?.handle(.hungUp, at: now)
      }
    } catch {
      failure = .callerEngine(error.description)
    }
  }

  // MARK: - The network

  private func post(_ packet: UnsafeRawBufferPointer) {
    let number = sequence
    sequence &+= 1
    let stamp = UInt64(now.microseconds)
    for arrival in network.send(at: now) {
      if arrival <= now {
        session?.receive(packet, sequence: number, stamp: stamp, at: now)
      } else {
        queue.schedule(.packet(Array(packet), sequence: number, stamp: stamp), at: arrival)
      }
    }
  }

  // MARK: - What the call asks of its host

  func send(_ packet: AgentPacket) -> Bool {
    do throws(EngineError) {
      try caller.receivePacket(packet.bytes, isLast: packet.end == .utterance, at: now)
    } catch {
      failure = .rubbish("a packet that cannot be decoded: \(error)")
    }
    return true
  }

  func send(_ report: CallReport) {
    if let message = ServerMessage(report) { caller.receive(message, at: now) }
  }

  func ended(_ call: StoredCall) {
    record = call.record
    line.model.end(heard: call.record.heardWords)
    caller.receive(.ended(call.record.reason ?? .completed, nil), at: now)
  }

  // MARK: - What the call asks to be done

  func transcribe(
    _ samples: [Int16], language: String, purpose: CallAction.Purpose, request: RequestID, call: CallNumber
  ) {
    var due = now + latency.recognition(samples: samples.count)
    var result =
      line.model.words(ofTurn: session?.turns ?? 0).map(Result.success)
      ?? shared.transcribe(samples, language: language)
    plan.testCase.world.injectTrouble(.recognition, inTurn: caller.turnsBegun, due: &due, &result)
    queue.schedule(.deliver(.words(request, result)), at: due)
  }

  func judgeTurn(_ samples: [Int16], request: RequestID, call: CallNumber) {
    queue.schedule(
      .deliver(.completeness(request, shared.completeness(of: samples))), at: now + latency.turnDetection)
  }

  /// A sentence counts as made before when every server makes it at its start, or when this very call has had it made: never
  /// because another call of this process has, or results would depend on what ran before.
  func readySpeech(_ key: SpeechKey) -> EncodedSpeech? {
    guard spokenBefore.contains(key.text),
      !plan.testCase.world.hasTrouble(.synthesis, inTurn: caller.turnsBegun),
      case .success(let speech) = shared.speak(key)
    else { return nil }
    return speech
  }

  func synthesize(_ key: SpeechKey, isUrgent: Bool, utterance: UtteranceID, index: Int, call: CallNumber) {
    var due = now + latency.synthesis(characters: key.text.words.count)
    var result = shared.speak(key)
    // A limit of time says nothing about the agent: the run is invalid, and a replay differs in nothing but that.
    if case .failure(.timedOut(let limit)) = result {
      failure = .callerEngine("a sentence took more than \(limit.milliseconds) ms of an engine: \(key.text.words)")
    }
    plan.testCase.world.injectTrouble(.synthesis, inTurn: caller.turnsBegun, due: &due, &result)
    if case .success = result { spokenBefore.insert(key.text) }
    queue.schedule(.deliver(.speech(utterance, index: index, result)), at: due)
  }

  func callTool(_ tool: ToolRequest, request: RequestID, call: CallNumber) {
    queue.schedule(.deliver(.tool(request, .failed("no network in virtual time"))), at: now + latency.tool)
  }

  func compare(_ question: MeaningQuestion, request: RequestID, call: CallNumber) {
    queue.schedule(.deliver(.meaning(request, line.compare(question))), at: now + latency.meaning)
  }

  func askModel(_ question: ModelRequest, request: RequestID, call: CallNumber) {
    do throws(VirtualModelMiss) {
      for piece in try line.model.answer(question) {
        queue.schedule(.deliver(.model(request, piece.event)), at: now + piece.after)
      }
    } catch {
      failure = error.failure
    }
  }

  func askModelEarly(_ question: ModelRequest, request: RequestID, call: CallNumber) {
    for piece in early.ask(question, request, of: line.model) {
      queue.schedule(.deliver(.model(request, piece.event)), at: now + piece.after)
    }
  }

  /// Here every answer is on its way from the moment of its question.
  func prioritize(_ request: RequestID, call: CallNumber) { early.confirm(request, of: line.model) }

  func cancel(_ request: RequestID, call: CallNumber) { cancelled.insert(request) }

  private func deliver(_ content: SpeechResult.Content) {
    switch content {
    case .words(let request, _), .completeness(let request, _): if cancelled.remove(request) != nil { return }
    case .model(let request, _): if cancelled.contains(request) { return }
    case .speech, .tool, .meaning: break
    }
    session?.deliver(content, at: now)
  }
}

extension CallRecord {
  /// What was understood of the caller's speech, by turn.
  var heardWords: [Int: String] {
    Dictionary(
      transcript.filter { $0.role == .caller && $0.source == .speech }.map { ($0.turn.number, $0.text) },
      uniquingKeysWith: { $1 })
  }
}
