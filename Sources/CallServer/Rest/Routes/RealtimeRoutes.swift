import CallCore
import JSON
import Wires

extension RouteArea {
  /// Calls of clients that were written for OpenAI.
  static let realtime = RouteArea(
    name: "Realtime", about: "Calls of clients that speak OpenAI's Realtime protocol.",
    routes: RouteTable.realtimePaths.map(session) + [clientSecrets], schemas: [:])

  private static let clientSecrets = Route(
    "POST /v1/realtime/client_secrets", "createRealtimeClientSecret",
    "A secret that opens Realtime sessions for a while",
    scope: .call, .onLoop(RealtimeController.clientSecret),
    about: """
      For pages and devices that are not to have the key: the secret stands in its place at `/v1/realtime`, as often as wanted until it is over. \
      Its sessions begin as `session` says; a body that has it is of 16,384 bytes at most.
      """,
    body: .json(
      .request(
        [
          "expires_after": .request(
            [
              "anchor": .choice(["created_at"]),
              "seconds": .whole(CallTokens.secretSeconds).standard(.integer(600)),
            ], required: []),
          "session": .request(
            ["type": .choice(["realtime"]), "model": .keptText(0...WireLimits.nameCharactersMax)], required: []),
        ], required: []), "How long, and for what.", bytesMax: RealtimeSecretRequest.bytesMax),
    errors: .openAI,
    answers: [
      .json(.object(["value": .text(), "expires_at": .count, "session": .anyObject]), "The secret."),
      .openAI(400, "A member is wrong."), .openAI(415, "The body is not `application/json`."),
      .openAI(429, "The key has its share of secrets.", .retryAfter), .busy,
    ])

  private static func session(_ path: String) -> Route {
    Route(
      "GET \(path)", path == RouteTable.realtimePaths[0] ? "realtime" : "realtimeWithoutVersion",
      "A session of OpenAI's Realtime protocol with an agent flow", scope: .call,
      .onLoop(ServerController.callWithoutSocket),
      about: """
        A WebSocket handshake, with the subprotocol `realtime` or none; `Sources/Documentation.docc/RealtimeServer.md` says what of the protocol is spoken. \
        A model that is no flow is answered on the WebSocket, by an `error` with the code `model_not_found`. A request that is no handshake is 426, \
        or 503 when no call would be taken.
        """,
      [.query("model", .text(), "The flow that answers; the server's own, if absent.")],
      answers: [
        .empty(101, "The session begins.", .upgrade), .problem(400, "No good handshake."),
        .problem(426, "Calls are WebSocket connections of version 13.", .upgrade), .busy,
      ])
  }
}
