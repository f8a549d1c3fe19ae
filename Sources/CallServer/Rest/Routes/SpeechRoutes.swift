import CallCore
import JSON
import Formats

extension RouteArea {
  /// Speech for programs that hold no call.
  static let speech = RouteArea(
    name: "Speech", about: "Text to speech and speech to text, in OpenAI's shape and in the predecessor's.",
    routes: openAIRoutes + predecessorRoutes,
    schemas: [
      "OpenAIError": .object([
        "error": .object([
          "message": .text(), "type": .text(), "param": .text().orNull,
          "code": .text().orNull,
        ])
      ]),
      "Model": .object([
        "id": .text(), "object": .choice(["model"]), "created": .count, "owned_by": .choice(["voiceforge"]),
      ]),
      "Transcription": .object(["text": .text()]),
      "VerboseTranscription": .object(
        [
          "task": .choice(["transcribe", "translate"]), "language": .text(), "duration": .number, "text": .text(),
          "segments": .list(.object(["id": .count, "start": .number, "end": .number, "text": .text()])),
          "words": .list(.object(["word": .text(), "start": .number, "end": .number])).about(
            "Their times are estimates."),
        ], optional: ["segments", "words"]),
    ])

  private static let openAIRoutes: [Route] = [
    Route(
      "POST /v1/audio/speech", "createSpeech", "Speak a text", scope: .speech, .speech(SpeechController.speak),
      about: """
        Several sentences come one after the other, chunked; only `flac` comes in one piece. With `stream_format` `sse` the same bytes come as \
        events `speech.audio.delta`, the last of them `speech.audio.done`. `instructions` is taken and ignored.
        """,
      body: .json(
        .request(
          [
            "model": .choice(SpeechModel.speechNames).about("It changes nothing: the voice decides."),
            "input": .keptText(1...SpeechRequest.charactersMax).about("With something to say in it.")
              .example(.string("Hello.")),
            "ssml": .flag.about("`input` has marks of SSML, which are obeyed.").standard(.bool(false)),
            "voice": .any([
              .keptText(1...WireLimits.nameCharactersMax),
              .object(["id": .keptText(1...WireLimits.nameCharactersMax)]),
            ]).about("Any id of the library, or one of OpenAI's names.").example(.string("heart")),
            "response_format": .choice(SpeechFormat.allCases.map(\.rawValue)).standard(.string("mp3")),
            "speed": .number(0.25...4).standard(.integer(1)),
            "stream_format": .choice(SpeechStreamFormat.allCases.map(\.rawValue)).standard(.string("audio")),
          ], required: ["model", "input", "voice"]), "What to say and how.", bytesMax: SpeechRequest.bytesMax),
      errors: .openAI,
      answers: [
        .file(
          SpeechFormat.allCases.map(\.contentType) + ["text/event-stream"],
          "The sound, mono at 24 kHz, or with `stream_format` `sse` its events."),
        .openAI(400, "A member is wrong."),
        .openAI(415, "The body is not `application/json`."),
        .openAI(500, "The speech engine failed."),
      ]),
    Route(
      "POST /v1/audio/transcriptions", "createTranscription", "Write a recording down", scope: .speech,
      .speech(SpeechController.transcribe),
      about: """
        English only. With `stream` the words come as events `transcript.text.delta`, passage by passage, the last of them \
        `transcript.text.done`. `prompt` and `temperature` are taken and ignored.
        """,
      body: form([
        "stream": .choice(["true", "false"]).about("With `response_format` `json` or `text`."),
        "timestamp_granularities[]": .choice(Transcript.Granularity.allCases.map(\.rawValue))
          .about("With `response_format` `verbose_json`; may stand twice. Times of words are estimates."),
      ]), errors: .openAI, answers: writtenDown(["text/event-stream": .events])),
    Route(
      "POST /v1/audio/translations", "createTranslation", "Write an English recording down in English", scope: .speech,
      .speech(SpeechController.translate),
      about: """
        No model here translates: what is heard is taken for English, and another `language` is refused. `prompt` and `temperature` are taken and \
        ignored.
        """, body: form([:]), errors: .openAI, answers: writtenDown([:])),
    Route(
      "GET /v1/models", "listModels", "The models", scope: .read, .onLoop(ModelController.list),
      errors: .openAI,
      answers: [
        .json(.object(["object": .choice(["list"]), "data": .list(.named("Model"))]), "Ours, then OpenAI's names.")
      ]),
    Route(
      "GET /v1/models/{model}", "getModel", "One model", scope: .read, .onLoop(ModelController.one),
      errors: .openAI,
      answers: [.json(.named("Model"), "The model."), .openAI(404, "No such model.")]),
  ]

  private static func form(_ more: KeyValuePairs<String, APISchema>) -> APIBody {
    let optional: KeyValuePairs<String, APISchema> = [
      "response_format": .choice(TranscriptFormat.allCases.map(\.rawValue)),
      "language": .choice(["en", "english"]), "prompt": .text(0...1000),
    ]
    let schema = APISchema.object(
      [
        "file": .bytes.about("WAV, FLAC, MP3, Ogg, WebM, M4A, AAC, AIFF, AU or CAF; at most 10 minutes."),
        "model": .choice(SpeechModel.transcriptionNames),
      ], and: optional, more, optional: Set(optional.map(\.key) + more.map(\.key)))
    return APIBody(
      content: ["multipart/form-data": schema], about: "A form with the recording.",
      bytesMax: SpeechLimits.uploadBytesMax)
  }

  private static func writtenDown(_ more: [String: APISchema]) -> [APIResponse] {
    let content: [String: APISchema] = [
      "application/json": .any([.named("VerboseTranscription"), .named("Transcription")]), "text/plain": .text(),
      "text/vtt": .text(),
    ]
    return [
      APIResponse(status: 200, about: "The words.", content: content.merging(more) { $1 }, headers: []),
      .openAI(400, "A field is wrong, or there is no sound in the file."),
      .openAI(404, "No such model that transcribes."), .openAI(500, "The speech engine failed."),
    ]
  }

  private static let predecessorRoutes: [Route] = [
    Route(
      "POST /api/tts", "say", "Speak a text, as the predecessor has it", scope: .speech, .speech(SpeechController.say),
      body: .json(
        .request(
          [
            "text": .keptText(1...SpeechRequest.charactersMax).about("With something to say in it.")
              .example(.string("Hello.")),
            "ssml": .flag.about("`text` has marks of SSML, which are obeyed.").standard(.bool(false)),
            "voice": .keptText(1...WireLimits.nameCharactersMax).example(.string("heart")),
            "voice_id": .keptText(1...WireLimits.nameCharactersMax).about("The same, if `voice` is absent."),
            "format": .choice(SayRequest.formats.map(\.rawValue)).standard(.string("wav")),
            "speed": .number(0.25...4).standard(.integer(1)),
          ], required: ["text"]), "What to say and how.", bytesMax: SpeechRequest.bytesMax),
      answers: [
        .file(SayRequest.formats.map(\.contentType), "The sound, mono at 24 kHz."),
        .problem(400, "A member is wrong."), .problem(415, "The body is not `application/json`."),
        .problem(500, "The speech engine failed."),
      ]),
    heard(
      "POST /api/stt", "transcribe", "Write a recording down, as the predecessor has it", SpeechController.hear,
      .object([
        "text": .text(), "language": .choice(["en"]), "duration": .number,
        "segments": .list(.object(["start": .number, "end": .number, "text": .text()])),
      ])),
    heard(
      "POST /api/vad", "detectSpeech", "Where somebody speaks", SpeechController.detect,
      .object([
        "has_speech": .flag, "duration": .number, "speech_duration": .number, "speech_ratio": .number(0...1),
        "segments": .list(.object(["start": .number, "end": .number])),
      ])),
  ]

  private static func heard(
    _ route: String, _ id: String, _ summary: String, _ handler: @escaping RouteHandler.Reply<SpeechController>,
    _ answer: APISchema
  ) -> Route {
    Route(
      route, id, summary, scope: .speech, .speech(handler),
      body: APIBody(
        content: [
          "multipart/form-data": .object(["file": .bytes]), "audio/wav": .bytes, "audio/ogg": .bytes,
          "audio/mpeg": .bytes, "audio/flac": .bytes, "audio/mp4": .bytes, "audio/webm": .bytes,
        ],
        about:
          "A form with a recording, also as `audio`, or the recording alone: WAV, FLAC, MP3, Ogg, WebM, M4A, AAC and others, at most 10 minutes.",
        bytesMax: SpeechLimits.uploadBytesMax),
      answers: [
        .json(answer, "Times in seconds."), .problem(400, "There is no sound in the body."),
        .problem(500, "The speech engine failed."),
      ])
  }
}
