import CallCore

/// Which voices of eSpeak NG are offered, and how they are described.
enum EspeakVoices {
  /// Variants offered for American and British English beside the default: eSpeak's numbered men and women.
  private static let englishVariants = [
    "f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8",
  ]
  /// The woman offered for every other language.
  private static let woman = "f3"

  static func all(_ library: EspeakLibrary) -> [Voice] {
    var seen: Set<String> = []
    return library.languages().filter { seen.insert($0.tag).inserted }.flatMap { language in
      let variants = ["en-us", "en-gb"].contains(language.tag) ? englishVariants : [woman]
      return [voice(language.name, language.tag, variant: nil, rate: library.sampleRate)]
        + variants.map { voice(language.name, language.tag, variant: $0, rate: library.sampleRate) }
    }
  }

  private static func voice(_ name: String, _ tag: String, variant: String?, rate: Int) -> Voice {
    let isWoman = variant?.hasPrefix("f") ?? false
    return Voice(
      id: EspeakSynthesizer.prefix + tag + (variant.map { "+\($0)" } ?? ""),
      name: variant.map { "\(name), \($0)" } ?? name, language: standardTag(tag), gender: isWoman ? "female" : "male",
      description: "Formant synthesis: clear, robotic, very fast.", engine: "espeak-ng", sampleRate: rate)
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
