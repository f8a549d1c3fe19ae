import TestSupport
import CallCore
import CallDriver

/// The real synthesiser, which can be made to wait.
final class HeldSynthesizer: SpeechSynthesizer {
  let isHeld = Probe(false)
  /// Sentences with that start that were asked for so far.
  let begun = Probe(0)
  private let real: any SpeechSynthesizer
  private let start: String

  /// - Parameter start: of the texts that wait; others are spoken at once.
  init(start: String = "") throws {
    real = try TestEngines.catalog.synthesizer()
    self.start = start
  }

  var voices: [Voice] { real.voices }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    if text.hasPrefix(start) {
      begun.change { $0 += 1 }
      isHeld.wait { !$0 }
    }
    return try real.synthesize(text, voice: voice, style: style)
  }
}
