import CallCore
import JSON
import Wires
import Formats

extension RouteArea {
  /// What speech can sound like.
  static let voices = RouteArea(
    name: "Voices", about: "The library of voices, and voices that are matched to recordings.",
    routes: [
      Route(
        "GET /api/voices", "listVoices", "The library", scope: .read, .speech(VoiceController.list),
        filters,
        answers: [.json(.object(["default": .text(), "voices": .list(.named("Voice"))]), "Those that fit.")]),
      match("POST /api/voices", "addVoice"),
      Route(
        "GET /api/voices/{voice}", "getVoice", "One voice", scope: .read, .speech(VoiceController.one),
        answers: [.json(.named("Voice"), "The voice."), .problem(404, "No such voice; names those spelled nearly so.")]),
      remove("DELETE /api/voices/{voice}", "deleteVoice"),
      Route(
        "GET /api/voices/{voice}/sample", "getVoiceSample", "How a voice sounds", scope: .read,
        .speech(VoiceController.sample),
        [.range],
        answers: [
          .file(["audio/wav"], "WAV at the voice's own rate."),
          .file(["audio/wav"], "The bytes that `Range` asks for.", status: 206, .contentRange),
          .problem(404, "No such voice."),
          .empty(416, "`Range` begins behind the end.", .contentRange),
          .problem(500, "The speech engine failed."),
        ]),
      Route(
        "GET /api/voice-library", "listVoiceLibrary", "The library as the predecessor has it", scope: .read,
        .speech(VoiceController.library),
        filters,
        answers: [
          .json(
            .object([
              "voices": .list(
                .object([
                  "id": .text(), "name": .text(), "language": .text(), "gender": .text(), "description": .text(),
                ])), "total": .count,
            ]), "Those that fit.")
        ]),
      match("POST /api/clone-voice", "cloneVoice"),
      Route(
        "GET /api/cloned-voices", "listMatchedVoices", "Matched voices", scope: .read,
        .speech(MatchedVoiceController.list),
        answers: [.json(.object(["voices": .list(.named("MatchedVoice")), "total": .count]), "All of them.")]),
      match("POST /api/cloned-voices", "addMatchedVoice"),
      Route(
        "GET /api/cloned-voices/{voice}", "getMatchedVoice", "One matched voice", scope: .read,
        .speech(MatchedVoiceController.one),
        answers: [.json(.named("MatchedVoice"), "The voice."), .problem(404, "No such matched voice.")]),
      remove("DELETE /api/cloned-voices/{voice}", "deleteMatchedVoice"),
    ],
    schemas: ["Voice": .object(voice), "MatchedVoice": matchedVoice])

  private static let voice: KeyValuePairs<String, APISchema> = [
    "id": .text(), "name": .text(), "language": .text(), "gender": .choice(["female", "male", "neutral"]),
    "description": .text(), "engine": .text(), "sampleRate": .count, "pitchHz": .count.orNull,
    "isMatched": .flag,
  ]

  private static let matchedVoice = APISchema.object([
    "id": .text(), "name": .text(1...MatchedVoice.nameMax), "language": .text(),
    "gender": .choice(["female", "male", "neutral"]), "description": .text(), "engine": .text(), "sampleRate": .count,
    "pitchHz": .count, "isMatched": .flag,
    "matched": .object(
      [
        "pitchFactor": .number, "formantFactor": .number, "paceFactor": .number, "recordingMs": .count,
        "similarity": .number, "similarityBy": .text(),
      ], optional: ["similarity", "similarityBy"]), "createdAt": .instant,
  ])

  private static let filters: [APIParameter] = [
    .query("language", .text(), "BCP 47; `en` takes `en-GB` too."),
    .query("gender", .text(), "`female`, `male` or `neutral`."),
    .query("engine", .text(), "Such as `hibari`."),
  ]

  private static func match(_ route: String, _ id: String) -> Route {
    Route(
      route, id, "Match the neural voice to a recording", scope: .manage, .speech(MatchedVoiceController.match),
      about: "Median pitch, length of the vocal tract and pace are measured. The result is no copy of the person.",
      body: APIBody(
        content: [
          "multipart/form-data": .object([
            "file": .bytes.about("WAV, FLAC, MP3, Ogg, WebM, M4A or AAC, 3 to 30 s of one person speaking English."),
            "name": .text(1...MatchedVoice.nameMax, pattern: "^[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$"),
          ])
        ], about: "A form with a recording.", bytesMax: SpeechLimits.uploadBytesMax),
      answers: [
        .json(.named("MatchedVoice"), status: 201, "The voice.", .location),
        .problem(400, "No form, no sound in it, or none that a voice can be matched to."),
        .problem(500, "The speech engine failed."),
        .problem(501, "This server matches no voices."),
        .problem(507, "There is no room for another one."),
      ])
  }

  private static func remove(_ route: String, _ id: String) -> Route {
    Route(
      route, id, "Remove a matched voice", scope: .manage, .speech(MatchedVoiceController.remove),
      answers: [
        .empty(204, "It is gone."),
        .problem(403, "The voice is built in, the key lacks the scope, or a page of another origin asks."),
        .problem(404, "No such matched voice."),
      ])
  }
}
