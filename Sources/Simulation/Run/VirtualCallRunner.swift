public import CallCore
public import CallDriver

/// Gives a call the place where what goes into its machine and comes out of it is kept.
public typealias CallTraceMaker = @Sendable (CallTraceHeader) -> CallTraceBuffer

/// Calls the built-in agent in virtual time, with or without sound.
public struct VirtualCallRunner: CallRunner {
  private let agent: BuiltInAgent
  private let sound: Sound?
  private let latency: LatencyModel
  private let players: CallerPlayers?
  /// Where each call's machine is traced; `nil`: nowhere.
  public var makeTrace: CallTraceMaker?

  private struct Sound: Sendable {
    let shared: SharedSpeech
    let planner: CallerPlanner
  }

  /// For calls with sound.
  /// - Parameters:
  ///   - agent: who is called.
  ///   - shared: engines, and what they made before.
  ///   - players: of callers with a brief.
  ///   - readSound: for recordings.
  public init(
    agent: BuiltInAgent, shared: SharedSpeech, latency: LatencyModel = LatencyModel(), players: CallerPlayers? = nil,
    readSound: @escaping CallerPlanner.SoundReader
  ) {
    (self.agent, self.latency, self.players) = (agent, latency, players)
    sound = Sound(
      shared: shared,
      planner: CallerPlanner(
        engines: shared.engines, cache: shared.callerSpeech, players: players, readSound: readSound))
  }

  /// For calls without sound.
  public init(
    textWith agent: BuiltInAgent, latency: LatencyModel = LatencyModel(), players: CallerPlayers? = nil
  ) {
    (self.agent, self.latency, self.players) = (agent, latency, players)
    sound = nil
  }

  /// Holds the call.
  public func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    call(testCase, seed: seed) { _ in }
  }

  /// Holds the call and tells how far it is.
  /// - Parameter tell: called on this thread whenever the caller comes to a turn, with the turn's number, from 1.
  public func call(_ testCase: TestCase, seed: UInt64, tell: (_ turn: Int) -> Void) -> CallEvidence {
    var evidence = heldCall(testCase, seed: seed, tell: tell)
    evidence.concludeImprovising()
    return evidence
  }

  private func heldCall(_ testCase: TestCase, seed: UInt64, tell: (_ turn: Int) -> Void) -> CallEvidence {
    do throws(CallFailure) {
      guard let sound else {
        let plan = try CallerPlanner.silentPlan(for: testCase, seed: seed, players: players)
        var call = try TextCall(plan: plan, agent: agent, latency: latency, makeTrace: makeTrace)
        return call.run(tell: tell)
      }
      let plan = try sound.planner.plan(for: testCase, seed: seed)
      let call = try VirtualCall(
        plan: plan, agent: agent, shared: sound.shared, latency: latency, makeTrace: makeTrace)
      return call.run(tell: tell)
    } catch {
      var evidence = CallEvidence(mode: sound == nil ? .text : .virtual)
      evidence.failure = error
      return evidence
    }
  }
}

/// How long engines take in virtual time, where nothing is measured: the figures of one idle core of an ordinary server.
public struct LatencyModel: Sendable, Equatable {
  /// A recognition, whatever its length, and for each second of audio: 66 ms for 2 to 4 s (measured).
  public var recognitionBase = CallDuration.milliseconds(20)
  /// See `recognitionBase`.
  public var recognitionPerSecond = CallDuration.milliseconds(15)
  /// A sentence, whatever its length, and for each character: 80 ms for one of 50 (measured).
  public var synthesisBase = CallDuration.milliseconds(30)
  /// See `synthesisBase`.
  public var synthesisPerCharacter = CallDuration.milliseconds(1)
  /// What a turn's words mean: 5 ms, the phrases of the flow not counted (measured).
  public var meaning = CallDuration.milliseconds(5)
  /// How complete a turn sounds, whatever its length: 67 ms (measured).
  public var turnDetection = CallDuration.milliseconds(70)
  /// A tool; there is no network in virtual time, so every tool fails after this.
  public var tool = CallDuration.milliseconds(50)

  /// Everything at its default.
  public init() {}

  /// For so many samples at 16 kHz.
  func recognition(samples: Int) -> CallDuration {
    recognitionBase + .microseconds(recognitionPerSecond.microseconds * Int64(samples) / 16_000)
  }

  /// For so many characters.
  func synthesis(characters: Int) -> CallDuration { synthesisBase + synthesisPerCharacter * characters }
}

extension CallWorld {
  /// Whether an engine does not do its work in this turn.
  func hasTrouble(_ engine: EngineTrouble.Engine, inTurn turn: Int) -> Bool {
    engineTroubles.contains { $0.engine == engine && $0.fromTurn <= max(turn, 1) }
  }

  /// Makes an engine's answer late, or a failure, as the case asks.
  func injectTrouble<Answer>(
    _ engine: EngineTrouble.Engine, inTurn turn: Int, due: inout Timestamp, _ result: inout Result<Answer, EngineError>
  ) {
    for trouble in engineTroubles where trouble.engine == engine && trouble.fromTurn <= max(turn, 1) {
      if let delay = trouble.delay {
        due = due + delay
      } else {
        result = .failure(.library(function: "as the case asks", code: -1))
      }
    }
  }
}
