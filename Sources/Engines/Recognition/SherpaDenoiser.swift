import CSherpaOnnx
package import CallCore
import CallDriver
import Glibc

/// A model that takes noise out of speech, through sherpa-onnx. Safe to share by threads; it keeps nothing between two turns.
package final class SherpaDenoiser: Sendable {
  /// By how much noise is taken down at most, in decibels. Recognisers were trained with noise, and what a denoiser makes of speech harms them
  /// more: before Moonshine one of unlimited depth made 35 % of the words wrong with three voices 10 dB below, one of 12 dB 24 %, none 17 %.
  static let depth: Float = 12
  private static let sampleRate = 16_000

  /// The model's, as the operator named it.
  let name: String
  /// Opened once and never changed.
  private nonisolated(unsafe) let library: OpaquePointer
  private nonisolated(unsafe) let denoiser: OpaquePointer
  /// What is left of the noise, as a factor; 0 where the library sees to it.
  private let left: Float

  /// - Throws: `.modelUnavailable` with the first path that is missing, or with the folder of the model when sherpa-onnx refuses it.
  package init(_ model: ModelDescription, folder: EngineFolder) throws(EngineError) {
    let path = folder.sherpaLibrary
    try model.checkFiles()
    guard let library = sherpa_open(path) else { throw .modelUnavailable(path: path) }
    let loaded = SherpaFields(model).withFields {
      sherpa_load_denoiser(library, $0, $1, Int32(model.threads), Self.depth)
    }
    guard let loaded else { throw .modelUnavailable(path: model.folder) }
    name = model.name
    self.library = library
    denoiser = loaded
    left = model.family.leavesNoise ? 0 : pow(10, -Self.depth / 20)
  }

  deinit { sherpa_unload_denoiser(library, denoiser) }

  /// - Parameter turn: 16 kHz mono.
  /// - Returns: as many samples.
  package func denoise(_ turn: [Int16]) throws(EngineError) -> [Int16] {
    guard !turn.isEmpty else { return turn }
    let noisy = turn.map { Float($0) / 32_768 }
    var sound = SherpaSound()
    let code = sherpa_denoise(library, denoiser, Int32(Self.sampleRate), noisy, Int32(noisy.count), &sound)
    defer { free(sound.samples) }
    guard code == 0 else { throw .library(function: "SherpaOnnxOfflineSpeechDenoiserRun", code: Int(code)) }
    let clean = try samples(of: sound)
    return noisy.indices.map { index in
      let cleaned = index < clean.count ? clean[index] : 0
      return Int16(max(-1, min(1, cleaned + left * (noisy[index] - cleaned))) * 32_767)
    }
  }

  /// At 16 kHz, −1 … 1.
  private func samples(of sound: SherpaSound) throws(EngineError) -> [Float] {
    let samples = Array(UnsafeBufferPointer(start: sound.samples, count: Int(sound.count)))
    guard samples.allSatisfy(\.isFinite) else { throw .unsupported("a denoiser that gives no numbers") }
    guard Int(sound.sample_rate) != Self.sampleRate else { return samples }
    let integers = samples.map { Int16(max(-1, min(1, $0)) * 32_767) }
    let speech = PCMBuffer(sampleRate: Int(sound.sample_rate), samples: integers)
    return try SpeechResampler.resample(speech, to: Self.sampleRate).samples.map { Float($0) / 32_768 }
  }
}

/// Takes noise out of what is recognised. What is only shown while somebody speaks is recognised as it came, and so is a turn that the denoiser
/// fails with.
final class DenoisedRecognizer: SpeechRecognizer {
  private let recognizer: any SpeechRecognizer
  private let denoiser: @Sendable () -> SherpaDenoiser?
  private let fail: @Sendable (SherpaDenoiser, EngineError) -> Void

  /// - Parameters:
  ///   - denoiser: asked for each turn; `nil`: there is none by now.
  ///   - fail: told of each failure, on the thread that recognises.
  init(
    _ recognizer: any SpeechRecognizer, _ denoiser: @escaping @Sendable () -> SherpaDenoiser?,
    fail: @escaping @Sendable (SherpaDenoiser, EngineError) -> Void
  ) {
    self.recognizer = recognizer
    self.denoiser = denoiser
    self.fail = fail
  }

  func transcribe(_ turn: [Int16]) throws(EngineError) -> String { try recognizer.transcribe(clean(turn)) }

  func transcribe(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String {
    try recognizer.transcribe(clean(turn), language: language, cancellation: cancellation)
  }

  func transcribeSoFar(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String {
    try recognizer.transcribeSoFar(turn, language: language, cancellation: cancellation)
  }

  private func clean(_ turn: [Int16]) -> [Int16] {
    guard let denoiser = denoiser() else { return turn }
    do throws(EngineError) {
      return try denoiser.denoise(turn)
    } catch {
      fail(denoiser, error)
      return turn
    }
  }
}
