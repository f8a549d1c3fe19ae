import CallCore
import CallDriver
import Engines
import Foundation
import Testing

/// A folder for the files of one test's models; it goes away with the test.
final class OwnModelFolder {
  let path = "\(NSTemporaryDirectory())voiceforge-models-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path): \(error)") }
  }

  /// A copy of a file of the engine folder.
  /// - Parameter bytesMax: what is left of it.
  func copy(_ file: String, bytesMax: Int = .max) throws -> String {
    let bytes = try Data(contentsOf: URL(filePath: "\(EngineHarness.folder.path)/\(file)"))
    return try write(Array(bytes.prefix(bytesMax)), to: String(file.split(separator: "/").last ?? "file"))
  }

  func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  /// What the operator would have described, with `files` in place of the whole ones.
  func model(
    _ name: String, _ kind: ModelKind, _ family: String, _ files: [String: String], languages: [String] = []
  ) throws -> ModelDescription {
    let family = try #require(ModelFamily.named(family, kind))
    return ModelDescription(name: name, kind: kind, family: family, files: files, languages: languages)
  }

  /// Moonshine, which writes `bitte` where `please` is said, so that it can be told from the built-in one.
  func german() throws -> ModelDescription {
    let tokens = try String(contentsOfFile: "\(EngineHarness.folder.path)/moonshine/tokens.txt", encoding: .utf8)
    return try model(
      "german", .recognizer, "moonshine",
      [
        "encoder": copy("moonshine/encoder_model.ort"), "merged-decoder": copy("moonshine/decoder_model_merged.ort"),
        "tokens": write(tokens.replacing("IHBsZWFzZQ== ", with: "IGJpdHRl "), to: "tokens.txt"),
      ], languages: ["de"])
  }

  /// Writes `hello` at each beginning of something loud.
  func streaming() throws -> ModelDescription {
    try model(
      "stream", .streamingRecognizer, "nemo-ctc",
      ["model": write(TinyModel.streaming.bytes, to: "s.onnx"), "tokens": write("▁hello 0\n<blk> 1\n", to: "s.txt")],
      languages: ["de"])
  }

  /// Takes half of everything away.
  func denoiser(_ tiny: TinyModel = .denoiser) throws -> ModelDescription {
    try model("quiet", .denoiser, "gtcrn", ["model": write(tiny.bytes, to: "d.onnx")])
  }

  /// Tells voices apart by their mean spectrum.
  func speakers() throws -> ModelDescription {
    try model("voices", .speakerEmbedding, "wespeaker", ["model": write(TinyModel.embedder.bytes, to: "e.onnx")])
  }
}

extension EngineCatalog {
  /// With these models beside the built-in engines.
  convenience init(own models: ModelDescription...) {
    self.init(folder: EngineHarness.folder, models: ModelList(models: models))
  }

  /// The state of the only model, and why.
  func stateOfModel() throws -> EngineReadiness { try #require(readinessByOrigin.own.first) }

  /// The only model can be used.
  func expectModel() throws {
    let found = try stateOfModel()
    #expect(found.state == .ready, "\(found)")
  }
}
