import CallCore
import Formats
import JSON

extension RouteArea {
  /// Accounts at telephone providers, in the predecessor's shapes.
  static let telephonyAccounts = RouteArea(
    name: "Telephone accounts", about: "Accounts at telephone providers. A key sees its own alone.",
    routes: [
      Route(
        "GET /api/telephony/providers", "listProviders", "The key's accounts at telephone providers", scope: .read,
        .blocking(TelephonyProviderController.list),
        answers: [.json(.list(.named("Provider")), "In the order in which they were added.")]),
      Route(
        "POST /api/telephony/providers", "addProvider", "Add an account at a telephone provider", scope: .manage,
        .blocking(TelephonyProviderController.add),
        about:
          "Credentials are kept sealed (AES-256-GCM) and never given back. Without `VOICEFORGE_SECRETS_KEY` they are refused.",
        body: .json(
          .request(
            [
              "provider": kind, "name": name, "credentials": credentials, "configuration": configuration,
              "active": active,
            ], required: ["provider", "name"]), "The account.", bytesMax: ProviderRequest.bytesMax),
        answers: [
          .json(.named("Provider"), status: 201, "The account, without its credentials.", .location), noJSON, wrong,
          noKey, .problem(507, "No more can be kept."),
        ]),
      Route(
        "GET /api/telephony/providers/{id}", "getProvider", "One account", scope: .read,
        .blocking(TelephonyProviderController.one), answers: [.json(.named("Provider"), "The account."), none]),
      Route(
        "PATCH /api/telephony/providers/{id}", "changeProvider", "Change an account", scope: .manage,
        .blocking(TelephonyProviderController.change),
        about: "Members that are absent stay as they are. Credentials are replaced as a whole.",
        body: .json(
          .request(
            ["name": name, "credentials": credentials, "configuration": configuration, "active": active],
            required: []), "What changes.", bytesMax: ProviderRequest.bytesMax),
        answers: [.json(.named("Provider"), "The account."), noJSON, none, wrong, noKey]),
      Route(
        "DELETE /api/telephony/providers/{id}", "deleteProvider", "Remove an account with its credentials",
        scope: .manage, .blocking(TelephonyProviderController.remove), answers: [.json(success, "It is gone."), none]),
    ],
    schemas: [
      "Provider": .object([
        "id": .text(), "apiKeyId": .text(), "provider": kind, "name": .text(), "hasCredentials": .flag,
        "configuration": .anyObject, "active": .flag, "createdAt": .instant, "updatedAt": .instant,
      ])
    ])

  private static let kind = APISchema.choice(TelephonyProvider.Kind.allCases.map(\.rawValue))
  private static let success = APISchema.object(["success": .flag])
  private static let none = APIResponse.problem(404, "No such account of this key, or a server without any.")
  private static let noJSON = APIResponse.problem(400, "The body is not JSON.")
  private static let wrong = APIResponse.problem(422, "A member is wrong.")
  private static let noKey = APIResponse.problem(409, "The server has no `VOICEFORGE_SECRETS_KEY`.")

  private static let name = APISchema.keptText(1...TelephonyProvider.nameMax)
  private static let configuration = APISchema.anyObject.about(
    "Not secret; given back as it is. At most 4 KiB of JSON.")
  private static let active = APISchema.flag.about("Whether it may be used.")
  private static let credentials = APISchema(keywords: [
    "type": .string("object"), "minProperties": .integer(1),
    "maxProperties": .integer(Int64(TelephonyProvider.credentialsMax)),
    "additionalProperties": APISchema.keptText(1...TelephonyProvider.credentialCharactersMax).json,
    "propertyNames": .object(["pattern": .string("^[A-Za-z0-9_-]{1,64}$")]),
  ]).about(
    "For Twilio `accountSid` with `authToken`, or with `apiKeySid` and `apiKeySecret`. Kept sealed, never given back.")
}
