import TestSupport
import CallCore
import CallDriver

/// The real engines, of which the recogniser is not there before it is let go.
final class SlowEngines: SpeechEngines {
  let isLoaded = Probe(false)
  private var real: any SpeechEngines { TestEngines.catalog }

  var codecs: any AudioCodecFactory { real.codecs }
  var sounds: any SoundFormats { real.sounds }
  var readiness: [EngineReadiness] { real.readiness }
  var voices: [Voice] { real.voices }

  func recognizer() throws(EngineError) -> any SpeechRecognizer {
    isLoaded.wait { $0 }
    return try real.recognizer()
  }

  func synthesizer() throws(EngineError) -> any SpeechSynthesizer { try real.synthesizer() }
  func makeDetector() throws(EngineError) -> any SpeechDetector { try real.makeDetector() }
}
