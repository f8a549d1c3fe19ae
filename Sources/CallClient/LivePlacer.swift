public import CallCore
import CallDriver
import CallWire
import Glibc
public import Simulation

/// Calls a server over WebSockets, in real time. Any number of calls at once share one thread.
public final class LivePlacer: CallPlacer {
  private let url: String
  private let loop: CallerLoop
  private let shared: SharedSpeech
  private let planner: CallerPlanner
  private let today: String

  /// - Parameters:
  ///   - url: `ws://host:port/v1/call`.
  ///   - loop: runs already.
  ///   - shared: the callers' voices and codecs.
  ///   - today: the day that the server's flows are to take for today, as `YYYY-MM-DD`.
  ///   - readSound: for recordings.
  public init(
    url: String, loop: CallerLoop, shared: SharedSpeech, today: String, readSound: @escaping CallerPlanner.SoundReader
  ) {
    self.url = url
    self.loop = loop
    self.shared = shared
    self.today = today
    planner = CallerPlanner(engines: shared.engines, cache: shared.callerSpeech, readSound: readSound)
  }

  /// Holds the call; blocks as long as it lasts.
  public func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    do throws(LineFailure) {
      return try place(try planner.plan(for: checked(testCase), seed: seed))
    } catch {
      var evidence = CallEvidence(mode: .live)
      evidence.failure = error
      return evidence
    }
  }

  /// What only the built-in agent can be asked for cannot be asked of a server.
  private func checked(_ testCase: TestCase) throws(LineFailure) -> TestCase {
    guard testCase.agent.fault == nil, testCase.world.engineTroubles.isEmpty else {
      throw .refused(
        code: "built-in-only", message: "a faulty agent and engine trouble can only be had in virtual time")
    }
    return testCase
  }

  private func place(_ plan: CallerPlan) throws(LineFailure) -> CallEvidence {
    let testCase = plan.testCase
    let format = testCase.world.format
    let request = StartRequest(
      flow: testCase.agent.flow, codec: format.codec, sampleRate: format.sampleRate, voice: testCase.agent.voice,
      metadata: ["testCase": testCase.id], seed: Int64(bitPattern: plan.seed), today: today)
    let order = SimulatedOrder(
      request: request, seed: plan.seed, network: testCase.world.network,
      disconnectAfter: testCase.world.disconnectAfter, durationMax: testCase.durationMax)
    let outcome = CallWait()
    let codecs = shared.engines.codecs
    let isPlaced = loop.place(
      { () throws(EngineError) in try SimulatedCaller(plan: plan, codecs: codecs) }, order, to: url,
      done: outcome.finish)
    guard isPlaced else { throw .unreachable("the callers' loop takes no more work") }
    return outcome.wait()
  }
}
