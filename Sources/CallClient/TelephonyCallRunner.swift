public import CallCore
import CallDriver
import Glibc
public import Simulation
import Threads
import WebSockets
import Wires

/// Calls a bot as a telephone provider does, in real time; what it says is recognised after the call. Any number of calls at once share one
/// thread.
public final class TelephonyCallRunner: CallRunner {
  private let target: TelephonyTarget
  private let loop: CallerLoop
  private let shared: SharedSpeech
  private let planner: CallerPlanner
  private let sendsKey: Bool
  private let sign: (@Sendable (String) -> String)?

  /// - Parameters:
  ///   - loop: runs already.
  ///   - sendsKey: whether the loop's key goes along; it is no secret to the bot then.
  ///   - sign: gives the signature of a text, by the token that the provider and the bot share; `nil`: nothing is signed.
  ///   - shared: the callers' voices and codecs, and the recogniser.
  ///   - readSound: for recordings.
  public init(
    _ target: TelephonyTarget, loop: CallerLoop, sendsKey: Bool = false,
    sign: (@Sendable (String) -> String)? = nil, shared: SharedSpeech, readSound: @escaping CallerPlanner.SoundReader
  ) {
    (self.target, self.loop, self.shared, self.sendsKey, self.sign) = (target, loop, shared, sendsKey, sign)
    planner = CallerPlanner(engines: shared.engines, cache: shared.callerSpeech, readSound: readSound)
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
    evidence.wire = target.wire
    evidence.hearAgent(with: shared, pause: target.agentPause)
    return evidence
  }

  private func place(_ plan: CallerPlan, done: @escaping @Sendable (CallEvidence) -> Void) throws(CallFailure) {
    var call = target.call(.random(in: 1...UInt64.max), flow: plan.testCase.agent.flow)
    let request = try stream(for: &call)
    let (wire, pause, order) = (target.wire, target.agentPause, SimulatedOrder(plan))
    let codecs = shared.engines.codecs
    let isPlaced = loop.place(
      { [call] () throws(EngineError) in
        guard let side = TelephonyPlatformSide(wire, call) else {
          preconditionFailure("\(wire) is no telephone provider's")
        }
        let caller = try SimulatedCaller(plan: plan, codecs: codecs, format: side.format, agentPause: pause)
        return TelephonyCallClient(caller: caller, wire: wire, side: side, order: order, done: done)
      }, to: request, sendsKey: sendsKey, done: done)
    guard isPlaced else { throw .unreachable("the callers' loop takes no more work") }
  }

  /// Where the call goes: the target's own address, or the one in its TwiML, whose parameters the bot is told then.
  private func stream(for call: inout TelephonyCall) throws(CallFailure) -> WebSocketClientRequest {
    var url = target.url
    if target.hasFrontDoor {
      let document = try TelephonyFrontDoor(url: url, sign: sign).open(call)
      url = document.streamURL
      for (name, value) in document.parameters { call.parameters[name] = value }
    }
    return target.request(url, for: call, sign: sign)
  }
}
