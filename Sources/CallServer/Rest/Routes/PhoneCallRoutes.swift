import CallCore
import Formats
import JSON

extension RouteArea {
  /// Telephone calls and campaigns, in the predecessor's shapes.
  static let phoneCalls = RouteArea(
    name: "Telephone calls", about: "Calls that keys place, and campaigns that place them. A key sees its own alone.",
    routes: ownCalls + campaigns + webhooks + [erasure],
    schemas: [
      "PhoneCall": .object([
        "id": .text(), "apiKeyId": .text(), "providerId": .text(), "campaignId": .text().orNull,
        "phoneNumberId": .text().orNull, "flowId": .text().orNull, "providerCallId": .text().orNull,
        "direction": .choice(PhoneCallRecord.Direction.allCases.map(\.rawValue)), "from": .text(), "to": .text(),
        "status": .choice(PhoneCallRecord.Status.allCases.map(\.rawValue)), "reason": .text().orNull,
        "duration": APISchema.count.orNull, "sessionId": .text().orNull, "recordingUrl": .text().orNull,
        "transcriptUrl": .text().orNull, "metadata": .anyObject, "startedAt": APISchema.instant.orNull,
        "endedAt": APISchema.instant.orNull, "createdAt": .instant,
      ]), "Campaign": .object(campaign),
      "CampaignWithNumbers": .object(
        campaign,
        and: [
          "doNotCall": .list(.text()), "phoneList": .list(.text()),
          "numbers": .list(
            .object([
              "phoneNumber": .text(), "state": .choice(CampaignNumber.State.allCases.map(\.rawValue)),
              "callId": .text().orNull, "reason": .text().orNull,
            ])),
        ]),
    ])

  private static let ownCalls: [Route] = [
    Route(
      "GET /api/telephony/calls", "listPhoneCalls", "The key's telephone calls, newest first", scope: .read,
      .blocking(PhoneCallController.list),
      [
        .query("limit", .whole(PhoneCallController.limits), "How many at most; 50, if absent."),
        .query("before", .text(), "The id of the last call of the page before."),
        .query("campaignId", .text(), "Only those of this campaign."),
      ],
      answers: [
        .json(.list(.named("PhoneCall")), "The calls."), .problem(400, "`limit` is none."), .noTelephony,
      ]),
    Route(
      "POST /api/telephony/calls", "placePhoneCall", "Call a telephone number", scope: .dial,
      .blocking(PhoneCallController.place),
      about:
        "The agent speaks with whoever answers. Answered before anybody is rung; `GET` of the call says what came of it.",
      body: .json(
        .request(
          [
            "providerId": .text(1...100), "from": number, "to": number, "flowId": flow,
            "metadata": .anyObject.about("Kept with the call; at most 4 KiB of JSON."),
          ], required: ["providerId", "from", "to"]), "Who calls whom.", bytesMax: PhoneCallRequest.bytesMax),
      answers: [
        .json(.named("PhoneCall"), status: 201, "The call, which is not placed yet.", .location), .notJSON,
        .problem(403, "The number is not called from here, or the key lacks the scope."), .noTelephony, .wrongMember,
        .problem(409, "The account cannot be used."),
        .problem(501, "This server places no telephone calls."),
      ]),
    Route(
      "GET /api/telephony/calls/{id}", "getPhoneCall", "One telephone call", scope: .read,
      .blocking(PhoneCallController.one), answers: [.json(.named("PhoneCall"), "The call."), .noneOfKey("call")]),
    Route(
      "DELETE /api/telephony/calls/{id}", "endPhoneCall", "Hang a telephone call up", scope: .dial,
      .blocking(PhoneCallController.hangUp), about: "A call that is over stays as it is.",
      answers: [
        .json(.success, "It is over, or soon will be."), .noneOfKey("call"),
        .problem(
          409, "It goes on, and this server cannot hang it up: its account cannot be used, or gave it no name yet."),
        .problem(502, "Its provider did not hang it up."),
      ]),
  ]

  private static let campaigns: [Route] = [
    Route(
      "GET /api/telephony/campaigns", "listCampaigns", "The key's campaigns, without their lists", scope: .read,
      .blocking(CampaignController.list), answers: [.json(.list(.named("Campaign")), "In order."), .noTelephony]),
    Route(
      "POST /api/telephony/campaigns", "addCampaign", "Make a campaign", scope: .manage,
      .blocking(CampaignController.add),
      about:
        "With `scheduledAt`, which needs the scope `dial`, it starts by itself, otherwise with `POST …/start`. Each number is called once, whatever happens.",
      body: .json(
        .request(
          [
            "name": name, "description": description, "providerId": .text(1...100), "from": number, "flowId": flow,
            "phoneList": .list(number, 1...Campaign.numbersMax), "scheduledAt": .instant,
            "callsPerMinute": perMinute, "callsAtOnce": atOnce, "callingHours": hours,
            "doNotCall": .list(number, 0...Campaign.numbersMax),
          ], required: ["name", "providerId", "phoneList"]), "The campaign.", bytesMax: CampaignRequest.bytesMax),
      answers: [
        .json(.named("CampaignWithNumbers"), status: 201, "The campaign.", .location), .notJSON, .noTelephony,
        .wrongMember,
        .problem(507, "No more can be kept."),
      ]),
    Route(
      "GET /api/telephony/campaigns/{id}", "getCampaign", "One campaign with its list", scope: .read,
      .blocking(CampaignController.one),
      answers: [.json(.named("CampaignWithNumbers"), "What became of each number."), .noneOfKey("campaign")]),
    Route(
      "PATCH /api/telephony/campaigns/{id}", "changeCampaign", "Change a campaign", scope: .manage,
      .blocking(CampaignController.change),
      about:
        "Also one that runs: pace, hours and the do-not-call list count for the next number. `scheduledAt` needs the scope `dial`.",
      body: .json(
        .request(
          [
            "name": name, "description": description, "flowId": flow, "scheduledAt": .instant,
            "callsPerMinute": perMinute, "callsAtOnce": atOnce, "callingHours": hours,
            "doNotCall": .list(number, 0...Campaign.numbersMax),
          ], required: []), "What changes.", bytesMax: CampaignRequest.bytesMax),
      answers: [changed, .notJSON, .noneOfKey("campaign"), .problem(409, "It is over, or has begun."), .wrongMember]),
    Route(
      "DELETE /api/telephony/campaigns/{id}", "deleteCampaign", "Remove a campaign with its list", scope: .manage,
      .blocking(CampaignController.remove),
      answers: [.json(.success, "It is gone."), .noneOfKey("campaign"), .problem(409, "It runs.")]),
    Route(
      "POST /api/telephony/campaigns/{id}/start", "startCampaign", "Start a campaign", scope: .dial,
      .blocking(CampaignController.start), answers: [changed, .noneOfKey("campaign"), begun, off]),
    Route(
      "POST /api/telephony/campaigns/{id}/pause", "pauseCampaign", "Begin no further call", scope: .manage,
      .blocking(CampaignController.pause), about: "Calls that go on go on.",
      answers: [changed, .noneOfKey("campaign"), .problem(409, "It does not run.")]),
    Route(
      "POST /api/telephony/campaigns/{id}/resume", "resumeCampaign", "Go on behind the last number", scope: .dial,
      .blocking(CampaignController.resume),
      about: "One that was paused before its `scheduledAt` waits for that again; `start` begins at once.",
      answers: [changed, .noneOfKey("campaign"), begun, off]),
  ]

  private static let webhooks: [Route] = [
    Route(
      "POST /api/telephony/twiml/{id}", "phoneCallTwiML", "What Twilio does with a call that was placed from here",
      scope: nil, .blocking(PhoneCallController.twiML),
      about: "Signed with the token of the call's account (`X-Twilio-Signature`).", body: form,
      isAccountSigned: true,
      answers: [.file(["text/xml"], "TwiML."), .problem(400, "The body is no form."), .noTelephony, unsigned]),
    Route(
      "POST /api/telephony/status/{id}", "phoneCallStatus", "How a call goes on, as Twilio tells", scope: nil,
      .blocking(PhoneCallController.status),
      about: "Signed with the token of the call's account. What comes twice or late changes nothing.", body: form,
      isAccountSigned: true,
      answers: [
        .empty(204, "It was read."), .problem(400, "The form has no `CallSid` or `CallStatus`."), .noTelephony,
        unsigned,
      ]),
  ]

  private static let erasure = Route(
    "DELETE /api/callers/{number}", "deleteCaller", "Delete everything of whoever has a number", scope: .manage,
    .blocking(CallerController.erase),
    about: """
      Calls of the history with their words and recordings, telephone calls of all keys, and places on the lists of campaigns. Numbers on do-not-call lists \
      stay, for they are there so that nobody calls.
      """,
    answers: [
      .json(
        .object(["calls": .count, "phoneCalls": .count, "campaignNumbers": .count, "traces": .count, "hungUp": .count]),
        "How much was deleted, and how many calls that were dialed here are hung up: what those leave comes later."),
      .problem(422, "It is no number."),
    ])

  private static let number = APISchema.phoneNumber
  private static let flow = APISchema.flowName(that: "speaks")
  private static let name = APISchema.keptText(1...Campaign.nameMax)
  private static let description = APISchema.keptText(0...Campaign.descriptionMax)
  private static let perMinute = APISchema.whole(1...Campaign.callsPerMinuteMax).standard(.integer(6))
  private static let atOnce = APISchema.whole(1...Campaign.callsAtOnceMax).standard(.integer(1))
  private static let time = APISchema.text(5...5, pattern: "^([01][0-9]|2[0-4]):[0-5][0-9]$").example(.string("09:00"))
  private static let hours = APISchema.request(
    [
      "days": .list(.choice(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), 1...7), "start": time, "end": time,
      "utcOffset": .text(6...6, pattern: "^[+-](0[0-9]|1[0-4]):[0-5][0-9]$").example(.string("+01:00")),
    ], required: []
  ).about("When people may be called; always, if absent. Summer time is not followed.")
  private static let campaign: KeyValuePairs<String, APISchema> = [
    "id": .text(), "apiKeyId": .text(), "name": .text(), "description": .text(), "providerId": .text(),
    "from": .text(), "flowId": .text().orNull, "status": .choice(Campaign.Status.allCases.map(\.rawValue)),
    "reason": .text().orNull, "scheduledAt": APISchema.instant.orNull, "callsPerMinute": .count, "callsAtOnce": .count,
    "callingHours": .anyObject, "totalCalls": .count, "completedCalls": .count, "successfulCalls": .count,
    "failedCalls": .count, "startedAt": APISchema.instant.orNull, "endedAt": APISchema.instant.orNull,
    "createdAt": .instant, "updatedAt": .instant,
  ]
  private static let form = APIBody.twilioForm("Twilio's form.")
  private static let changed = APIResponse.json(.named("CampaignWithNumbers"), "The campaign.")
  private static let begun = APIResponse.problem(409, "It is in no state for that.")
  private static let off = APIResponse.problem(501, "This server places no telephone calls.")
  private static let unsigned = APIResponse.problem(403, "Not signed by the call's account, or there is no such call.")
}
