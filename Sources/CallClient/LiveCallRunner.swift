public import CallCore
import CallDriver
import Wires
import Glibc
public import Simulation
import Threads

/// Calls a server over WebSockets, in real time. Any number of calls at once share one thread.
public final class LiveCallRunner: CallRunner {
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
    let outcome = Promise<CallEvidence>()
    begin(testCase, seed: seed, done: outcome.fulfill)
    return outcome.wait()
  }

  /// Begins the call; blocks only as long as it takes to plan it.
  /// - Parameters:
  ///   - answered: called on the callers' thread when the server has taken the call.
  ///   - done: called exactly once, on the callers' thread, or before this returns when there is no call.
  public func begin(
    _ testCase: TestCase, seed: UInt64, answered: (@Sendable () -> Void)? = nil,
    done: @escaping @Sendable (CallEvidence) -> Void
  ) {
    do throws(CallFailure) {
      try place(try planner.plan(for: checked(testCase), seed: seed), answered, done)
    } catch {
      var evidence = CallEvidence(mode: .live)
      evidence.failure = error
      done(evidence)
    }
  }

  /// What only the built-in agent can be asked for cannot be asked of a server.
  private func checked(_ testCase: TestCase) throws(CallFailure) -> TestCase {
    guard testCase.agent.fault == nil, testCase.world.engineTroubles.isEmpty else {
      throw .refused(
        code: "built-in-only", message: "a faulty agent and engine trouble can only be had in virtual time")
    }
    return testCase
  }

  private func place(
    _ plan: CallerPlan, _ answered: (@Sendable () -> Void)?, _ done: @escaping @Sendable (CallEvidence) -> Void
  ) throws(CallFailure) {
    let order = SimulatedOrder(
      request: plan.request(today: today), seed: plan.seed, testCase: plan.testCase, answered: answered)
    let codecs = shared.engines.codecs
    let isPlaced = loop.place(
      { () throws(EngineError) in try SimulatedCaller(plan: plan, codecs: codecs) }, order, to: url, done: done)
    guard isPlaced else { throw .unreachable("the callers' loop takes no more work") }
  }
}
