public import CallCore
import Glibc
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
    precondition(CallWire.telephony.contains(wire), "a target is called over a telephone provider's wire")
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
