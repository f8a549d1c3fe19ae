import CallCore
import CallDriver
import Threads

/// Every voice of a server: those of its engines, and those that were matched to a recording.
final class VoiceCatalog: Sendable {
  private let engines: any SpeechEngines
  /// A copy of what the store holds, because media loops look here and must not wait for a store.
  private let matched = Locked<[MatchedVoice]>([])
  /// Held while the store is read, so that nobody puts an older answer in the place of a newer one.
  private let refreshing = Locked(())
  /// `nil` where no voices are matched.
  let store: (any MatchedVoiceStore)?

  init(engines: any SpeechEngines, store: (any MatchedVoiceStore)?) {
    self.engines = engines
    self.store = store
  }

  /// All of them, the default first. Waits while the engines load.
  var voices: [Voice] { engines.voices + matched.withLock { $0 }.map(\.voice) }

  /// One of them, if it is there. Waits while the engines load.
  subscript(id: Voice.ID) -> Voice? { voices.first { $0.id == id } }

  /// How a matched voice sits, if there is one of this id.
  func shape(of id: Voice.ID) -> VoiceShape? { matched.withLock { $0.first { $0.id == id }?.shape } }

  /// Reads the store again. Blocks.
  func refresh() throws(StoreError) {
    guard let store else { return }
    try refreshing.withLock { _ throws(StoreError) in
      let voices = try store.voices()
      matched.withLock { $0 = voices }
    }
  }

  /// Speaks with every voice. Waits while the engines load.
  func synthesizer() throws(EngineError) -> any SpeechSynthesizer {
    LibrarySynthesizer(engines: try engines.synthesizer(), catalog: self)
  }

  /// Whether a model of the operator's would speak with it that is not tried yet.
  func isBeingTried(_ id: Voice.ID) -> Bool {
    let model = EngineReadiness.modelPrefix + id.prefix { $0 != "+" }
    return engines.readiness.contains { $0.state == .loading && $0.name == model }
  }

  /// What to say to whoever asked for a voice that is not there.
  func missing(_ id: Voice.ID) -> String {
    if isBeingTried(id) {
      return
        "the voice \(id.bounded(to: 60)) is of a model that is still being tried; GET /readyz says when it is ready"
    }
    let near = VoiceSearch.near(id, in: voices)
    let hint = near.isEmpty ? "" : "; near it are \(near.joined(separator: ", "))"
    return "there is no voice \(id.bounded(to: 60))\(hint); GET /api/voices lists them"
  }
}

/// The engines' voices and the matched ones behind one door.
final class LibrarySynthesizer: SpeechSynthesizer {
  private let engines: any SpeechSynthesizer
  private let catalog: VoiceCatalog

  init(engines: any SpeechSynthesizer, catalog: VoiceCatalog) {
    self.engines = engines
    self.catalog = catalog
  }

  var voices: [Voice] { catalog.voices }
  var takesShapes: Bool { engines.takesShapes }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    if let shape = catalog.shape(of: voice) { return try engines.synthesize(text, shape: shape, style: style) }
    return style == .plain
      ? try engines.synthesize(text, voice: voice) : try engines.synthesize(text, voice: voice, style: style)
  }

  func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    try engines.synthesize(text, shape: shape, style: style)
  }
}
