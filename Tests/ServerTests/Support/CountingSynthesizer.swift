import CallCore
import CallDriver
import Threads

/// The real synthesiser, which notes what it was asked for.
final class CountingSynthesizer: SpeechSynthesizer {
  private let real: any SpeechSynthesizer
  private let said = Locked<[String]>([])

  init() throws { real = try TestEngines.catalog.synthesizer() }

  var voices: [Voice] { real.voices }
  var texts: [String] { said.withLock { $0 } }
  var count: Int { texts.count }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    said.withLock { $0.append(text) }
    return try real.synthesize(text, voice: voice, style: style)
  }
}
