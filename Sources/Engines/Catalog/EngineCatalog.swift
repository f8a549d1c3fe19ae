public import CallCore
public import CallDriver
import Threads

/// Every speech engine of the product, by role. Loads them from the engine folder; one that cannot be loaded says so and
/// leaves the others usable. Safe to share by threads.
///
/// To add an engine: write its adapter in a file of its own, give it a line in `load`, and let it pass
/// `Tests/EngineContractTests`.
public final class EngineCatalog: Sendable {
  /// When the engines are loaded.
  public enum Loading: Sendable {
    /// Before `init` returns: about a second.
    case atOnce
    /// On a thread of its own; `init` returns at once.
    case inBackground
  }

  /// Codecs need no model: they are there at once.
  public let codecs: any AudioCodecFactory
  /// Formats of sound files, likewise.
  public let sounds: any SoundFormats = SoundFormatCatalog()

  /// What this catalog loads.
  public let parts: Set<EnginePart>

  private let folder: EngineFolder
  private let moonshine = LazyValue<any SpeechRecognizer>()
  private let hibari = LazyValue<any SpeechSynthesizer>()
  private let espeak = LazyValue<any SpeechSynthesizer>()
  private let silero = LazyValue<SileroModel>()

  /// - Parameters:
  ///   - folder: what `setup/fetch-engines.sh` filled.
  ///   - parts: which of them are loaded; asking for another one throws.
  ///   - loading: whether to wait for the engines.
  ///   - opus: how utterances are encoded.
  public init(
    folder: EngineFolder, parts: Set<EnginePart> = Set(EnginePart.allCases), loading: Loading = .atOnce,
    opus: OpusSettings = OpusSettings()
  ) {
    self.folder = folder
    self.parts = parts
    codecs = AudioCodecCatalog(opus: opus)
    switch loading {
    case .atOnce: load()
    case .inBackground:
      // Reading models blocks. Without another thread it is done on this one.
      do throws(Thread.Failure) { try Thread.startDetached("engine-loader") { [self] in load() } } catch { load() }
    }
  }

  /// Those that a call needs first come first.
  private func load() {
    let folder = self.folder
    silero.load { () throws(EngineError) in
      try need(.detector)
      return try SileroModel(path: folder.sileroModel)
    }
    espeak.load { () throws(EngineError) in
      try need(.manyVoices)
      return try EspeakSynthesizer()
    }
    hibari.load { () throws(EngineError) in
      try need(.neuralVoices)
      return try HibariSynthesizer(folder: folder, onnx: OnnxLibrary(path: folder.onnxLibrary))
    }
    moonshine.load { () throws(EngineError) in
      try need(.recognizer)
      return try MoonshineRecognizer(folder: folder)
    }
  }

  private func need(_ part: EnginePart) throws(EngineError) {
    guard parts.contains(part) else { throw .unsupported("the part \(part.rawValue), which this node does not load") }
  }

  /// What is known about a part now; never waits.
  public func state(of part: EnginePart) -> EngineState {
    switch part {
    case .recognizer: moonshine.state
    case .neuralVoices: hibari.state
    case .manyVoices: espeak.state
    case .detector: silero.state
    }
  }

  /// Speech to text. Waits while it is being loaded.
  ///
  /// - Throws: why it cannot be used.
  public func recognizer() throws(EngineError) -> any SpeechRecognizer { try moonshine.get() }

  /// All voices of the synthesisers that could be loaded, behind one door. Waits while they are being loaded.
  ///
  /// - Throws: why the neural voices cannot be used, when no synthesiser can.
  public func synthesizer() throws(EngineError) -> any SpeechSynthesizer {
    let engines = loadedSynthesizers()
    if engines.isEmpty { _ = try hibari.get() }
    return CombinedSynthesizer(engines)
  }

  /// The engine that speaks with `voice`. Waits while the engines are being loaded.
  ///
  /// - Throws: `.unsupported` for a voice that no loaded engine has; when an engine could not be loaded, why.
  public func synthesizer(for voice: Voice.ID) throws(EngineError) -> any SpeechSynthesizer {
    for engine in loadedSynthesizers() where engine.voices.contains(where: { $0.id == voice }) { return engine }
    _ = try voice.hasPrefix(EspeakSynthesizer.prefix) ? espeak.get() : hibari.get()
    throw .unsupported("the voice \(voice)")
  }

  /// Every voice that can be spoken with, neural ones first. Waits while they are being loaded.
  public var voices: [Voice] { loadedSynthesizers().flatMap(\.voices) }

  /// A speech detector for one call. Waits while its model is being loaded.
  ///
  /// - Throws: why the model cannot be used.
  public func makeDetector() throws(EngineError) -> any SpeechDetector { try SileroDetector(silero.get()) }

  private func loadedSynthesizers() -> [any SpeechSynthesizer] {
    [hibari, espeak].compactMap { engine in
      do throws(EngineError) { return try engine.get() } catch { return nil }  // `state(of:)` reports why
    }
  }
}
