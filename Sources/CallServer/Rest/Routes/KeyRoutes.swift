import CallCore
import JSON
import Wires
import Formats

extension RouteArea {
  /// Who may use the server.
  static let keys = RouteArea(
    name: "Keys", about: "Who may use the server. As long as there is no key, everybody may.",
    routes: [
      Route(
        "GET /api/keys", "listKeys", "All keys, in the order in which they were made", scope: .manage,
        .blocking(APIKeyController.list),
        answers: [
          .json(
            .object([
              "lasting": .flag.about("Whether they outlive the server."), "keys": .list(.named("Key")),
            ]), "Without their secrets."), none,
        ]),
      Route(
        "POST /api/keys", "createKey", "Make a key", scope: .manage, .blocking(APIKeyController.create),
        about: "The first one needs the scope `manage`.",
        body: .json(body, "What the key is for.", bytesMax: KeyRequest.bytesMax),
        answers: [
          .json(.named("NewKey"), status: 201, "The only place where its secret ever stands.", .location),
          .problem(400, "The body is not JSON."), none, .problem(422, "A member is wrong."),
          .problem(507, "No more keys can be kept."),
        ]),
      Route(
        "DELETE /api/keys/{id}", "revokeKey", "Revoke a key, at once", scope: .manage,
        .blocking(APIKeyController.revoke),
        answers: [
          .json(.named("Key"), "The revoked key."), none,
          .problem(409, "It is the last one that can manage keys, or `VOICE_API_KEY`."),
        ]),
      Route(
        "POST /api/call-tokens", "createCallToken", "A token that opens one call, once, within 30 s", scope: .call,
        .onLoop(APIKeyController.token),
        answers: [
          .json(.object(["token": .text(), "expiresInSeconds": .count]), status: 201, "The token."), none, .busy,
        ]),
    ],
    schemas: ["Key": .object(key), "NewKey": .object(key, and: ["key": .text(pattern: "^vf_")])])

  private static let none = APIResponse.problem(404, "No such key, or a server without any.")
  private static let scopes = APISchema.list(.choice(KeyScope.allCases.map(\.rawValue)), 1...KeyScope.allCases.count)

  private static let body = APISchema.request(
    [
      "name": .keptText(1...KeyRequest.nameMax), "scopes": scopes,
      "expiresInSeconds": .whole(1...KeyRequest.lifeMaxSeconds).about("Never, if absent."),
      "requestsPerMinute": .whole(1...KeyRequest.requestsPerMinuteMax).about("As many as it likes, if absent."),
      "tokensPerDay": .whole(1...KeyRequest.tokensPerDayMax)
        .about("Tokens of the language model on a day of UTC; as many as it likes, if absent."),
    ], required: ["name", "scopes"])

  private static let key: KeyValuePairs<String, APISchema> = [
    "id": .text(), "name": .text(), "scopes": scopes, "state": .choice(["active", "expired", "revoked"]),
    "createdAt": .instant, "expiresAt": .instant.orNull, "requestsPerMinute": .count.orNull,
    "tokensPerDay": .count.orNull,
    "lastUsedAt": .instant.orNull, "revokedAt": .instant.orNull,
  ]
}
