public import CallCore
public import CallDriver
public import Wires

/// A simulated caller with its microphone and its ear. Whoever drives it hands over the agent's packets and messages as they come and
/// asks for one packet every 20 ms; in virtual time and live it is the same.
///
/// Used by one thread; nothing is allocated per frame but for the growth of the recorded tracks.
public final class SimulatedCaller {
  private var policy: CallerPolicy
  private var receiver = AgentReceiver()
  private let encoder: any AudioFrameEncoder
  private let decoder: any AudioDecoder
  private let environment: CallerEnvironment
  private let agentFrame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: AgentReceiver.frameSamples)
  private let voiceFrame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: AgentReceiver.frameSamples)
  private let microphoneFrame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: AgentReceiver.frameSamples)
  private let packet = UnsafeMutableRawBufferPointer.allocate(byteCount: 1276, alignment: 8)
  private var tracks = CallTracks()
  private var notices: [CallEvidence.Notice] = []
  private var firstPackets: [Timestamp] = []
  private var record: CallRecord?
  private var frames = 0
  /// Where the agent's utterances are heard; `nil`: they are announced.
  private var hearing: AgentHearing?
  private var agentCuts: [Timestamp] = []
  /// Whether keys go out as sound, and the one that does.
  private let sendsKeyTones: Bool
  private var keyTone: KeyToneSound?

  /// - Parameters:
  ///   - plan: with sound.
  ///   - codecs: knows the format.
  ///   - format: how audio travels; `nil`: as the plan says.
  ///   - agentPause: silence that ends an utterance of an agent that announces none; `nil`: it announces them.
  /// - Throws: when the format is not supported.
  public init(
    plan: CallerPlan, codecs: any AudioCodecFactory, format: AudioFormat? = nil, agentPause: CallDuration? = nil
  ) throws(EngineError) {
    policy = CallerPolicy(plan: plan)
    sendsKeyTones = plan.testCase.world.keys == .inBand
    hearing = agentPause.map(AgentHearing.init)
    let format = format ?? plan.testCase.world.format
    encoder = try codecs.makeFrameEncoder(
      format, expectedLossPercent: plan.testCase.world.network.expectedLossPercent)
    decoder = try codecs.makeDecoder(format)
    environment = CallerEnvironment(
      world: plan.testCase.world, seed: plan.seed, speechPower: plan.speechPower, noiseSound: plan.noiseSound)
    for frame in [agentFrame, voiceFrame, microphoneFrame] { frame.initialize(repeating: 0) }
    tracks.voice.reserveCapacity(60 * CallTracks.sampleRate)
    tracks.microphone.reserveCapacity(60 * CallTracks.sampleRate)
  }

  deinit {
    agentFrame.deallocate()
    voiceFrame.deallocate()
    microphoneFrame.deallocate()
    packet.deallocate()
  }

  /// Turns that the caller has begun.
  public var turnsBegun: Int { policy.turnsBegun }

  /// A packet of the agent arrived.
  /// - Throws: when it cannot be decoded.
  public func receivePacket(_ packet: UnsafeRawBufferPointer, isLast: Bool, at now: Timestamp) throws(EngineError) {
    noteEnd(by: now)
    let count = try decoder.decode(packet, into: agentFrame)
    for index in count..<agentFrame.count { agentFrame[index] = 0 }
    if case .began(let start) = receiver.receive(UnsafeBufferPointer(agentFrame), isLast: isLast, at: now) {
      policy.agentBegan(at: start)
      firstPackets.append(start)
    }
  }

  /// A message of the agent's side arrived.
  public func receive(_ message: ServerMessage, at now: Timestamp) {
    notices.append(CallEvidence.Notice(at: now, message: message))
    noteEnd(by: now)  // what is said now belongs to what comes next
    switch message {
    case .agent(let notice) where notice.state == .started: policy.agentSays(notice.text)
    case .clear:
      noteEnd(by: now)
      if receiver.clear(at: now) { policy.agentCut(at: now) }
    case .ended(_, let document):
      record = document?.record
      if policy.isAgentAudible { hearUtterance(until: now) }
      policy.callEnded(at: now)
    default: break
    }
  }

  /// Sends the 20 ms that end at `now`, then decides what comes next.
  /// - Parameters:
  ///   - now: 20 ms after the last one, whatever the clock on the wall says.
  ///   - send: one packet, valid during the call.
  public func step(at now: Timestamp, send: (UnsafeRawBufferPointer) -> Void) throws(EngineError) -> CallerCommand {
    let start = now - .milliseconds(20)
    speak(from: start)
    receiver.copyFrame(from: start, into: agentFrame)
    environment.mix(
      voice: UnsafeBufferPointer(voiceFrame), agent: UnsafeBufferPointer(agentFrame), into: microphoneFrame)
    if keyTone != nil { soundKey() }
    tracks.voice.append(contentsOf: voiceFrame)
    tracks.microphone.append(contentsOf: microphoneFrame)
    let count = try encoder.encode(UnsafeBufferPointer(microphoneFrame), into: packet)
    send(UnsafeRawBufferPointer(rebasing: packet[..<count]))
    frames += 1
    noteEnd(by: now)
    if policy.isAboutToInterrupt(at: now) { hearUtterance(until: now) }
    let command = policy.tick(at: now)
    guard case .press(let key) = command, sendsKeyTones else { return command }
    keyTone = KeyToneSound(key, at: .wide)
    return .nothing
  }

  /// A telephone mutes its microphone while a key sounds.
  private func soundKey() {
    for index in microphoneFrame.indices { microphoneFrame[index] = keyTone?.next() ?? 0 }
    if keyTone?.isOver == true { keyTone = nil }
  }

  /// What is known when the call is over.
  /// - Parameter now: the end, on the caller's clock.
  public func evidence(mode: RunMode, at now: Timestamp) -> CallEvidence {
    if policy.isAgentAudible { hearUtterance(until: now) }
    policy.callEnded(at: now)
    var evidence = CallEvidence(mode: mode)
    tracks.agent = receiver.samples
    evidence.acts = policy.acts
    evidence.notices = notices
    evidence.firstPackets = firstPackets
    evidence.agentCuts = agentCuts
    evidence.callerSpeech = SpeechFinder.spans(in: tracks.voice)
    evidence.agentSpeech = SpeechFinder.spans(in: tracks.agent)
    evidence.tracks = tracks
    evidence.record = record
    evidence.duration = now - .zero
    evidence.sentFrames = frames
    evidence.improviser = policy.plan.improviser
    return evidence
  }

  // MARK: - An agent that announces nothing

  /// The 20 ms from `now` on are played of an agent that does not say when it speaks: its utterances are heard.
  /// - Parameter packet: `nil` when there is nothing to play.
  public func playFrame(_ packet: UnsafeRawBufferPointer?, at now: Timestamp) throws(EngineError) {
    if let packet {
      let count = try decoder.decode(packet, into: agentFrame)
      for index in count..<agentFrame.count { agentFrame[index] = 0 }
      _ = receiver.receive(UnsafeBufferPointer(agentFrame), isLast: false, at: now)
    }
    switch hearing?.hear(packet == nil ? nil : UnsafeBufferPointer(agentFrame), at: now) {
    case .began?:
      policy.agentBegan(at: now)
      firstPackets.append(now)
      policy.agentSounds(until: now + AgentHearing.wordGap)
    case .sounds(let end)?: policy.agentSounds(until: end + AgentHearing.wordGap)
    case .fellSilent(let end)?:
      hearUtterance(until: end)
      policy.agentFellSilent(since: end)
    case .nothing?, nil: break
    }
  }

  /// Keeps the sound of an utterance for a caller who must know what was said, of an agent that does not tell.
  private func hearUtterance(until end: Timestamp) {
    guard hearing != nil, policy.plan.improviser != nil, policy.utteranceText.isEmpty else { return }
    // What is longer than one recognition is heard from its end: there the question is.
    let whole = SpeechSpan(
      start: max(policy.utteranceStart - RecognizedUtterance.margin, end - RecognizedUtterance.recognitionMax, .zero),
      end: end + RecognizedUtterance.margin)
    let first = min(CallTracks.position(of: whole.start), receiver.samples.count)
    let last = min(CallTracks.position(of: whole.end), receiver.samples.count)
    policy.utteranceSound = Array(receiver.samples[first..<max(first, last)])
  }

  /// What an agent that is heard says of its utterance, as far as it told.
  public func agentSays(_ text: String) { policy.agentSays(text) }

  /// An agent that is heard told that its utterance is over, and all of it was played.
  public func agentFinished(at now: Timestamp) {
    guard hearing?.finish() == true else { return }
    hearUtterance(until: now)
    policy.agentEnded(at: now)
  }

  /// The agent had what was not played of it dropped.
  public func agentCleared(at now: Timestamp) {
    _ = receiver.clear(at: now)
    switch hearing?.cut(at: now) {
    case .sounds?:
      hearUtterance(until: now)
      policy.agentCut(at: now)
      agentCuts.append(now)
    case .fellSilent(let end)?: policy.agentFellSilent(since: end)
    case .began?, .nothing?, nil: break
    }
  }

  private func noteEnd(by now: Timestamp) {
    if let end = receiver.endedUtterance(by: now) { policy.agentEnded(at: end) }
  }

  private func speak(from start: Timestamp) {
    guard let (turn, since) = policy.speakingSince else {
      voiceFrame.update(repeating: 0)
      return
    }
    let sound = policy.plan.turns[turn].sound
    let first = Int((start - since).microseconds * 16 / 1000)
    for index in 0..<voiceFrame.count {
      let position = first + index
      voiceFrame[index] = position >= 0 && position < sound.count ? sound[position] : 0
    }
  }
}

extension CallWorld {
  /// How audio travels.
  public var format: AudioFormat { AudioFormat(codec: codec, sampleRate: codec.defaultSampleRate) }
}
