/// A sort of model whose files the library takes under the same names. What differs from family to family stands in `all`, nowhere else.
public struct ModelFamily: Sendable, Hashable {
  /// As a description names it, and the library in its configuration, which writes `_` for `-`.
  public var id: String
  /// What its models are for.
  public var kind: ModelKind
  /// The files that a model has: one of these lists, whole.
  public var fileSets: [[String]]
  /// Files that it may have besides.
  public var optionalFiles: [String] = []
  /// Settings that take the model's language, where it has only one.
  public var languageSettings: [String] = []
  /// Whether its recognisers go round in circles, so that what they write is checked: `TranscriptCheck`, which was measured with Moonshine.
  public var repeatsItself = false
  /// Whether the library itself leaves some of the noise that its denoisers take away.
  public var leavesNoise = false

  /// All that are supported.
  ///
  /// Those of sherpa-onnx 2.0.1 are left out that clone a voice, are asked in words (`funasr-nano`, `qwen3-asr`), were made for single words (`tdnn`)
  /// or need a voice beforehand (`voxlock`).
  public static let all: [ModelFamily] =
    recognizers + streamingRecognizers + synthesizers
    + [
      ModelFamily("smart-turn", .turnDetector, [["model"]]), ModelFamily("gtcrn", .denoiser, [["model"]]),
      ModelFamily("dpdfnet", .denoiser, [["model"]], leavesNoise: true),
    ] + ["wespeaker", "3d-speaker", "nemo-speaker"].map { ModelFamily($0, .speakerEmbedding, [["model"]]) }
    + [voicefilter]

  private static let recognizers =
    [
      ModelFamily("transducer", .recognizer, [["encoder", "decoder", "joiner", "tokens"]], optional: ["bpe-vocab"]),
      ModelFamily("whisper", .recognizer, [["encoder", "decoder", "tokens"]], language: ["language"]),
      ModelFamily(
        "moonshine", .recognizer,
        [
          ["encoder", "merged-decoder", "tokens"],
          ["preprocessor", "encoder", "uncached-decoder", "cached-decoder", "tokens"],
        ], repeatsItself: true),
      ModelFamily("canary", .recognizer, [["encoder", "decoder", "tokens"]], language: ["src-lang", "tgt-lang"]),
      ModelFamily("cohere-transcribe", .recognizer, [["encoder", "decoder", "tokens"]], language: ["language"]),
      ModelFamily("fire-red-asr", .recognizer, [["encoder", "decoder", "tokens"]]),
      ModelFamily("sense-voice", .recognizer, [["model", "tokens"]], language: ["language"]),
    ]
    + [
      "paraformer", "nemo-ctc", "zipformer-ctc", "wenet-ctc", "dolphin", "omnilingual", "medasr", "fire-red-asr-ctc",
      "telespeech-ctc",
    ].map { ModelFamily($0, .recognizer, [["model", "tokens"]]) }

  private static let streamingRecognizers =
    [
      ModelFamily(
        "transducer", .streamingRecognizer, [["encoder", "decoder", "joiner", "tokens"]], optional: ["bpe-vocab"]),
      ModelFamily("paraformer", .streamingRecognizer, [["encoder", "decoder", "tokens"]]),
    ]
    + ["zipformer2-ctc", "nemo-ctc", "t-one-ctc"].map { ModelFamily($0, .streamingRecognizer, [["model", "tokens"]]) }

  private static let synthesizers = [
    ModelFamily("vits", .synthesizer, [["model", "tokens"]], optional: ["lexicon"]),
    ModelFamily("matcha", .synthesizer, [["acoustic-model", "vocoder", "tokens"]], optional: ["lexicon"]),
    ModelFamily("kokoro", .synthesizer, [["model", "voices", "tokens"]], optional: ["lexicon"], language: ["lang"]),
    ModelFamily("kitten", .synthesizer, [["model", "voices", "tokens"]], optional: ["lexicon"]),
    ModelFamily(
      "supertonic", .synthesizer,
      [
        [
          "duration-predictor", "text-encoder", "vector-estimator", "vocoder", "tts-json", "unicode-indexer",
          "voice-style",
        ]
      ]),
    hibari,
  ]

  /// The network of the built-in neural voices, with another voice in it.
  public static let hibari = ModelFamily("hibari", .synthesizer, [["model"]])

  /// The network that tells voices apart in VoiceFilter-Lite, whose spectra are computed here.
  public static let voicefilter = ModelFamily("voicefilter-lite", .speakerEmbedding, [["model"]])

  /// Whether sherpa-onnx runs it; the others run here.
  public var isOfSherpa: Bool { self != .hibari && self != .voicefilter && kind != .turnDetector }

  private init(
    _ id: String, _ kind: ModelKind, _ fileSets: [[String]], optional: [String] = [], language: [String] = [],
    repeatsItself: Bool = false, leavesNoise: Bool = false
  ) {
    self.id = id
    self.kind = kind
    self.fileSets = fileSets
    optionalFiles = optional
    languageSettings = language
    self.repeatsItself = repeatsItself
    self.leavesNoise = leavesNoise
  }

  /// The family of this id and kind, if there is one.
  public static func named(_ id: String, _ kind: ModelKind) -> ModelFamily? {
    all.first { $0.id == id && $0.kind == kind }
  }

  /// Everything that a file of its models may be called.
  public var fileNames: [String] {
    (fileSets.joined() + optionalFiles).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// What is missing of the nearest list of files; none where `files` are a whole one.
  public func missing(among files: some Collection<String>) -> [String] {
    let gaps = fileSets.map { set in set.filter { !files.contains($0) } }
    return gaps.min { $0.count < $1.count } ?? []
  }
}
