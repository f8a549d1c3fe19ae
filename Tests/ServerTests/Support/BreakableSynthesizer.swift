import CallCore
import CallDriver
import Synchronization

/// The real synthesiser, until it is broken.
final class BreakableSynthesizer: SpeechSynthesizer {
  let isBroken = Atomic<Bool>(false)
  private let real: any SpeechSynthesizer

  init() throws { real = try TestEngines.catalog.synthesizer() }

  var voices: [Voice] { real.voices }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    if isBroken.load(ordering: .relaxed) { throw .library(function: "OrtRun", code: 7) }
    return try real.synthesize(text, voice: voice, style: style)
  }
}
