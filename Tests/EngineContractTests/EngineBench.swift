import CallCore
import CallDriver
import Engines
import Glibc

/// The engines under test, loaded once for all suites.
enum EngineBench {
  static let folder = EngineFolder(
    environment: ["VOICEFORGE_ENGINES", "HOME"].reduce(into: [:]) { variables, name in
      variables[name] = getenv(name).map { String(cString: $0) }
    })
  static let catalog = EngineCatalog(folder: folder)

  /// Samples of `speech` at 16 kHz, as a recogniser gets them.
  static func heard(_ speech: PCMBuffer) throws -> [Int16] { try SpeechResampler.resample(speech, to: 16000).samples }

  /// A clip of a human reader from the engine folder.
  static func clip(_ name: String) throws -> PCMBuffer { try WaveFile.read("\(folder.path)/speech/\(name)") }
}
