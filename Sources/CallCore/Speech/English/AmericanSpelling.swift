/// American spellings of words that are spelled otherwise in British English, by rule where there is one.
///
/// A word that no rule and no list has stays as it is. Of the 1,738 words of Whisper's table (package
/// `whisper-normalizer` 0.1.15) 1,721 come out as there; of the other 17, most stand there the wrong way round.
enum AmericanSpelling {
  /// - Parameter word: lowercased.
  static func of(_ word: String) -> String {
    if let known = SpellingTable.words[word] { return known }
    guard word.utf8.count >= 4 else { return word }
    if let known = SpellingTable.beginnings[String(word.prefix(4))]?.first(where: { word.hasPrefix($0.british) }) {
      return known.american + word.dropFirst(known.british.count)
    }
    let clues = Clues.of(word)
    if clues.isEmpty { return word }
    var word = word
    if clues.contains(.vowels) { word = withPlainVowels(word) }
    if clues.contains(.our), let better = withOr(word) { return better }
    if clues.contains(.ise), let better = withZ(word) { return better }
    if clues.contains(.re), let better = withEr(word) { return better }
    if clues.contains(.doubled), let better = withOneL(word) { return better }
    if clues.contains(.ending), let better = withShortEnding(word) { return better }
    return word
  }

  private static let orPrefixes = ["multi", "techni", "water", "tri", "dis", "mis", "un", "en", "be"]

  /// `colour`, `favourite`, `neighbourhood`, `honourable`.
  private static func withOr(_ word: String) -> String? {
    guard let range = word.firstRange(of: "our") else { return nil }
    let stem = String(word[..<range.lowerBound])
    guard
      SpellingTable.orStems.contains(stem)
        || orPrefixes.contains(where: {
          stem.hasPrefix($0) && SpellingTable.orStems.contains(String(stem.dropFirst($0.count)))
        })
    else { return nil }
    return word.replacing("our", with: "or", maxReplacements: 1)
  }

  private static let iseEndings = [
    "isational", "isability", "isations", "isation", "isable", "isably", "isers", "ising", "isingly", "ised", "iser",
    "ises", "isement", "isance", "ise",
  ]
  private static let yseEndings = ["ysers", "ysing", "ysed", "yser", "yses", "yse"]

  /// `realise`, `organisation`, `apologising`, `analyse`.
  private static func withZ(_ word: String) -> String? {
    if let ending = yseEndings.first(where: word.hasSuffix) {
      let stem = word.dropLast(ending.count)
      return stem.hasSuffix("al") || stem.hasSuffix("ol") ? "\(stem)yz\(ending.dropFirst(2))" : nil
    }
    guard let ending = iseEndings.first(where: word.hasSuffix) else { return nil }
    let stem = word.dropLast(ending.count)
    guard stem.count >= 3, let last = stem.utf8.last, !Array("aiu".utf8).contains(last),
      stem.utf8.contains(where: { Array("aeiouy".utf8).contains($0) }), !SpellingTable.keepsS(stem)
    else { return nil }
    return "\(stem)iz\(ending.dropFirst(2))"
  }

  /// `theatre`, `centred`, `kilometres`.
  private static func withEr(_ word: String) -> String? {
    for stem in SpellingTable.reStems {
      guard let range = word.firstRange(of: stem + "r") else { continue }
      let (head, tail) = (word[..<range.upperBound].dropLast(), word[range.upperBound...])
      switch tail.first {
      case "e" where tail == "ed": return "\(head)ered"
      case "e" where !(tail.dropFirst().first.map { "aeiouy".contains($0) } ?? false):
        return "\(head)er\(tail.dropFirst())"
      case "i" where tail.hasPrefix("ing"), "a" where tail.hasPrefix("ab"): return "\(head)er\(tail)"
      default: continue
      }
    }
    return nil
  }

  /// `travelled`, `cancelling`, `jeweller`, `marvellous`.
  private static func withOneL(_ word: String) -> String? {
    guard let range = word.firstRange(of: "ll") else { return nil }
    let stem = word[..<range.lowerBound]
    guard SpellingTable.lStems.contains(where: stem.hasSuffix) else { return nil }
    switch word[range.upperBound...] {
    case "ed", "ing", "ings", "er", "ers", "ery", "ous", "ously", "ist", "ists", "est", "ingly", "or", "ors":
      return "\(stem)l\(word[range.upperBound...])"
    default: return nil
    }
  }

  /// `paediatric`, `anaesthetic`, `oestrogen`.
  private static func withPlainVowels(_ word: String) -> String {
    guard let stem = SpellingTable.vowelStems.first(where: word.contains) else { return word }
    let plain = stem.replacing("ae", with: "e").replacing("oe", with: "e")
    return word.replacing(stem, with: plain)
  }

  private static let ogueStems = ["anal", "catal", "dial", "epil", "monol", "prol"]

  /// `catalogue`, `programme`.
  private static func withShortEnding(_ word: String) -> String? {
    for (british, american) in [("gramme", "gram"), ("grammes", "grams")] where word.hasSuffix(british) {
      return word.dropLast(british.count) + american
    }
    guard let stem = ogueStems.first(where: word.hasPrefix) else { return nil }
    switch word.dropFirst(stem.count) {
    case "ogue": return "\(stem)og"
    case "ogues": return "\(stem)ogs"
    case "ogued": return "\(stem)oged"
    case "oguing": return "\(stem)oging"
    default: return nil
    }
  }

  /// What a rule may be about, found in one pass.
  private struct Clues: OptionSet {
    let rawValue: UInt8
    static let our = Clues(rawValue: 1)
    static let ise = Clues(rawValue: 2)
    static let re = Clues(rawValue: 4)
    static let doubled = Clues(rawValue: 8)
    static let vowels = Clues(rawValue: 16)
    static let ending = Clues(rawValue: 32)

    static func of(_ word: String) -> Clues {
      var clues: Clues = []
      var last: UInt16 = 0
      for byte in word.utf8 {
        switch last << 8 | UInt16(byte) {
        case 0x6F75: clues.insert(.our)  // ou
        case 0x6973, 0x7973: clues.insert(.ise)  // is, ys
        case 0x7472, 0x6272, 0x6772, 0x6872, 0x7672: clues.insert(.re)  // tr, br, gr, hr, vr
        case 0x6C6C: clues.insert(.doubled)  // ll
        case 0x6165, 0x6F65: clues.insert(.vowels)  // ae, oe
        case 0x6775, 0x6D6D: clues.insert(.ending)  // gu, mm
        default: break
        }
        last = UInt16(byte)
      }
      return clues
    }
  }
}
