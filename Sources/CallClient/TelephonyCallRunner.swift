public import CallCore
import CallDriver
import Glibc
public import Simulation
import Threads
package import WebSockets
public import Wires

/// Somebody's bot behind a telephone provider's media stream.
public struct TelephonyTarget: Sendable {
  /// Whose media stream.
  public var wire: CallWire
  /// `ws:` or `wss:`; for Twilio also `http:` or `https:`, where the TwiML is that says which stream to call.
  public var url: String
  /// Who calls; `nil`: made up.
  public var from: String?
  /// Who is called; `nil`: made up.
  public var to: String?
  /// How the address in a TwiML document begins, and what stands there when it is called.
  public var rewrite: (from: String, to: String)?
  /// What the bot is told besides; a case's flow goes along as `flow`, unless it stands here. What a TwiML document says comes first.
  public var parameters: [String: String] = [:]
  /// Silence after which the agent's utterance counts as over. Below it, an agent that thinks between two sentences is interrupted.
  public var agentPause = CallDuration.milliseconds(900)
  /// What that may be: below a pause between two words every word is an utterance, and over 30 s no caller waits.
  public static let agentPauses = CallDuration.milliseconds(200)...CallDuration.seconds(30)

  /// - Parameter wire: of a telephone provider.
  public init(wire: CallWire, url: String) {
    precondition(wire.streamFormat != nil, "a target is called over a telephone provider's wire")
    (self.wire, self.url) = (wire, url)
  }

  /// A call to it that begins now.
  /// - Parameters:
  ///   - number: another one for each call.
  ///   - flow: of the case; empty: none.
  package func call(_ number: UInt64, flow: String) -> TelephonyCall {
    var call = TelephonyCall(number: number, parameters: parameters)
    if !flow.isEmpty { call.parameters["flow"] = call.parameters["flow"] ?? flow }
    call.startedAtUnixMilliseconds = time(nil) * 1000
    call.from = from ?? call.from
    call.to = to ?? call.to
    return call
  }

  /// Whether a web server says where the stream is.
  public var hasFrontDoor: Bool { url.hasPrefix("http") }

  /// What opens the stream of a call.
  /// - Parameters:
  ///   - url: of the stream: the target's own, or the one in its TwiML.
  ///   - sign: gives the signature of a text; `nil`: nothing is signed.
  package func request(
    _ url: String, for call: TelephonyCall, sign: (@Sendable (String) -> String)?
  ) -> WebSocketClientRequest {
    var url = wire.streamURL(url, call.parameters)
    // A provider signs the address that it was told.
    let signature = sign.map { $0(url) }
    if let (from, to) = rewrite, url.hasPrefix(from) { url = to + url.dropFirst(from.count) }
    var request = WebSocketClientRequest(url: url)
    if let signature { request.headers.append(("x-twilio-signature", signature)) }
    return request
  }
}

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
