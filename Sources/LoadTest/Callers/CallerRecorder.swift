public import CallCore
public import CallDriver
import Wires
public import Simulation

/// Makes the recorded callers of a load test: plans each case as the simulator does, speaks it once and encodes it once.
public struct CallerRecorder {
  /// Silence before the first turn that is encoded and thrown away, in packets: an encoder takes so long to settle.
  private static let settling = 25
  /// Packets of the silence that is played in a loop. Noise that comes again every second is still noise to a detector.
  private static let idlePackets = 50

  private let engines: any SpeechEngines
  private let planner: CallerPlanner
  private let today: String?

  /// - Parameters:
  ///   - engines: the callers' voices and codecs.
  ///   - today: the day that the server's flows are to take for today, as `YYYY-MM-DD`; `nil` for its own.
  ///   - readSound: for recordings.
  public init(engines: any SpeechEngines, today: String?, readSound: @escaping CallerPlanner.SoundReader) {
    self.engines = engines
    self.today = today
    planner = CallerPlanner(engines: engines, cache: CallerSpeechCache(), readSound: readSound)
  }

  /// Makes the recorded caller of a case.
  /// - Parameter seed: of the caller's luck: how it stumbles, and its noise.
  /// - Throws: `.refused` for what a recorded caller cannot do, `.callerEngine` when a voice or a recording is not there.
  public func recorded(of testCase: TestCase, seed: UInt64) throws(CallFailure) -> RecordedCaller {
    if let hindrance = Self.hindrance(in: testCase) {
      throw .refused(code: "not-for-load", message: "\(testCase.id): \(hindrance)")
    }
    let plan = try planner.plan(for: testCase, seed: testCase.seed ?? seed)
    do throws(EngineError) { return try record(plan) } catch { throw .callerEngine(error.description) }
  }

  /// Why a case cannot be played from a recording; `nil` when it can.
  static func hindrance(in testCase: TestCase) -> String? {
    let world = testCase.world
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
    let testCase = plan.testCase
    let format = testCase.world.format
    let encoder = try UtteranceEncoder(plan: plan, codecs: engines.codecs)
    for _ in 0..<Self.settling { try encoder.skip() }
    var turns: [EncodedSpeech?] = []
    for turn in plan.turns {
      turns.append(turn.sound.isEmpty ? nil : try encoder.record(turn.sound))
      for _ in 0..<Self.settling { try encoder.skip() }
    }
    let idle = try encoder.record([Int16](repeating: 0, count: Self.idlePackets * CallerEnvironment.frameSamples))
    var request = StartRequest(
      flow: testCase.agent.flow, codec: format.codec, sampleRate: format.sampleRate, voice: testCase.agent.voice,
      metadata: ["testCase": testCase.id], seed: Int64(bitPattern: plan.seed))
    request.today = today
    let ends = plan.turns.map { turn in
      SpeechFinder.spans(in: turn.sound).last.map { $0.end - .zero } ?? turn.duration
    }
    return RecordedCaller(plan: plan, request: request, idle: idle, turns: turns, speechEnds: ends)
  }
}
