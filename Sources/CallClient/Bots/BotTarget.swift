public import CallCore
import Glibc
package import Simulation
package import WebSockets
public import Wires

/// Somebody's agent behind a wire that is not ours: a bot that takes us for a telephone provider or for a client of its protocol.
public struct BotTarget: Sendable {
  /// Which wire it speaks.
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
  /// Gives the signature of a text, by the token that the provider and the bot share; `nil`: nothing is signed.
  public var sign: (@Sendable (String) -> String)?
  /// Goes along as a bearer token (RFC 6750); `nil`: none does. Never printed.
  public var key: String?
  /// What a Realtime server is asked for.
  public var realtime = RealtimeCallSettings()
  /// Silence after which the agent's utterance counts as over. Below it, an agent that thinks between two sentences is interrupted.
  public var agentPause = CallDuration.milliseconds(900)
  /// What that may be: below a pause between two words every word is an utterance, and over 30 s no caller waits.
  public static let agentPauses = CallDuration.milliseconds(200)...CallDuration.seconds(30)

  /// - Parameter wire: one of `CallWire.foreign`.
  public init(wire: CallWire, url: String) {
    precondition(CallWire.foreign.contains(wire), "a bot is called over somebody else's wire")
    (self.wire, self.url) = (wire, url)
  }

  /// Whether a web server says where the stream is.
  public var hasFrontDoor: Bool { url.hasPrefix("http") }

  /// A call to it that begins now. Blocks where a web server has to be asked first.
  /// - Parameters:
  ///   - number: another one for each call.
  ///   - flow: of the case; empty: none.
  package func call(_ number: UInt64, flow: String) throws(CallFailure) -> BotCall {
    if wire == .realtime { return realtimeCall(model: flow) }
    if wire == .rtvi { return rtviCall() }
    var call = TelephonyCall(number: number, parameters: parameters)
    if !flow.isEmpty { call.parameters["flow"] = call.parameters["flow"] ?? flow }
    call.startedAtUnixMilliseconds = time(nil) * 1000
    call.from = from ?? call.from
    call.to = to ?? call.to
    var address = url
    if hasFrontDoor {
      let document = try TelephonyFrontDoor(url: url, sign: sign).open(call)
      address = document.streamURL
      for (name, value) in document.parameters { call.parameters[name] = value }
    }
    return BotCall(request: request(address, for: call)) { [wire, call] in
      guard let side = TelephonyPlatformSide(wire, call) else {
        preconditionFailure("\(wire) is no telephone provider's")
      }
      return side
    }
  }

  /// What opens the stream of a call.
  /// - Parameter url: of the stream: the target's own, or the one in its TwiML.
  private func request(_ url: String, for call: TelephonyCall) -> WebSocketClientRequest {
    var url = wire.streamURL(url, call.parameters)
    // A provider signs the address that it was told.
    let signature = sign.map { $0(url) }
    if let (from, to) = rewrite, url.hasPrefix(from) { url = to + url.dropFirst(from.count) }
    var request = WebSocketClientRequest(url: url)
    if let signature { request.headers.append(("x-twilio-signature", signature)) }
    request.authorize(with: key)
    return request
  }

  /// How audio travels.
  public var format: AudioFormat { wire == .rtvi ? RTVIPlatformSide.format : wire.streamFormat ?? realtime.format }

  /// A session: the address names the model, or else the flow of the case does.
  private func realtimeCall(model: String) -> BotCall {
    var address = url
    if !model.isEmpty, !Self.namesModel(url) {
      address += (url.contains("?") ? "&" : "?") + "model=\(model.queryEncoded)"
    }
    var request = WebSocketClientRequest(url: address)
    request.authorize(with: key)
    return BotCall(request: request) { [realtime] in RealtimePlatformSide(realtime) }
  }

  /// A session of Pipecat's eval door. The bot knows by itself what it is for: the flow of the case is not told.
  private func rtviCall() -> BotCall {
    var request = WebSocketClientRequest(url: url)
    request.authorize(with: key)
    return BotCall(request: request) { RTVIPlatformSide() }
  }

  private static func namesModel(_ url: String) -> Bool {
    guard let start = url.firstIndex(of: "?") else { return false }
    return url[url.index(after: start)...].split(separator: "&").contains { $0.hasPrefix("model=") }
  }
}

/// One call to a bot: what opens its connection, and what speaks over that.
package struct BotCall: Sendable {
  /// With the target's key, where it has one.
  package var request: WebSocketClientRequest
  /// Called on the thread of the call.
  package var makeSide: @Sendable () -> any PlatformSide
}

extension CallWire {
  /// Those of others, over which agents of others are called.
  public static let foreign = telephony + [.realtime, .rtvi]
}
