import CallCore
import JSON
import Wires
import Formats

extension RouteArea {
  /// Calls of telephone providers.
  static let telephony = RouteArea(
    name: "Telephony", about: "Calls that come over the media streams of telephone providers.",
    routes: [voice]
      + CallWire.telephony.flatMap { [stream($0), stream($0, withToken: true)] } + [callerStream, webhook] + dialing,
    schemas: ["Dialing": .object(dialingMembers)])

  private static let voice = Route(
    "POST /twilio/voice", "twilioVoice", "What Twilio does with a call", scope: .call,
    .onLoop(TelephonyController.voice),
    about: """
      The webhook of a Twilio number: answers TwiML that connects the call to `/twilio/stream`. Where `TWILIO_AUTH_TOKEN` is set, only what Twilio \
      signed is answered; the address that it signed begins with `VOICEFORGE_PUBLIC_URL`. The stream's address then ends in a token that is good once.
      """,
    [.query("flow", .text(), "The flow that answers; the server's own, if absent.")],
    body: .twilioForm("Twilio's form, such as `From` and `To`."),
    isSigned: true,
    answers: [
      .file(["text/xml"], "TwiML."), .problem(400, "The body is no form."),
      .problem(403, "Not signed by Twilio, or answered before and its call connected."),
      .problem(404, "No such flow."),
      .problem(429, "The key has its share of call tokens.", .retryAfter), .busy,
    ])

  // MARK: - Calls that are placed from here

  private static let callerStream = Route(
    "GET /caller/stream/{id}/{token}", "callerStream", "The media stream of a call that was dialed from here",
    scope: nil,
    .onLoop(TelephonyController.callerStream),
    about: """
      Where Twilio connects the call of a run over the telephone, as its TwiML says. The path ends in a token that is good once, while the run waits \
      for its stream.
      """,
    hasStreamToken: true,
    answers: [
      .empty(101, "The caller begins.", .upgrade),
      .problem(403, "No call waits for it: the token is wrong, was used, or came too late; or the signature is wrong."),
      .problem(426, "It is a WebSocket connection.", .upgrade), .busy,
    ])

  private static let webhook = Route(
    "POST /webhooks/voice/{provider}", "voiceWebhook", "What a provider tells of a call", scope: .manage,
    .blocking(WebhookController.voice),
    about: """
      Twilio's status callbacks, with its signature; and the predecessor's JSON, with a key. The run is found by `id` of the query, which is signed with the \
      address, by `CallSid`, or by `test_run_id`. What comes twice or late changes nothing.
      """,
    [.query("id", .text(1...100), "Our id of the call, which is that of the run.")],
    body: APIBody(
      content: [
        "application/x-www-form-urlencoded": .texts,
        "application/json": .request(
          [
            "test_run_id": .keptText(1...100), "provider_payload": .anyObject, "transcript": .list(.anyObject),
            "completed": .flag,
          ], required: ["test_run_id"]),
      ], about: "Twilio's form with `CallSid` and `CallStatus`, or the predecessor's envelope.",
      bytesMax: VoiceWebhook.bytesMax),
    isSigned: true,
    answers: [
      .json(.object(["run_id": .text(), "status": .text()]), "It was read."),
      .problem(400, "The body is neither."), .problem(403, "Not signed by the provider."),
      .problem(404, "No such provider, run or call."),
    ])

  private static let dialing: [Route] = [
    Route(
      "GET /api/dial", "getDialing", "Whether telephone calls are placed, and within which limits", scope: .dial,
      .onLoop(DialController.state), answers: [.json(.named("Dialing"), "As it is now.")]),
    Route(
      "POST /api/dial/stop", "stopDialing", "End every telephone call, and place no more", scope: .dial,
      .onLoop(DialController.stop), about: "Until `POST /api/dial/resume`, or until the server starts again.",
      answers: [.json(.object(dialingMembers, and: ["ended": .count]), "How many calls were ended.")]),
    Route(
      "POST /api/dial/resume", "resumeDialing", "Place telephone calls again", scope: .dial,
      .onLoop(DialController.resume), answers: [.json(.named("Dialing"), "As it is now.")]),
  ]

  private static let dialingMembers: KeyValuePairs<String, APISchema> = [
    "on": .flag, "why": .text().orNull, "prefixes": .list(.text()), "calls": .count, "placed": .count,
    "perMinute": .count, "perDay": .count, "atOnce": .count,
  ]

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
        .problem(403, "Not signed by the provider, opened before, or from a foreign page."),
        .problem(426, "Calls are WebSocket connections of version 13.", .upgrade), .busy,
      ])
  }
}
