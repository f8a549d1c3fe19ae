/// What a model is for.
public enum ModelKind: String, Sendable, Hashable, CaseIterable {
  /// Speech of a whole turn to text.
  case recognizer
  /// Speech to text while it is spoken.
  case streamingRecognizer = "streaming-recognizer"
  /// Text to speech.
  case synthesizer
  /// Whether a turn is complete.
  case turnDetector = "turn-detector"
  /// Speech without noise from speech with noise.
  case denoiser
  /// How alike two voices are.
  case speakerEmbedding = "speaker-embedding"

  /// Whether its models understand or speak some languages and no others.
  public var hasLanguages: Bool {
    switch self {
    case .recognizer, .streamingRecognizer, .synthesizer: true
    case .turnDetector, .denoiser, .speakerEmbedding: false
    }
  }
}

/// A model that an operator brings along: its files, and what they are.
public struct ModelDescription: Sendable, Hashable {
  /// Of its folder or file: `a-z`, `0-9` and hyphens, at most `nameMax`. A synthesiser's first voice has it as its id.
  public var name: String
  /// What it is for.
  public var kind: ModelKind
  /// Which fields of the library's configuration its files go to.
  public var family: ModelFamily
  /// Absolute paths, by what the family calls them.
  public var files: [String: String]
  /// BCP 47 tags, the model's own language first; not empty where `ModelKind.hasLanguages`.
  public var languages: [String]
  /// Samples per second: what a recogniser is trained with, or what a synthesiser must deliver; `nil`: 16000, or whatever it delivers.
  public var sampleRate: Int?
  /// Longest piece of a turn that a recogniser is given.
  public var segmentMax = Self.segmentUsual
  /// Threads of one recognition or synthesis.
  public var threads = 1
  /// sherpa-onnx's own name for the sort of a model that several sorts share a family with, such as `nemo_transducer`.
  public var modelType: String?
  /// The eSpeak NG voice that makes phonemes of a text, such as `en-us`; `nil`: the model reads text itself.
  public var phonemes: String?
  /// How a voice is described; of a model with several speakers, each.
  public var speaker = ModelSpeaker()

  /// - Parameters:
  ///   - name: see above; not checked.
  ///   - files: see above; not checked.
  public init(
    name: String, kind: ModelKind, family: ModelFamily, files: [String: String], languages: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.family = family
    self.files = files
    self.languages = languages
  }

  /// Longest name, in characters.
  public static let nameMax = 40
  /// Longest piece of a turn, where nothing else is said: Moonshine repeats itself on longer ones.
  public static let segmentUsual = CallDuration.seconds(10)
  /// What the longest piece may be.
  public static let segmentLimits = CallDuration.seconds(2)...CallDuration.seconds(30)
  /// What the sample rate may be.
  public static let sampleRateLimits = 8000...48_000
  /// Threads of one recognition: more would take them from other calls.
  public static let threadsLimits = 1...8
  /// Speakers of one model that are offered as voices; further ones are left out.
  public static let speakersMax = 200
  /// Models of one folder, and voices of another; further ones are left out, and said so.
  public static let countMax = 32

  /// Whether `name` may be one.
  public static func isName(_ name: String) -> Bool {
    (1...nameMax).contains(name.utf8.count) && name.first != "-"
      && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
  }
}

/// How the voice of a model is told of.
public struct ModelSpeaker: Sendable, Hashable {
  /// For people; empty: the model's name.
  public var title = ""
  /// `female`, `male` or `neutral`.
  public var gender = "neutral"
  /// One sentence on how it sounds; empty: what it is made with.
  public var description = ""

  /// Nothing is known.
  public init() {}
}

extension ModelDescription {
  /// A file of hibari's architecture that was dropped into the folder of voices.
  /// - Parameters:
  ///   - name: see above; not checked.
  ///   - path: absolute.
  public static func hibariVoice(_ name: String, path: String) -> ModelDescription {
    var model = ModelDescription(
      name: name, kind: .synthesizer, family: .hibari, files: ["model": path], languages: ["en-US"])
    guard let (language, gender, text) = knownVoices[name] else { return model }
    model.languages = [language]
    model.speaker.gender = gender
    model.speaker.description = text
    return model
  }

  /// The voices that hibari's project publishes beside `heart`.
  private static let knownVoices = [
    "fenrir": ("en-US", "male", "American man. Neural, of your own files."),
    "emma": ("en-GB", "female", "British woman. Neural, of your own files."),
    "fable": ("en-GB", "male", "British man. Neural, of your own files."),
    "kore": ("en-US", "female", "American woman. Neural, of your own files."),
  ]
}
