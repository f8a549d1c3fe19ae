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

  private let trials: [String: String]

  /// - Parameters:
  ///   - models: how far models of the operator's are.
  ///   - trials: languages whose models are being tried, with the names of those.
  init(
    codecs: (any AudioCodecFactory)? = nil, recognizer: (any SpeechRecognizer)? = nil,
    synthesizer: (any SpeechSynthesizer)? = nil, sounds: (any SoundFormats)? = nil,
    speakerComparer: (any SpeakerComparer)? = nil, models: [EngineReadiness] = [], trials: [String: String] = [:]
  ) throws {
    let real = TestEngines.catalog
    self.codecs = codecs ?? real.codecs
    readiness = real.readiness + models
    self.speakerComparer = speakerComparer
    self.trials = trials
    self.sounds = sounds ?? real.sounds
    ears = try recognizer ?? real.recognizer()
    mouth = try synthesizer ?? real.synthesizer()
  }

  var voices: [Voice] { mouth.voices }
  func modelBeingTried(for language: String) -> String? { trials[language] }
  func recognizer() -> any SpeechRecognizer { ears }
  func synthesizer() -> any SpeechSynthesizer { mouth }
  func makeDetector() throws(EngineError) -> any SpeechDetector {
    try TestEngines.catalog.makeDetector()
  }
}
