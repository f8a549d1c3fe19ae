import CallCore
import CallDriver
import Engines
import Glibc
import RemoteServices

/// The engines under test, loaded once for all suites.
enum EngineHarness {
  static let folder = EngineFolder(
    environment: ["VOICEFORGE_ENGINES", "HOME"].reduce(into: [:]) { variables, name in
      variables[name] = getenv(name).map { String(cString: $0) }
    })
  static let catalog = EngineCatalog(folder: folder)

  /// Another process, whose speech is used through the same ports.
  private static let node = Result { try SpeechNode() }
  private static let remoteEngines = Result { try engines(.instead) }
  /// The catalog's voices, and those of the other process as `remote:`.
  private static let allEngines = Result { try engines(.beside) }

  /// The recognisers that are held to the contract.
  static let recognizers = ["moonshine", "remote"]

  static func recognizer(_ name: String) throws -> any SpeechRecognizer {
    name == "remote" ? try remoteEngines.get().recognizer() : try catalog.recognizer()
  }

  /// The engine that speaks with `voice`.
  static func synthesizer(for voice: Voice.ID) throws -> any SpeechSynthesizer {
    guard voice.hasPrefix(RemoteEngines.prefix) else { return try catalog.synthesizer(for: voice) }
    let engines = try allEngines.get()
    try engines.waitForContact()  // its voices are known then
    return try engines.synthesizer()
  }

  /// Times are no matter here: the machine is busy with other tests.
  private static func engines(_ place: RemoteEngines.Place) throws -> RemoteEngines {
    var service = try RemoteService(url: node.get().url)
    service.times.connectMax = .seconds(30)
    service.times.transcriptionAnswerMax = .seconds(60)
    service.times.transcriptionMax = .seconds(60)
    service.times.speechAnswerMax = .seconds(60)
    service.times.speechMax = .seconds(60)
    return RemoteEngines(service, place, own: catalog)
  }

  /// Samples of `speech` at 16 kHz, as a recogniser gets them.
  static func heard(_ speech: PCMBuffer) throws -> [Int16] { try SpeechResampler.resample(speech, to: 16000).samples }

  /// A clip of a human reader from the engine folder.
  static func clip(_ name: String) throws -> PCMBuffer { try WaveFile.read("\(folder.path)/speech/\(name)") }
}
