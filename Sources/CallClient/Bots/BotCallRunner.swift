public import CallCore
import CallDriver
public import Simulation
import Threads
import WebSockets
import Wires

/// Calls somebody's bot over its own wire, in real time; what it says is recognised after the call. Any number of calls at once share one
/// thread.
public final class BotCallRunner: CallRunner {
  private let target: BotTarget
  private let loop: CallerLoop
  private let shared: SharedSpeech
  private let planner: CallerPlanner

  /// - Parameters:
  ///   - loop: runs already.
  ///   - shared: the callers' voices and codecs, and the recogniser.
  ///   - model: plays callers with a brief.
  ///   - readSound: for recordings.
  public init(
    _ target: BotTarget, loop: CallerLoop, shared: SharedSpeech, model: (any VirtualModel)? = nil,
    readSound: @escaping CallerPlanner.SoundReader
  ) {
    (self.target, self.loop, self.shared) = (target, loop, shared)
    planner = CallerPlanner(
      engines: shared.engines, cache: shared.callerSpeech, players: model.map(CallerPlayers.whileCallsGoOn),
      readSound: readSound)
  }

  /// Holds the call and recognises what the agent said; blocks as long as that lasts.
  public func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    let outcome = Promise<CallEvidence>()
    do throws(CallFailure) {
      try place(try planner.plan(for: testCase.checkedForServers(), seed: seed), done: outcome.fulfill)
    } catch {
      var evidence = CallEvidence(mode: .live)
      evidence.failure = error
      evidence.wire = target.wire
      return evidence
    }
    var evidence = outcome.wait()
    evidence.concludeImprovising()
    evidence.wire = target.wire
    evidence.hearAgent(with: shared, pause: target.agentPause)
    return evidence
  }

  private func place(_ plan: CallerPlan, done: @escaping @Sendable (CallEvidence) -> Void) throws(CallFailure) {
    let call = try target.call(.random(in: 1...UInt64.max), flow: plan.testCase.agent.flow)
    let (pause, order, codecs) = (target.agentPause, SimulatedOrder(plan), shared.engines.codecs)
    let isPlaced = loop.place(
      { () throws(EngineError) in
        let side = call.makeSide()
        let caller = try SimulatedCaller(plan: plan, codecs: codecs, format: side.format, agentPause: pause)
        return BotCallClient(caller: caller, side: side, order: order, done: done)
      }, to: call.request, sendsKey: false, done: done)
    guard isPlaced else { throw .unreachable("the callers' loop takes no more work") }
  }
}
