import CallCore
import CallDriver

/// The real engines, of which some are replaced for a test.
final class EngineDouble: SpeechEngines {
  let codecs: any AudioCodecFactory
  let readiness: [EngineReadiness]
  private let ears: any SpeechRecognizer
  private let mouth: any SpeechSynthesizer
  let sounds: any SoundFormats
  let speakerComparer: (any SpeakerComparer)?

  /// - Parameter models: how far models of the operator's are.
  init(
    codecs: (any AudioCodecFactory)? = nil, recognizer: (any SpeechRecognizer)? = nil,
    synthesizer: (any SpeechSynthesizer)? = nil, sounds: (any SoundFormats)? = nil,
    speakerComparer: (any SpeakerComparer)? = nil, models: [EngineReadiness] = []
  ) throws {
    let real = TestEngines.catalog
    self.codecs = codecs ?? real.codecs
    readiness = real.readiness + models
    self.speakerComparer = speakerComparer
    self.sounds = sounds ?? real.sounds
    ears = try recognizer ?? real.recognizer()
    mouth = try synthesizer ?? real.synthesizer()
  }

  var voices: [Voice] { mouth.voices }
  func recognizer() -> any SpeechRecognizer { ears }
  func synthesizer() -> any SpeechSynthesizer { mouth }
  func makeDetector() throws(EngineError) -> any SpeechDetector {
    try TestEngines.catalog.makeDetector()
  }
}
