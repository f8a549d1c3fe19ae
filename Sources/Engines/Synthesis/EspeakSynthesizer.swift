import CallCore
import CallDriver
import Glibc

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

/// Which voices of eSpeak NG are offered, and how they are described.
enum EspeakVoices {
  /// Variants offered for American and British English beside the default: eSpeak's numbered men and women.
  private static let englishVariants = [
    "f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8",
  ]
  /// The woman offered for every other language: the one whose English was understood best (word error rate 12 %; the
  /// others 19 to 40 %).
  private static let woman = "f5"

  /// Each with what selects it in eSpeak. Of two voices with one tag the first is offered.
  static func all(_ espeak: EspeakDescription) -> [(voice: Voice, selector: String)] {
    var seen: Set<String> = []
    return espeak.languages.filter { seen.insert($0.tag).inserted }.flatMap { language in
      let variants = ["en-us", "en-gb"].contains(language.tag) ? englishVariants : [woman]
      return ([nil] + variants).map { variant in
        let suffix = variant.map { "+\($0)" } ?? ""
        return (voice(language, variant: variant, suffix, espeak.sampleRate), language.selector + suffix)
      }
    }
  }

  private static func voice(_ language: EspeakLanguage, variant: String?, _ suffix: String, _ rate: Int) -> Voice {
    let isWoman = variant?.hasPrefix("f") ?? false
    return Voice(
      id: EspeakSynthesizer.prefix + language.tag + suffix,
      name: variant.map { "\(language.name), \($0)" } ?? language.name, language: standardTag(language.tag),
      gender: isWoman ? "female" : "male", description: description(language, variant: variant, isWoman: isWoman),
      engine: "espeak-ng", sampleRate: rate)
  }

  private static func description(_ language: EspeakLanguage, variant: String?, isWoman: Bool) -> String {
    let who = variant.map { "\(isWoman ? "woman's" : "man's") variant \($0)" } ?? "the usual man's voice"
    return "\(language.name): \(who) of eSpeak NG. Formant synthesis: robotic, very fast."
  }

  /// eSpeak writes tags in lower case; BCP 47 (RFC 5646, 2.1.1) writes regions of two letters in upper case.
  private static func standardTag(_ tag: String) -> String {
    var isPrivate = false
    return tag.split(separator: "-").enumerated().map { index, part in
      if part.count == 1 { isPrivate = true }
      return index > 0 && part.count == 2 && !isPrivate ? part.uppercased() : String(part)
    }.joined(separator: "-")
  }
}

/// A speaking style on eSpeak NG's own scales (`speak_lib.h`, `espeak_PARAMETER`).
struct EspeakStyle: Equatable, Sendable {
  /// `espeakRATE`: 80 … 450.
  var wordsPerMinute: Int
  /// `espeakPITCH`: 0 … 99.
  var pitch: Int
  /// `espeakRANGE`: how far the melody goes up and down; 0 … 99.
  var pitchRange: Int

  /// eSpeak's defaults: `espeakRATE_NORMAL`, and the middles of the two scales.
  static let plain = EspeakStyle(.plain)

  /// Share of a voice's pitch that the scale does not move: 0.17 to 0.20, measured with a range of 0 (en-US and its f5).
  private static let fixedShare = 0.19

  /// - Parameter style: inside `SpeakingStyle.range`. A pitch below 60 % comes out as 60 %, one above 180 % as 180 %: eSpeak's scale
  ///   ends there.
  ///
  /// The scale of the pitch is logarithmic, an octave in 50 steps (`pitch_adjust_tab` in eSpeak's `wavegen.c` holds
  /// 64 · 2^(step/50)), that of the range is linear.
  init(_ style: SpeakingStyle) {
    wordsPerMinute = 175 * style.ratePercent / 100
    let factor = (Double(style.pitchPercent) / 100 - Self.fixedShare) / (1 - Self.fixedShare)
    pitch = min(max(50 + Int((50 * log2(factor)).rounded()), 0), 99)
    pitchRange = min(style.pitchPercent / 2, 99)
  }
}
