import CallCore
import CallDriver
import Engines
import Foundation
import Testing

/// Models that an operator brings along: copies of those of the engine folder, whole and broken.
@Suite("Models of one's own")
struct OwnModelTests {
  private static let sentence = "Hello, would you please hold the line?"

  /// A folder for one test; it goes away with the test.
  private final class Folder {
    let path = "\(NSTemporaryDirectory())voiceforge-models-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit {
      do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path): \(error)") }
    }

    /// A copy of a file of the engine folder.
    /// - Parameter bytesMax: what is left of it.
    func copy(_ file: String, bytesMax: Int = .max) throws -> String {
      let name = "\(path)/\(file.split(separator: "/").last ?? "file")"
      let bytes = try Data(contentsOf: URL(filePath: "\(EngineHarness.folder.path)/\(file)"))
      try bytes.prefix(bytesMax).write(to: URL(filePath: name))
      return name
    }

    func write(_ text: String, to name: String) throws -> String {
      try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
      return "\(path)/\(name)"
    }
  }

  private static func family(_ id: String, _ kind: ModelKind) throws -> ModelFamily {
    try #require(ModelFamily.named(id, kind))
  }

  /// Moonshine, which writes `bitte` where `please` is said, so that it can be told from the built-in one.
  private static func german(in folder: Folder) throws -> ModelDescription {
    let tokens = try folder.copy("moonshine/tokens.txt")
    let own = try String(contentsOfFile: tokens, encoding: .utf8).replacing("IHBsZWFzZQ== ", with: "IGJpdHRl ")
    try own.write(toFile: tokens, atomically: true, encoding: .utf8)
    return ModelDescription(
      name: "german", kind: .recognizer, family: try family("moonshine", .recognizer),
      files: [
        "encoder": try folder.copy("moonshine/encoder_model.ort"),
        "merged-decoder": try folder.copy("moonshine/decoder_model_merged.ort"), "tokens": tokens,
      ], languages: ["de"])
  }

  private static func catalog(_ models: ModelDescription...) -> EngineCatalog {
    EngineCatalog(folder: EngineHarness.folder, models: ModelList(models: models))
  }

  /// The state of the only model, and why.
  private static func state(of catalog: EngineCatalog) throws -> EngineReadiness {
    try #require(catalog.readinessByOrigin.own.first)
  }

  @Test("every file and setting of every family has its field in the library's configuration")
  func table() {
    for family in ModelFamily.all where family.id != "hibari" && family.kind != .turnDetector {
      #expect(family.unknownFields.isEmpty, "\(family.id): \(family.unknownFields)")
      #expect(!family.fileSets.isEmpty && family.missing(among: family.fileSets[0]).isEmpty)
    }
    #expect(Set(ModelFamily.all.map(\.id)).count == ModelFamily.all.count)
  }

  @Test("a recogniser is used for its languages, and the built-in one for all others")
  func recognizer() throws {
    let folder = try Folder()
    let catalog = try Self.catalog(Self.german(in: folder))
    #expect(try Self.state(of: catalog).state == .ready)
    let speech = try EngineHarness.heard(catalog.synthesizer().synthesize(Self.sentence, voice: "heart"))
    let recognizer = try catalog.recognizer()
    for (language, word) in [("de", "bitte"), ("de-AT", "bitte"), ("DE", "bitte"), ("en", "please"), ("fr", "please")] {
      let heard = try recognizer.transcribe(speech, language: language, cancellation: CancellationToken())
      #expect(heard.contains(word), "\(language): \(heard)")
    }
    #expect(try recognizer.transcribe(speech).contains("please"))
  }

  @Test("of several recognisers the one that has the very tag is used, then the first that has the language")
  func choice() throws {
    let named = { (name: String) in FixedRecognizer(says: name) }
    let recognizer = LanguageRecognizer(
      [(["de-CH", "fr"], named("first")), (["de"], named("second")), (["DE-at", "en"], named("third"))],
      usual: named("usual"))
    for (language, expected) in [
      ("de", "second"), ("de-AT", "third"), ("de-CH", "first"), ("de-DE", "first"), ("fr-CA", "first"), ("en", "third"),
      ("it", "usual"), ("", "usual"),
    ] {
      #expect(try recognizer.transcribe([], language: language, cancellation: CancellationToken()) == expected)
    }
    #expect(try recognizer.transcribe([]) == "third")
  }

  @Test("a copy of the neural voice under another name is listed, and speaks the same")
  func voice() throws {
    let folder = try Folder()
    let catalog = try Self.catalog(.hibariVoice("fenrir", path: folder.copy("hibari/hibari.onnx")))
    let voice = try #require(catalog.voices.first { $0.id == "fenrir" })
    #expect(voice.engine == "hibari" && voice.gender == "male" && voice.sampleRate == 24_000)
    #expect(catalog.voices.first?.id == "heart")
    let synthesizer = try catalog.synthesizer()
    let isSame =
      try synthesizer.synthesize(Self.sentence, voice: "fenrir")
      == synthesizer.synthesize(Self.sentence, voice: "heart")
    #expect(isSame)
    #expect(try catalog.synthesizer(for: "fenrir").voices.map(\.id) == ["fenrir"])
  }

  @Test("a turn detector takes the place of the built-in one")
  func turnDetector() throws {
    let folder = try Folder()
    let model = ModelDescription(
      name: "turns", kind: .turnDetector, family: try Self.family("smart-turn", .turnDetector),
      files: ["model": try folder.copy("smart-turn/smart-turn-v3.2-cpu.onnx")])
    let catalog = Self.catalog(model)
    #expect(try Self.state(of: catalog).state == .ready)
    let own = try #require(catalog.turnDetector as? SmartTurnDetector)
    // Loaded for the trial, while the built-in one waits for its first question.
    #expect(own.isLoaded)
    let noise = TestSound.noise(samples: 16_000, amplitude: 300)
    #expect(try own.completeness(of: noise) == EngineHarness.catalog.turnDetector.completeness(of: noise))
  }

  @Test(
    "a recogniser that is broken is refused with the reason, and everything else goes on",
    arguments: [
      ("cut", "model verification failed"), ("tokens", "no model"), ("family", "does not exist in the metadata"),
      ("missing", "cannot be loaded"),
    ])
  func brokenRecognizer(how: String, says: String) throws {
    let folder = try Folder()
    var model = try Self.german(in: folder)
    switch how {
    case "cut": model.files["encoder"] = try folder.copy("moonshine/encoder_model.ort", bytesMax: 1_000_000)
    case "tokens": model.files["tokens"] = try folder.write("no model\n", to: "tokens.txt")
    case "family":
      model.family = try Self.family("whisper", .recognizer)
      model.files["decoder"] = model.files.removeValue(forKey: "merged-decoder")
    default: model.files["encoder"] = "\(folder.path)/nothing.ort"
    }
    try Self.expectRefusal(of: model, says: says)
  }

  @Test("a file without the library's metadata, which ends the process that loads it, is refused")
  func withoutMetadata() throws {
    let folder = try Folder()
    let tokens = try folder.write("a 0\nb 1\n", to: "tokens.txt")
    let silero = try folder.copy("silero/silero_vad_16k_op15.onnx")
    var voice = ModelDescription(
      name: "piper", kind: .synthesizer, family: try Self.family("vits", .synthesizer),
      files: ["model": silero, "tokens": tokens], languages: ["en"])
    voice.phonemes = "en-us"
    try Self.expectRefusal(of: voice, says: "loading it ends the process: 'sample_rate' does not exist in the metadata")
    let recognizer = ModelDescription(
      name: "nemo", kind: .recognizer, family: try Self.family("nemo-ctc", .recognizer),
      files: ["model": silero, "tokens": tokens], languages: ["en"])
    try Self.expectRefusal(of: recognizer, says: "loading it ends the process")
  }

  @Test(
    "a voice that is broken is refused with the reason",
    arguments: [
      ("cut", "hibari.onnx cannot be loaded"),
      ("another", "does not take or give what a model of the family hibari does"),
      ("missing", "cannot be loaded"),
    ])
  func brokenVoice(how: String, says: String) throws {
    let folder = try Folder()
    let path =
      switch how {
      case "cut": try folder.copy("hibari/hibari.onnx", bytesMax: 100_000)
      case "another": try folder.copy("silero/silero_vad_16k_op15.onnx")
      default: "\(folder.path)/nothing.onnx"
      }
    try Self.expectRefusal(of: .hibariVoice("fenrir", path: path), says: says)
  }

  @Test(
    "a turn detector that is broken is refused with the reason",
    arguments: [
      ("cut", "cannot be loaded"), ("another", "does not take or give what a model of the family smart-turn does"),
      ("missing", "cannot be loaded"),
    ])
  func brokenTurnDetector(how: String, says: String) throws {
    let folder = try Folder()
    let path =
      switch how {
      case "cut": try folder.copy("smart-turn/smart-turn-v3.2-cpu.onnx", bytesMax: 100_000)
      case "another": try folder.copy("silero/silero_vad_16k_op15.onnx")
      default: "\(folder.path)/nothing.onnx"
      }
    let model = ModelDescription(
      name: "turns", kind: .turnDetector, family: try Self.family("smart-turn", .turnDetector), files: ["model": path])
    let catalog = try Self.expectRefusal(of: model, says: says)
    #expect(catalog.turnDetector.isInstalled, "the built-in one stays")
  }

  @Test("a name that a voice has already is refused", arguments: ["heart", "heart-low", "matched-joe"])
  func takenName(name: String) throws {
    let folder = try Folder()
    let model = ModelDescription.hibariVoice(name, path: try folder.copy("hibari/hibari.onnx"))
    try Self.expectRefusal(of: model, says: "there is another voice of the name \(name)")
  }

  /// Calls are taken all the same, and whoever asks is told.
  @discardableResult
  private static func expectRefusal(of model: ModelDescription, says: String) throws -> EngineCatalog {
    let catalog = Self.catalog(model)
    let found = try state(of: catalog)
    #expect(found.state == .failed && found.detail.contains(says), "\(found)")
    #expect(!found.isNeeded)
    for part in EnginePart.allCases { #expect(catalog.state(of: part) == .ready) }
    #expect(try catalog.recognizer().transcribe([Int16](repeating: 0, count: 16_000)) == "")
    return catalog
  }
}

/// Hears the same whatever is said.
private final class FixedRecognizer: SpeechRecognizer {
  private let text: String

  init(says text: String) { self.text = text }

  func transcribe(_ turn: [Int16]) throws(EngineError) -> String { text }
}
