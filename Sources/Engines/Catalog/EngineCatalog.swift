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
  public let sounds: any SoundFormats = SoundFormatCatalog(.uploads)
  /// The same for whoever runs a command, whose files may be large: 512 MiB, and two hours of sound.
  public static var fileSounds: any SoundFormats { files }
  private static let files = SoundFormatCatalog(.files)
  /// The version of FFmpeg that reads and writes sound files, such as `5.1.9-0+deb12u1`. Starts a child and waits for it.
  /// - Throws: `.modelUnavailable` with the file that is missing.
  public static func ffmpegVersion() throws(EngineError) -> String { try files.ffmpeg.version() }
  /// Debian's packages with FFmpeg's libraries of the version that this program was built for.
  public static let ffmpegPackages = FFmpegClient.packages
  /// Finds out whether `fileSounds` can write such a file, before the work that it is for. Starts a child and waits for it.
  /// - Throws: what is missing and what to do.
  public static func checkEncoding(_ format: CompressedFormat) throws(EngineError) {
    try files.ffmpeg.checkEncoding(format)
  }

  /// Loaded by its first question; where an operator brought one along that can be used, that one.
  public var turnDetector: any TurnDetector {
    if let own = ownTurnDetector { return own }
    guard models.mayHave(.turnDetector) else { return builtInTurnDetector }
    return LaterTurnDetector(until: builtInTurnDetector) { [models] in models.turnDetector }
  }

  /// What this catalog loads.
  public let parts: Set<EnginePart>

  private let folder: EngineFolder
  private let moonshine = LazyValue<any SpeechRecognizer>()
  private let hibari = LazyValue<any SpeechSynthesizer>()
  private let espeak = LazyValue<any SpeechSynthesizer>()
  private let flite = LazyValue<any SpeechSynthesizer>()
  private let silero = LazyValue<SileroModel>()
  private let builtInTurnDetector: any TurnDetector
  private let voicefilter: VoicefilterEmbedder
  private let models: ModelCatalog
  private let tell: @Sendable (String) -> Void
  private let hasDenoiserFailed = Locked(false)

  /// - Parameters:
  ///   - folder: what `setup/fetch-engines.sh` filled.
  ///   - models: what the operator brought along.
  ///   - parts: which of them are loaded; asking for another one throws.
  ///   - loading: whether to wait for the engines.
  ///   - opus: how utterances are encoded.
  ///   - tell: told of each model of the operator's that cannot be used, and once of a denoiser that fails later; on any thread.
  public init(
    folder: EngineFolder, models: ModelList = ModelList(), parts: Set<EnginePart> = Set(EnginePart.allCases),
    loading: Loading = .atOnce, opus: OpusSettings = OpusSettings(),
    tell: @escaping @Sendable (_ trouble: String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.parts = parts
    self.models = ModelCatalog(models, parts: parts)
    self.tell = tell
    codecs = AudioCodecCatalog(opus: opus)
    builtInTurnDetector = SmartTurnDetector(folder: folder)
    voicefilter = VoicefilterEmbedder(folder: folder)
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
    load(.detector, into: silero) { () throws(EngineError) in try SileroModel(path: folder.sileroModel) }
    load(.manyVoices, into: espeak) { () throws(EngineError) in try EspeakSynthesizer() }
    load(.neuralVoices, into: hibari) { () throws(EngineError) in
      try HibariSynthesizer(folder: folder)
    }
    load(.recognizer, into: moonshine) { () throws(EngineError) in
      try SherpaRecognizer(.moonshine(in: folder), library: folder.sherpaLibrary)
    }
    load(.fliteVoices, into: flite) { () throws(EngineError) in try FliteSynthesizer() }
    models.load(from: folder, taken: Set(builtInSynthesizers().flatMap(\.voices).map(\.id)))
    for model in readinessByOrigin.own where model.state == .failed {
      tell("\(model.name) is not used: \(model.detail)")
    }
  }

  private func load<Engine>(
    _ part: EnginePart, into engine: LazyValue<Engine>, _ make: () throws(EngineError) -> Engine
  ) {
    engine.load { () throws(EngineError) in
      guard parts.contains(part) else { throw .unsupported("the part \(part.rawValue), which this node does not load") }
      return try make()
    }
  }

  /// What is known about a part now; never waits.
  public func state(of part: EnginePart) -> EngineState {
    switch part {
    case .recognizer: moonshine.state
    case .neuralVoices: hibari.state
    case .manyVoices: espeak.state
    case .fliteVoices: flite.state
    case .detector: silero.state
    }
  }

  /// Speech to text: the built-in recogniser, and in front of it those that the operator brought along, each for its languages and as soon as
  /// it was tried. Waits while the built-in one is being loaded.
  ///
  /// - Throws: why the built-in one cannot be used.
  public func recognizer() throws(EngineError) -> any SpeechRecognizer {
    let usual = try moonshine.get()
    let hasOthers = models.mayHave(.recognizer) || models.mayHave(.streamingRecognizer)
    let all: any SpeechRecognizer =
      hasOthers ? LanguageRecognizer({ [models] in models.recognizers }, usual: usual) : usual
    guard models.mayHave(.denoiser) else { return all }
    return DenoisedRecognizer(
      all, { [models] in models.denoiser }, fail: { [self] denoiser, error in tellFailure(of: denoiser, error) })
  }

  /// Once: a model that fails with one turn fails with many.
  private func tellFailure(of denoiser: SherpaDenoiser, _ error: EngineError) {
    let isFirst = hasDenoiserFailed.withLock { hasFailed in
      defer { hasFailed = true }
      return !hasFailed
    }
    if isFirst {
      tell("\(denoiser.name) failed, and turns that it fails with are recognised with their noise: \(error)")
    }
  }

  /// All voices of the synthesisers that could be loaded, behind one door; those of the operator's models as soon as they were tried. Waits
  /// while the built-in ones are being loaded.
  ///
  /// - Throws: why the neural voices cannot be used, when no synthesiser can.
  public func synthesizer() throws(EngineError) -> any SpeechSynthesizer {
    let engines = builtInSynthesizers()
    if engines.isEmpty, models.synthesizers.isEmpty { _ = try hibari.get() }
    return CombinedSynthesizer(engines) { [models] in models.synthesizers }
  }

  /// The engine that speaks with `voice`. Waits while the engines are being loaded.
  ///
  /// - Throws: `.unsupported` for a voice that no loaded engine has; when an engine could not be loaded, why.
  public func synthesizer(for voice: Voice.ID) throws(EngineError) -> any SpeechSynthesizer {
    for engine in loadedSynthesizers() where engine.voices.contains(where: { $0.id == voice }) { return engine }
    _ =
      try voice.hasPrefix(EspeakSynthesizer.prefix)
      ? espeak.get() : voice.hasPrefix(FliteSynthesizer.prefix) ? flite.get() : hibari.get()
    throw .unsupported("the voice \(voice)")
  }

  /// Every voice that can be spoken with by now, neural ones first. Waits while the built-in ones are being loaded.
  public var voices: [Voice] { loadedSynthesizers().flatMap(\.voices) }

  /// A speech detector for one call. Waits while its model is being loaded.
  ///
  /// - Throws: why the model cannot be used.
  public func makeDetector() throws(EngineError) -> any SpeechDetector { try SileroDetector(silero.get()) }

  /// That of the operator's models, or the built-in one where its model is there.
  public var speakerComparer: (any SpeakerComparer)? {
    if let own = models.speakerComparer { return own }
    return parts.contains(.neuralVoices) && voicefilter.isInstalled
      ? EmbeddedVoices(voicefilter, name: ModelFamily.voicefilter.id) : nil
  }

  private var ownTurnDetector: (any TurnDetector)? { models.turnDetector }

  /// The built-in ones first, so that the default voice stays what it is.
  private func loadedSynthesizers() -> [any SpeechSynthesizer] { builtInSynthesizers() + models.synthesizers }

  private func builtInSynthesizers() -> [any SpeechSynthesizer] {
    [hibari, espeak, flite].compactMap { engine in
      do throws(EngineError) { return try engine.get() } catch { return nil }  // `state(of:)` reports why
    }
  }
}

extension EngineCatalog: SpeechEngines {
  /// Of the operator's models.
  public func modelBeingTried(for language: String) -> String? {
    LanguageRecognizer.modelBeingTried(for: language, among: models.recognizers)
  }

  /// SpeexDSP's.
  public var echoCancellers: (any EchoCancellerFactory)? { SpeexEchoCancellers() }

  /// One entry for each part that is loaded, and for each model that the operator brought along; calls can do without the latter,
  /// and without the voices of eSpeak NG and flite.
  public var readiness: [EngineReadiness] {
    builtInReadiness + models.readiness
  }

  /// The same in two lists; names of the operator's models stand without a prefix.
  public var readinessByOrigin: (own: [EngineReadiness], builtIn: [EngineReadiness]) {
    let own = models.readiness.map { model in
      var model = model
      model.name.removeFirst(EngineReadiness.modelPrefix.count)
      return model
    }
    return (own, builtInReadiness)
  }

  private var builtInReadiness: [EngineReadiness] {
    EnginePart.allCases.filter(parts.contains).map { part in
      let isNeeded = ![.manyVoices, .fliteVoices].contains(part)
      let (state, detail): (EngineReadiness.State, String) =
        switch state(of: part) {
        case .loading: (.loading, "")
        case .ready: (.ready, "")
        case .failed(let error): (.failed, error.description)
        }
      return EngineReadiness(name: part.rawValue, state: state, detail: detail, isNeeded: isNeeded)
    }
  }
}

/// A part of the product that is loaded from the engine folder or from a Debian package.
public enum EnginePart: String, Sendable, Hashable, CaseIterable {
  /// Moonshine: speech to text.
  case recognizer
  /// hibari: neural text to speech.
  case neuralVoices
  /// eSpeak NG: text to speech in many languages.
  case manyVoices
  /// flite: two men's voices.
  case fliteVoices
  /// Silero: speech or not.
  case detector
}

/// How far a part has come.
public enum EngineState: Sendable, Hashable {
  /// Being read from disk; this takes about half a second.
  case loading
  /// Usable.
  case ready
  /// Cannot be used in this process; a new start is needed after mending it.
  case failed(EngineError)
}

/// A value that is made once, by whoever calls `load`, and that others may wait for.
final class LazyValue<Value: Sendable>: Sendable {
  private let outcome = Promise<Result<Value, EngineError>>()

  /// Makes the value and lets everyone through who waits for it. Called once.
  func load(_ make: () throws(EngineError) -> Value) { outcome.fulfill(Result(catching: make)) }

  /// What is known now; never waits.
  var state: EngineState {
    switch outcome.value {
    case nil: .loading
    case .success: .ready
    case .failure(let error): .failed(error)
    }
  }

  /// The value, when it is there; never waits.
  var ready: Value? { if case .success(let value) = outcome.value { value } else { nil } }

  /// Waits until the value is there.
  func get() throws(EngineError) -> Value { try outcome.wait().get() }
}
