public import CallCore
import CallDriver
import Wires
import Glibc
public import Simulation
import Threads
import WebSockets

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
  ///   - model: plays callers with a brief.
  ///   - readSound: for recordings.
  public init(
    url: String, loop: CallerLoop, shared: SharedSpeech, today: String, model: (any VirtualModel)? = nil,
    readSound: @escaping CallerPlanner.SoundReader
  ) {
    self.url = url
    self.loop = loop
    self.shared = shared
    self.today = today
    planner = CallerPlanner(
      engines: shared.engines, cache: shared.callerSpeech, players: model.map(CallerPlayers.whileCallsGoOn),
      readSound: readSound)
  }

  /// Holds the call; blocks as long as it lasts.
  public func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    let outcome = Promise<CallEvidence>()
    begin(testCase, seed: seed, done: outcome.fulfill)
    var evidence = outcome.wait()
    evidence.concludeImprovising()
    return evidence
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
      try place(try planner.plan(for: testCase.checkedForServers(), seed: seed), answered, done)
    } catch {
      var evidence = CallEvidence(mode: .live)
      evidence.failure = error
      done(evidence)
    }
  }

  private func place(
    _ plan: CallerPlan, _ answered: (@Sendable () -> Void)?, _ done: @escaping @Sendable (CallEvidence) -> Void
  ) throws(CallFailure) {
    let (request, order) = (plan.request(today: today), SimulatedOrder(plan, answered: answered))
    let codecs = shared.engines.codecs
    let isPlaced = loop.place(
      { () throws(EngineError) in
        SimulatedCallClient(
          caller: try SimulatedCaller(plan: plan, codecs: codecs), request: request, order: order, done: done)
      }, to: WebSocketClientRequest(url: url, subprotocol: "voiceforge.v1"), sendsKey: true, done: done)
    guard isPlaced else { throw .unreachable("the callers' loop takes no more work") }
  }
}
