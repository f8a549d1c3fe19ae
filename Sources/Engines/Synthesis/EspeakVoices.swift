import CallCore

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
