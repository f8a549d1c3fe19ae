import CallCore
import CallDriver
import Engines
import Testing

/// Models of one's own that are of no use: each is left out with the reason, and everything else goes on.
@Suite("Broken models of one's own")
struct BrokenModelTests {
  @Test(
    "a recogniser that is broken is refused with the reason",
    arguments: [
      ("cut", "model verification failed"), ("tokens", "no model"), ("family", "does not exist in the metadata"),
      ("missing", "cannot be loaded"),
    ])
  func recognizer(how: String, says: String) throws {
    let folder = try OwnModelFolder()
    var model = try folder.german()
    switch how {
    case "cut": model.files["encoder"] = try folder.copy("moonshine/encoder_model.ort", bytesMax: 1_000_000)
    case "tokens": model.files["tokens"] = try folder.write("no model\n", to: "tokens.txt")
    case "family":
      model.family = try #require(ModelFamily.named("whisper", .recognizer))
      model.files["decoder"] = model.files.removeValue(forKey: "merged-decoder")
    default: model.files["encoder"] = "\(folder.path)/nothing.ort"
    }
    try Self.expectRefusals(of: [model], saying: [says])
  }

  /// A kind whose models have one file that is looked at here, and that another one is put in the place of.
  struct Broken: Sendable, CustomTestStringConvertible {
    var kind: ModelKind
    var family: String
    /// What is cut short.
    var whole: Whole
    /// Why what is left of it is refused.
    var cut = "Protobuf parsing failed"
    /// Why the file of the speech detector, which is none of this kind, is refused.
    var another: String

    enum Whole: Sendable {
      /// A file of the engine folder.
      case file(String)
      case tiny(TinyModel)
    }

    var testDescription: String { "\(kind) \(family)" }
  }

  private static let ends = "loading it ends the process"
  static let kinds = [
    Broken(
      kind: .synthesizer, family: "hibari", whole: .file("hibari/hibari.onnx"), cut: "cannot be loaded",
      another: "does not take or give what a model of the family hibari does"),
    Broken(
      kind: .turnDetector, family: "smart-turn", whole: .file("smart-turn/smart-turn-v3.2-cpu.onnx"),
      cut: "cannot be loaded",
      another: "does not take or give what a model of the family smart-turn does"),
    Broken(
      kind: .synthesizer, family: "vits", whole: .tiny(.streaming),
      another: "\(ends): 'sample_rate' does not exist in the metadata"),
    Broken(
      kind: .recognizer, family: "nemo-ctc", whole: .tiny(.streaming),
      another: "\(ends): 'vocab_size' does not exist in the metadata"),
    Broken(
      kind: .streamingRecognizer, family: "nemo-ctc", whole: .tiny(.streaming),
      another: "\(ends): 'window_size' does not exist in the metadata"),
    Broken(
      kind: .denoiser, family: "gtcrn", whole: .tiny(.denoiser),
      another: "\(ends): 'model_type' does not exist in the metadata"),
    Broken(
      kind: .speakerEmbedding, family: "wespeaker", whole: .tiny(.embedder), another: "\(ends): Unknown model type"),
    Broken(
      kind: .speakerEmbedding, family: "voicefilter-lite", whole: .tiny(.embedder), cut: "cannot be loaded",
      another: "does not take or give what a model of the family voicefilter-lite does"),
  ]

  @Test(
    "of each kind: a file of another model, one that is cut short and one that is not there are refused",
    arguments: kinds)
  func kind(_ broken: Broken) throws {
    let folder = try OwnModelFolder()
    let cut =
      switch broken.whole {
      case .file(let file): try folder.copy(file, bytesMax: 100_000)
      case .tiny(let model): try folder.write(Array(model.bytes.prefix(model.bytes.count / 2)), to: "cut.onnx")
      }
    let family = try #require(ModelFamily.named(broken.family, broken.kind))
    let tokens = try folder.write("<blk> 0\na 1\n", to: "tokens.txt")
    let faults = [
      ("another", try folder.copy("silero/silero_vad_16k_op15.onnx"), broken.another),
      ("cut", cut, broken.cut),
      ("missing", "\(folder.path)/nothing.onnx", "cannot be loaded"),
    ]
    let models = try faults.map { name, file, _ in
      try folder.model(
        name, broken.kind, broken.family,
        ["model": file, "tokens": tokens].filter { family.fileNames.contains($0.key) },
        languages: broken.kind.hasLanguages ? ["en"] : [])
    }
    let catalog = try Self.expectRefusals(of: models, saying: faults.map(\.2))
    #expect(catalog.turnDetector.isInstalled, "the built-in one stays")
    #expect(catalog.speakerComparer?.name == EngineHarness.catalog.speakerComparer?.name)
  }

  @Test("a name that a voice has already is refused", arguments: ["heart", "heart-low", "matched-joe"])
  func takenName(name: String) throws {
    let folder = try OwnModelFolder()
    let model = ModelDescription.hibariVoice(name, path: try folder.copy("hibari/hibari.onnx"))
    try Self.expectRefusals(of: [model], saying: ["there is another voice of the name \(name)"])
  }

  /// Calls are taken all the same, and whoever asks is told.
  @discardableResult
  private static func expectRefusals(of models: [ModelDescription], saying words: [String]) throws -> EngineCatalog {
    let catalog = EngineCatalog(folder: EngineHarness.folder, models: ModelList(models: models))
    let states = catalog.readinessByOrigin.own
    #expect(states.map(\.name) == models.map(\.name))
    for (found, says) in zip(states, words) {
      #expect(found.state == .failed && !says.isEmpty && found.detail.contains(says), "\(found)")
      #expect(!found.isNeeded && !found.detail.isEmpty)
    }
    for part in EnginePart.allCases { #expect(catalog.state(of: part) == .ready) }
    #expect(try catalog.recognizer().transcribe([Int16](repeating: 0, count: 16_000)) == "")
    return catalog
  }
}
