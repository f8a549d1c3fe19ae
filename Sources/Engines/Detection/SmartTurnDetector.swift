public import CallCore
public import CallDriver
import Glibc
import Threads

/// Smart Turn 3.2: the last 8 s of a turn in, the probability that it is complete out. Some 70 ms a question. Loads the model with the first one,
/// some 0.1 s. Safe to share by threads.
public final class SmartTurnDetector: TurnDetector {
  private enum Loaded: Sendable {
    case not
    case ready(OnnxModel)
    case failed(EngineError)
  }

  private let folder: EngineFolder
  private let path: String
  private let features = WhisperFeatures()
  private let loaded = Locked(Loaded.not)

  /// Loads nothing.
  /// - Parameters:
  ///   - folder: what `setup/fetch-engines.sh` filled.
  ///   - model: path of another file of the same shape; `nil`: the one of the folder.
  public init(folder: EngineFolder, model: String? = nil) {
    self.folder = folder
    path = model ?? folder.turnModel
  }

  /// Whether the model can be read.
  public var isInstalled: Bool { access(path, R_OK) == 0 }

  /// Whether the model was loaded: for tests that nobody pays for it who does not ask.
  public var isLoaded: Bool { loaded.withLock { if case .ready = $0 { true } else { false } } }

  /// Loads the model.
  public func prepare() throws(EngineError) { _ = try model() }

  /// The model was trained with what comes before the turn, such as silence; where there is less than 8 s, zeros stand in front.
  public func completeness(of turn: [Int16]) throws(EngineError) -> TurnCompleteness {
    let run = OnnxRun(try model(), inputs: ["input_features"], outputs: ["logits"])
    let shape = [1, Int64(WhisperFeatures.mels), Int64(WhisperFeatures.frames)]
    features.compute(turn, into: try run.allocate(0, shape: shape, of: Float.self))
    try run.run()
    let values = try run.values(1)
    guard values.count == 1, let probability = values.first, probability.isFinite else {
      throw .library(function: "Smart Turn: output", code: values.count)
    }
    withExtendedLifetime(run) {}
    return TurnCompleteness(thousandths: Int((min(max(probability, 0), 1) * 1000).rounded()))
  }

  /// Others wait while it is being loaded. What failed once fails until the next start, as all engines do.
  private func model() throws(EngineError) -> OnnxModel {
    let (folder, path) = (folder, path)
    return try loaded.withLock { loaded throws(EngineError) in
      switch loaded {
      case .ready(let model): return model
      case .failed(let error): throw error
      case .not:
        do throws(EngineError) {
          let model = try OnnxModel(path: path, library: OnnxLibrary(path: folder.onnxLibrary))
          loaded = .ready(model)
          return model
        } catch {
          loaded = .failed(error)
          throw error
        }
      }
    }
  }
}
