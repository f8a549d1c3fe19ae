import CallCore
import CallDriver

/// The voices of eSpeak NG: every language as a man (its default) and as a woman, and more variants of English.
/// Safe to share by threads; they take turns.
final class EspeakSynthesizer: SpeechSynthesizer {
  /// In front of every id of this engine.
  static let prefix = "espeak:"

  let voices: [Voice]
  private let library: EspeakLibrary
  private let selectors: [Voice.ID: String]

  /// - Throws: `.modelUnavailable` with the path of eSpeak's data.
  init() throws(EngineError) {
    library = try EspeakLibrary.shared.get()
    let offered = EspeakVoices.all(library)
    voices = offered.map(\.voice)
    selectors = Dictionary(uniqueKeysWithValues: offered.map { ($0.voice.id, $0.selector) })
  }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    guard let selector = selectors[voice] else { throw .unsupported("the voice \(voice)") }
    let spoken = try SpokenText(text)
    let samples = try library.speak(spoken.text, voice: selector)
    let speech = SilenceTrimmer.trim(PCMBuffer(sampleRate: library.sampleRate, samples: samples))
    guard !speech.samples.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    return speech
  }
}
