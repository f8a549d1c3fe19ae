import CallCore
import JSON
import Wires

extension RouteArea {
  /// Calls of telephone providers.
  static let telephony = RouteArea(
    name: "Telephony", about: "Calls that come over the media streams of telephone providers.",
    routes: [voice]
      + CallWire.telephony.flatMap { [stream($0), stream($0, withToken: true)] },
    schemas: [:])

  private static let voice = Route(
    "POST /twilio/voice", "twilioVoice", "What Twilio does with a call", scope: .call,
    .onLoop(TelephonyController.voice),
    about: """
      The webhook of a Twilio number: answers TwiML that connects the call to `/twilio/stream`. Where `TWILIO_AUTH_TOKEN` is set, only what Twilio \
      signed is answered; the address that it signed begins with `VOICEFORGE_PUBLIC_URL`.
      """,
    [.query("flow", .text(), "The flow that answers; the server's own, if absent.")],
    body: APIBody(
      content: ["application/x-www-form-urlencoded": .texts], about: "Twilio's form, such as `From` and `To`.",
      bytesMax: 16_384, isRequired: false),
    isSigned: true,
    answers: [
      .file(["text/xml"], "TwiML."), .problem(400, "The body is no form."), .problem(403, "Not signed by Twilio."),
      .problem(404, "No such flow."),
      .problem(429, "The key has its share of call tokens.", .retryAfter), .busy,
    ])

  private static func stream(_ wire: CallWire, withToken: Bool = false) -> Route {
    Route(
      "GET /\(wire.rawValue)/stream\(withToken ? "/{token}" : "")",
      "\(wire.rawValue)Stream\(withToken ? "WithToken" : "")",
      "The media stream of a call at \(wire.providerName)", scope: .call, .onLoop(TelephonyController.stream),
      about: """
        A WebSocket handshake; what is spoken on it is the provider's own protocol, the bot's side. `Sources/Documentation.docc/Telephony.md` says what of it. \
        A request that is no handshake is 426, or 503 when no call would be taken.
        """,
      [.query("flow", .text(), "The flow that answers, where the stream names none; the server's own, if absent.")],
      isSigned: wire == .twilio,
      answers: [
        .empty(101, "The call begins.", .upgrade), .problem(400, "No good handshake."),
        .problem(403, "Not signed by the provider, or from a foreign page."),
        .problem(426, "Calls are WebSocket connections of version 13.", .upgrade), .busy,
      ])
  }
}
