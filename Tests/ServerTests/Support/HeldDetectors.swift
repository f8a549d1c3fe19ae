import TestSupport
import CallCore
import CallDriver

/// The real engines, whose detectors are made on the calls' loop: it can be made to stand there.
final class HeldDetectors: SpeechEngines {
  let isHeld = Probe(false)
  let asked = Probe(0)
  private let real = TestEngines.catalog

  var codecs: any AudioCodecFactory { real.codecs }
  var sounds: any SoundFormats { real.sounds }
  var readiness: [EngineReadiness] { real.readiness }
  var voices: [Voice] { real.voices }
  func recognizer() throws(EngineError) -> any SpeechRecognizer { try real.recognizer() }
  func synthesizer() throws(EngineError) -> any SpeechSynthesizer { try real.synthesizer() }

  func makeDetector() throws(EngineError) -> any SpeechDetector {
    asked.change { $0 += 1 }
    isHeld.wait { !$0 }
    return try real.makeDetector()
  }
}
