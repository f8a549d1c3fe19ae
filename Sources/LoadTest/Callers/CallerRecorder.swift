import CallClient
public import CallCore
public import CallDriver
public import Simulation
public import Wires

/// Makes the recorded callers of a load test: plans each case as the simulator does, speaks it once and encodes it once.
public struct CallerRecorder {
  /// Silence before the first turn that is encoded and thrown away, in packets: an encoder takes so long to settle.
  private static let settling = 25
  /// Packets of the silence that is played in a loop. Noise that comes again every second is still noise to a detector.
  private static let idlePackets = 50

  private let engines: any SpeechEngines
  private let planner: CallerPlanner
  private let today: String?
  /// The wire of a bot that is called, and how its audio travels; `nil`: a server of ours.
  private let wire: CallWire?
  private let format: AudioFormat?

  /// - Parameters:
  ///   - engines: the callers' voices and codecs.
  ///   - today: the day that the server's flows are to take for today, as `YYYY-MM-DD`; `nil` for its own.
  ///   - wire: of a bot that is called; `nil`: a server of ours.
  ///   - format: of that bot's audio; `nil`: as its wire has it.
  ///   - readSound: for recordings.
  public init(
    engines: any SpeechEngines, today: String?, wire: CallWire? = nil, format: AudioFormat? = nil,
    readSound: @escaping CallerPlanner.SoundReader
  ) {
    self.engines = engines
    self.today = today
    self.wire = wire
    self.format = format ?? wire.flatMap { CallWire.foreign.contains($0) ? BotTarget(wire: $0, url: "").format : nil }
    planner = CallerPlanner(engines: engines, cache: CallerSpeechCache(), readSound: readSound)
  }

  /// Makes the recorded caller of a case.
  /// - Parameter seed: of the caller's luck: how it stumbles, and its noise.
  /// - Throws: `.refused` for what a recorded caller cannot do, `.callerEngine` when a voice or a recording is not there.
  public func recorded(of testCase: TestCase, seed: UInt64) throws(CallFailure) -> RecordedCaller {
    if let hindrance = Self.unsupportedReason(in: testCase) {
      throw .refused(code: "not-for-load", message: "\(testCase.id): \(hindrance)")
    }
    if let wire, let fault = testCase.unobservable(over: wire, skipsExpectations: true).first {
      throw .refused(code: "not-for-load", message: "\(testCase.id): \(fault.text)")
    }
    let plan = try planner.plan(for: testCase, seed: testCase.seed ?? seed)
    do throws(EngineError) { return try record(plan) } catch { throw .callerEngine(error.description) }
  }

  /// Why a case cannot be played from a recording; `nil` when it can.
  static func unsupportedReason(in testCase: TestCase) -> String? {
    let world = testCase.world
    if testCase.caller.brief != nil {
      return
        "a caller with a goal finds its words during the call, and load calls are recorded before (voiceforge simulate)"
    }
    if testCase.agent.fault != nil || !world.engineTroubles.isEmpty {
      return "a faulty agent and engine trouble can only be had in virtual time (voiceforge simulate)"
    }
    if world.echo != nil { return "an echo depends on what the agent says, and a load call does not listen to it" }
    if world.network != NetworkConditions() || world.disconnectAfter != nil {
      return "load calls come over a line that loses nothing; voiceforge simulate --target tries out others"
    }
    return nil
  }

  private func record(_ plan: CallerPlan) throws(EngineError) -> RecordedCaller {
    let encoder = try UtteranceEncoder(plan: plan, format, codecs: engines.codecs)
    for _ in 0..<Self.settling { try encoder.skip() }
    var turns: [EncodedSpeech?] = []
    for turn in plan.turns {
      turns.append(turn.sound.isEmpty ? nil : try encoder.record(turn.sound))
      for _ in 0..<Self.settling { try encoder.skip() }
    }
    let idle = try encoder.record([Int16](repeating: 0, count: Self.idlePackets * CallerEnvironment.frameSamples))
    let ends = plan.turns.map { turn in
      SpeechFinder.spans(in: turn.sound).last.map { $0.end - .zero } ?? turn.duration
    }
    return RecordedCaller(plan: plan, request: plan.request(today: today), idle: idle, turns: turns, speechEnds: ends)
  }
}

/// Everything that a caller of one test case sends, made once before the run and shared by all calls that play it. Nothing changes in it.
public final class RecordedCaller: Sendable {
  /// The case.
  public let testCase: TestCase
  /// What the call asks the server for.
  public let request: StartRequest
  /// What the caller does and when, as its policy wants it.
  let plan: CallerPlan
  /// What is sent while the caller says nothing, in turn.
  package let idle: EncodedSpeech
  /// What is sent in each turn; `nil` for keys and silence.
  package let turns: [EncodedSpeech?]
  /// From the beginning of each turn to the end of its last sound.
  let speechEnds: [CallDuration]
  /// Whether the caller heeds phrases of the agent, so that its words have to be read.
  let followsWords: Bool

  /// - Parameters: a turn and an end for each turn of the plan.
  package init(
    plan: CallerPlan, request: StartRequest, idle: EncodedSpeech, turns: [EncodedSpeech?], speechEnds: [CallDuration]
  ) {
    precondition(idle.packetCount > 0, "a caller who is silent sends packets, too")
    testCase = plan.testCase
    self.plan = plan
    self.request = request
    self.idle = idle
    self.turns = turns
    self.speechEnds = speechEnds
    followsWords = plan.turns.contains { planned in
      if case .atPhrase = planned.turn.cue { true } else { !planned.turn.againWhen.isEmpty }
    }
  }

  /// The wire's format.
  var codec: AudioCodec { request.codec }
}

/// One caller's microphone and encoder, as a recording is made.
final class UtteranceEncoder {
  private let encoder: any AudioFrameEncoder
  private let environment: CallerEnvironment
  private let voice = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let agent = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let frame = UnsafeMutableBufferPointer<Int16>.allocate(capacity: CallerEnvironment.frameSamples)
  private let packet: UnsafeMutableRawBufferPointer

  /// - Parameter format: how a bot wants its audio; `nil`: as the case says.
  init(plan: CallerPlan, _ format: AudioFormat?, codecs: any AudioCodecFactory) throws(EngineError) {
    let encoder = try codecs.makeFrameEncoder(
      format ?? plan.testCase.world.format, expectedLossPercent: 0)  // the line of a load loses nothing
    self.encoder = encoder
    packet = .allocate(byteCount: type(of: encoder).packetBytesMax, alignment: 8)
    environment = CallerEnvironment(
      world: plan.testCase.world, seed: plan.seed, speechPower: plan.speechPower, noiseSound: plan.noiseSound)
    for buffer in [voice, agent, frame] { buffer.initialize(repeating: 0) }
  }

  deinit {
    for buffer in [voice, agent, frame] { buffer.deallocate() }
    packet.deallocate()
  }

  /// Encodes a frame of silence and forgets it.
  func skip() throws(EngineError) {
    voice.update(repeating: 0)
    _ = try encode()
  }

  /// Encodes `sound`, 16 kHz mono, and one frame more: the encoder lags some milliseconds behind.
  func record(_ sound: [Int16]) throws(EngineError) -> EncodedSpeech {
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    let count = (sound.count + voice.count - 1) / voice.count + 1
    for index in 0..<count {
      for place in voice.indices {
        let position = index * voice.count + place
        voice[place] = position < sound.count ? sound[position] : 0
      }
      let length = try encode()
      bytes += packet[..<length]
      ends.append(Int32(bytes.count))
    }
    return EncodedSpeech(bytes: bytes, packetEnds: ends)
  }

  private func encode() throws(EngineError) -> Int {
    environment.mix(voice: UnsafeBufferPointer(voice), agent: UnsafeBufferPointer(agent), into: frame)
    return try encoder.encode(UnsafeBufferPointer(frame), into: packet)
  }
}
