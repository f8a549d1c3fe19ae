import CallCore
import JSON
import WebSockets
import Wires

/// What telephone providers ask for besides the media streams themselves.
struct TelephonyController: RouteController {
  let request: RouteRequest

  /// Tells Twilio to connect its call to our media stream.
  func voice(_ reply: HTTPReply) {
    guard let form = FormFields(request.http.body) else {
      return reply.send(.problem(status: 400, detail: "the body is no form of application/x-www-form-urlencoded"))
    }
    var parameters: [(name: String, value: String)] = []
    for (name, field) in [("from", "From"), ("to", "To")] {
      if let value = form[field] { parameters.append((name, value.bounded(to: WireLimits.nameCharactersMax))) }
    }
    let called = form["To"].flatMap { server.numbers?[$0] }
    if called?.isActive == false { return reply.send(.rejectingTwiML) }
    if let flow = request.queryValue("flow") ?? called?.flow {
      guard server.flows[flow] != nil else {
        return reply.send(.problem(status: 404, detail: server.flowService.absence(of: flow, to: request.owner)))
      }
      parameters.append(("flow", flow))
    }
    let base = server.settings.twilio.publicURL.map { "ws" + $0.dropFirst("http".count) } ?? ownURL
    let path = "/twilio/stream"
    guard let key = request.key, let tokens = server.authorizer.keyService else {
      guard server.authorizer.twilio != nil, let signature = request.http.headers[TwilioSignature.header] else {
        return reply.send(.twiML(TwiML(streamURL: base + path, parameters: parameters)))
      }
      guard let token = server.authorizer.passes.make(forIncoming: signature, at: APIKeyService.now.monotonic) else {
        return reply.send(.problem(status: 403, detail: "this request was answered before, and its call was connected"))
      }
      return reply.send(.twiML(TwiML(streamURL: "\(base)\(path)/\(token)", parameters: parameters)))
    }
    do throws(CallTokens.Refusal) {
      let token = try tokens.makeToken(for: key)
      reply.send(.twiML(TwiML(streamURL: "\(base)\(path)/\(token)", parameters: parameters)))
    } catch {
      reply.send(error.response)
    }
  }

  /// A request for a media stream that is no handshake.
  func stream() -> HTTPResponse { server.answerCallWithoutSocket() }

  /// The same for a call that was dialed from here; its token is not looked at.
  func callerStream() -> HTTPResponse {
    var response = HTTPResponse.problem(status: 426, detail: "the stream of a call is a WebSocket connection")
    response.headers.append(("upgrade", "websocket"))
    return response
  }

  private var ownURL: String {
    let scheme = server.settings.certificate == nil ? "ws" : "wss"
    return "\(scheme)://\(request.http.headers["host"] ?? "localhost")"
  }
}

extension HTTPResponse {
  /// A document that connects a call.
  static func twiML(_ document: TwiML) -> HTTPResponse { twiML(document.text) }

  /// A call to a number that is switched off: the caller hears that, and nothing is charged.
  static let rejectingTwiML = twiML(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Reject /></Response>")

  private static func twiML(_ text: String) -> HTTPResponse {
    HTTPResponse(status: 200, contentType: "text/xml; charset=utf-8", text: text)
  }
}
