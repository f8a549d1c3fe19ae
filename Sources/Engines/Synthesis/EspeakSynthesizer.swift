import CallCore
import CallDriver

/// The voices of eSpeak NG: every language as a man (its default) and as a woman, and more variants of English.
/// Safe to share by threads. It runs in children of this program: see `EspeakClient`.
///
/// Breaks one promise of the port: the same text and voice do not give the same samples twice. eSpeak's pitch
/// flutter, breath noise and glottal cycles go on from one utterance to the next in variables that no function resets
/// (`wavegen.c`). Seeding `rand`, selecting the voice again, a fixed text in front and `espeak_ng_Initialize` without
/// terminating all leave them as they are (tried with 1.51), and opening it anew hangs. A new process that says the same sentences in the same order gives the same
/// samples. Where bytes must not change, use the voices of hibari.
final class EspeakSynthesizer: SpeechSynthesizer {
  /// In front of every id of this engine.
  static let prefix = "espeak:"

  let voices: [Voice]
  private let espeak: EspeakClient
  private let selectors: [Voice.ID: String]

  /// - Throws: `.modelUnavailable` with the path of eSpeak's data.
  init() throws(EngineError) {
    espeak = try EspeakClient.shared.get()
    let offered = EspeakVoices.all(espeak.description)
    voices = offered.map(\.voice)
    selectors = Dictionary(uniqueKeysWithValues: offered.map { ($0.voice.id, $0.selector) })
  }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let selector = selectors[voice] else { throw .unsupported("the voice \(voice)") }
    try style.check()
    let spoken = try SpokenText(text)
    let samples = try espeak.speak(spoken.text, voice: selector, style: EspeakStyle(style))
    let speech = SilenceTrimmer.trim(PCMBuffer(sampleRate: espeak.description.sampleRate, samples: samples))
    guard !speech.samples.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    return speech
  }
}
