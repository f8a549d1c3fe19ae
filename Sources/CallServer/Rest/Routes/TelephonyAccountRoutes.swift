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
        answers: [.json(.list(.named("Provider")), "In the order in which they were added."), none]),
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
          .json(.named("Provider"), status: 201, "The account, without its credentials.", .location), .notJSON, none,
          .wrongMember,
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
        answers: [.json(.named("Provider"), "The account."), .notJSON, none, .wrongMember, noKey]),
      Route(
        "DELETE /api/telephony/providers/{id}", "deleteProvider", "Remove an account with its credentials",
        scope: .manage, .blocking(TelephonyProviderController.remove),
        answers: [.json(.success, "It is gone."), none, .problem(409, "A number or a campaign needs it.")]),
      Route(
        "GET /api/telephony/numbers", "listNumbers", "The key's telephone numbers", scope: .read,
        .blocking(TelephonyNumberController.list),
        answers: [.json(.list(.named("PhoneNumber")), "In the order in which they were added."), none]),
      Route(
        "POST /api/telephony/numbers", "addNumber", "Add a telephone number", scope: .manage,
        .blocking(TelephonyNumberController.add),
        about: "A call to it is answered by its flow. A number is there once on a server, whoever added it.",
        body: .json(
          .request(
            [
              "providerId": .text(1...100), "phoneNumber": .phoneNumber, "friendlyName": friendlyName,
              "country": country, "capabilities": capabilities, "flowId": flow, "active": active,
            ], required: ["providerId", "phoneNumber"]), "The number.", bytesMax: NumberRequest.bytesMax),
        answers: [
          .json(.named("PhoneNumber"), status: 201, "The number.", .location), .notJSON, none, .wrongMember,
          .problem(409, "Somebody has added it already."), .problem(507, "No more can be kept."),
        ]),
      Route(
        "GET /api/telephony/numbers/{id}", "getNumber", "One number", scope: .read,
        .blocking(TelephonyNumberController.one), answers: [.json(.named("PhoneNumber"), "The number."), none]),
      Route(
        "PATCH /api/telephony/numbers/{id}", "changeNumber", "Change a number", scope: .manage,
        .blocking(TelephonyNumberController.change),
        about: "Members that are absent stay as they are. An empty `flowId` or `friendlyName` takes it away.",
        body: .json(
          .request(
            [
              "providerId": .text(1...100), "friendlyName": friendlyName, "country": country,
              "capabilities": capabilities, "flowId": flow, "active": active,
            ], required: []), "What changes.", bytesMax: NumberRequest.bytesMax),
        answers: [.json(.named("PhoneNumber"), "The number."), .notJSON, none, .wrongMember]),
      Route(
        "DELETE /api/telephony/numbers/{id}", "deleteNumber", "Remove a number", scope: .manage,
        .blocking(TelephonyNumberController.remove), answers: [.json(.success, "It is gone."), none]),
    ],
    schemas: [
      "PhoneNumber": .object([
        "id": .text(), "apiKeyId": .text(), "providerId": .text(), "phoneNumber": .text(),
        "friendlyName": .text().orNull, "country": .text().orNull,
        "capabilities": .object(["voice": .flag, "sms": .flag, "mms": .flag]), "flowId": .text().orNull,
        "active": .flag, "createdAt": .instant, "updatedAt": .instant,
      ]),
      "Provider": .object([
        "id": .text(), "apiKeyId": .text(), "provider": kind, "name": .text(), "hasCredentials": .flag,
        "configuration": .anyObject, "active": .flag, "createdAt": .instant, "updatedAt": .instant,
      ]),
    ])

  private static let kind = APISchema.choice(TelephonyProvider.Kind.allCases.map(\.rawValue))
  private static let none = APIResponse.noneOfKey("account or number")
  private static let noKey = APIResponse.problem(409, "The server has no `VOICEFORGE_SECRETS_KEY`.")

  private static let name = APISchema.keptText(1...TelephonyProvider.nameMax)
  private static let configuration = APISchema.anyObject.about(
    "Not secret; given back as it is. At most 4 KiB of JSON.")
  private static let friendlyName = APISchema.keptText(0...TelephonyNumber.nameMax)
  private static let country = APISchema.text(2...2, pattern: "^[A-Z]{2}$").about("Two letters of ISO 3166-1.")
  private static let flow = APISchema.flowName(that: "answers")
  private static let capabilities = APISchema.request(
    ["voice": .flag, "sms": .flag, "mms": .flag], required: [])
  private static let active = APISchema.flag.about("Whether it may be used.")
  private static let credentials = APISchema(keywords: [
    "type": .string("object"), "minProperties": .integer(1),
    "maxProperties": .integer(Int64(TelephonyProvider.credentialsMax)),
    "additionalProperties": APISchema.keptText(1...TelephonyProvider.credentialCharactersMax).json,
    "propertyNames": .object(["pattern": .string("^[A-Za-z0-9_-]{1,64}$")]),
  ]).about(
    "For Twilio `accountSid` with `authToken`, or with `apiKeySid` and `apiKeySecret`. Kept sealed, never given back.")
}
