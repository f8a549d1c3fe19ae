import CallCore
import CallDriver

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
