import CSherpaOnnx
import CallCore
import CallDriver
import Glibc

/// A model that tells voices apart, through sherpa-onnx.
final class SherpaEmbedder: SpeakerEmbedder {
  /// Opened once and never changed.
  private nonisolated(unsafe) let library: OpaquePointer
  private nonisolated(unsafe) let embedder: OpaquePointer

  /// - Throws: `.modelUnavailable` with the first path that is missing, or with the folder of the model when sherpa-onnx refuses it.
  init(_ model: ModelDescription, library path: String) throws(EngineError) {
    try model.checkFiles()
    guard let library = sherpa_open(path) else { throw .modelUnavailable(path: path) }
    let loaded = SherpaFields(model).withFields { sherpa_load_embedder(library, $0, $1, Int32(model.threads)) }
    guard let loaded else { throw .modelUnavailable(path: model.folder) }
    self.library = library
    embedder = loaded
  }

  deinit { sherpa_unload_embedder(library, embedder) }

  func embedding(of speech: [Int16]) throws(EngineError) -> [Float] {
    let samples = speech.map { Float($0) / 32_768 }
    var found = SherpaSound()
    let code = sherpa_embed(library, embedder, 16_000, samples, Int32(samples.count), &found)
    defer { free(found.samples) }
    guard code == 0 else {
      throw .library(function: "SherpaOnnxSpeakerEmbeddingExtractorComputeEmbedding", code: Int(code))
    }
    return Array(UnsafeBufferPointer(start: found.samples, count: Int(found.count)))
  }
}
