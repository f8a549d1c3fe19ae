import CallCore
import CallDriver

/// A model that an operator brought along, as an engine.
enum LoadedModel: Sendable {
  case recognizer(any SpeechRecognizer)
  case synthesizer(any SpeechSynthesizer)
  case turnDetector(any TurnDetector)
  case denoiser(SherpaDenoiser)
  case speakers(any SpeakerComparer)

  /// Loads it into this process. Some files end the process: `ModelProbe` comes first.
  ///
  /// - Parameter folder: where the libraries are.
  init(_ model: ModelDescription, folder: EngineFolder) throws(EngineError) {
    switch model.kind {
    case .recognizer: self = .recognizer(try SherpaRecognizer(model, library: folder.sherpaLibrary))
    case .synthesizer where model.family == .hibari:
      self = .synthesizer(try HibariSynthesizer(folder: folder, own: model))
    case .synthesizer: self = .synthesizer(try SherpaSynthesizer(model, library: folder.sherpaLibrary))
    case .turnDetector:
      let detector = SmartTurnDetector(folder: folder, model: model.files["model"])
      try detector.prepare()
      self = .turnDetector(detector)
    case .streamingRecognizer:
      self = .recognizer(try SherpaStreamingRecognizer(model, library: folder.sherpaLibrary))
    case .denoiser: self = .denoiser(try SherpaDenoiser(model, folder: folder))
    case .speakerEmbedding: self = .speakers(EmbeddedVoices(try Self.embedder(model, folder), name: model.name))
    }
  }

  private static func embedder(
    _ model: ModelDescription, _ folder: EngineFolder
  ) throws(EngineError) -> any SpeakerEmbedder {
    guard model.family == .voicefilter else { return try SherpaEmbedder(model, library: folder.sherpaLibrary) }
    let embedder = VoicefilterEmbedder(folder: folder, model: model.files["model"])
    try embedder.prepare()
    return embedder
  }

  /// Uses it once, as a call would.
  /// - Throws: why it is of no use.
  func tryOut(language: String?) throws(EngineError) {
    switch self {
    case .recognizer(let recognizer):
      let usual = language ?? SpeechLanguage.usual
      _ = try recognizer.transcribeSoFar(Self.noise, language: usual, cancellation: CancellationToken())
      _ = try recognizer.transcribe(Self.noise)
    case .turnDetector(let detector): _ = try detector.completeness(of: Self.noise)
    case .denoiser(let denoiser):
      let silence = [Int16](repeating: 0, count: Self.noise.count)
      for turn in [Self.noise, Array(Self.noise.prefix(1600)), silence] { _ = try denoiser.denoise(turn) }
    case .speakers(let comparer):
      guard try comparer.similarity(of: Self.noise, to: Self.noise) > 0.99 else {
        throw .unsupported("a model that takes a sound for another one than itself")
      }
    case .synthesizer(let synthesizer):
      guard let voice = synthesizer.voices.first else { throw .unsupported("a model without a voice") }
      let text = Self.texts[String((language ?? "").prefix { $0 != "-" })] ?? "one two three"
      try Self.check(try synthesizer.synthesize(text, voice: voice.id), of: text)
    }
  }

  /// Words that models of these languages can say which read text themselves and know no English.
  private static let texts = ["zh": "你好", "yue": "你好", "ja": "こんにちは", "ko": "안녕하세요", "ru": "привет"]

  /// A second of quiet noise, the same every time: Numerical Recipes' generator.
  private static let noise: [Int16] = {
    var state: UInt32 = 1
    return (0..<16_000).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int16(truncatingIfNeeded: Int32(state >> 16) % 600 - 300)
    }
  }()

  /// Loudest sample that is silence: −40 dB of full scale.
  private static let silenceMax = 327
  /// How long three words may be.
  private static let lengths = 100_000...20_000_000

  private static func check(_ speech: PCMBuffer, of text: String) throws(EngineError) {
    let peak = speech.samples.reduce(0) { max($0, Int($1.magnitude)) }
    guard peak > silenceMax else { throw .unsupported("a model that is silent when it is to say \"\(text)\"") }
    guard lengths.contains(Int(speech.microseconds)) else {
      throw .unsupported("a model that takes \(speech.microseconds / 1000) ms to say \"\(text)\"")
    }
  }
}
