public import CallCore

/// Calls the built-in agent in virtual time, with or without sound.
public struct VirtualCallRunner: CallRunner {
  private let agent: BuiltInAgent
  private let sound: Sound?
  private let latency: LatencyModel

  private struct Sound: Sendable {
    let shared: SharedSpeech
    let planner: CallerPlanner
  }

  /// For calls with sound.
  /// - Parameters:
  ///   - agent: who is called.
  ///   - shared: engines, and what they made before.
  ///   - readSound: for recordings.
  public init(
    agent: BuiltInAgent, shared: SharedSpeech, latency: LatencyModel = LatencyModel(),
    readSound: @escaping CallerPlanner.SoundReader
  ) {
    self.agent = agent
    self.latency = latency
    sound = Sound(
      shared: shared,
      planner: CallerPlanner(engines: shared.engines, cache: shared.callerSpeech, readSound: readSound))
  }

  /// For calls without sound.
  public init(textWith agent: BuiltInAgent, latency: LatencyModel = LatencyModel()) {
    self.agent = agent
    self.latency = latency
    sound = nil
  }

  /// Holds the call.
  public func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    call(testCase, seed: seed) { _ in }
  }

  /// Holds the call and tells how far it is.
  /// - Parameter tell: called on this thread whenever the caller comes to a turn, with the turn's number, from 1.
  public func call(_ testCase: TestCase, seed: UInt64, tell: (_ turn: Int) -> Void) -> CallEvidence {
    do throws(CallFailure) {
      guard let sound else {
        let plan = CallerPlanner.silentPlan(for: testCase, seed: seed)
        var call = try TextCall(plan: plan, agent: agent, latency: latency)
        return call.run(tell: tell)
      }
      let plan = try sound.planner.plan(for: testCase, seed: seed)
      return try VirtualCall(plan: plan, agent: agent, shared: sound.shared, latency: latency).run(tell: tell)
    } catch {
      var evidence = CallEvidence(mode: sound == nil ? .text : .virtual)
      evidence.failure = error
      return evidence
    }
  }
}
