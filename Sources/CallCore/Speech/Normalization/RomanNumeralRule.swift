/// Roman numerals: `Henry VIII` is the eighth, `World War II` is two, `XIV` alone is fourteen. Those that may be initials are said as letters,
/// for a synthesiser takes them for "Roman four".
enum RomanNumeralRule {
  private static let rulers: Set<String> = [
    "henry", "george", "louis", "elizabeth", "charles", "edward", "william", "richard", "james", "philip", "paul",
    "pius", "francis",
    "benedict", "leo", "frederick", "alexander", "nicholas", "catherine", "napoleon", "otto", "john", "gregory",
    "peter", "ferdinand",
    "carlos", "juan", "mary", "ramses", "ivan",
  ]
  private static let parts: Set<String> = [
    "war", "chapter", "part", "volume", "act", "type", "phase", "section", "bowl", "class", "grade", "level", "title",
    "article",
    "appendix", "schedule", "stage", "book", "scene", "unit", "tier", "mark", "category", "episode", "table", "figure",
  ]
  /// Behind initials: what goes into a vein.
  private static let infusions: Set<String> = [
    "drip", "fluid", "fluids", "line", "bag", "pole", "access", "therapy", "infusion", "antibiotics", "medication",
    "treatment", "catheter",
  ]
  /// In front of initials, and of nothing that is counted.
  private static let articles: Set<String> = [
    "the", "a", "an", "this", "that", "my", "your", "his", "her", "our", "their", "and", "or", "for", "by", "with",
    "on",
    "is", "give", "no", "if", "when", "at", "in", "to",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let token = tokens[index]
    let possessive = ["'s", "’s"].first { token.core.hasSuffix($0) } ?? ""
    let written = token.core.dropLast(possessive.count)
    let before = index > 0 && tokens[index - 1].isOpen && tokens[index - 1].isCapitalized ? tokens[index - 1].lower : ""
    guard let number = value(written, max: parts.contains(before) ? 89 : 39) else { return nil }
    if rulers.contains(before), number > 1 || possessive != "" || isTitle(before: index + 1, of: tokens) {
      return SpokenSpan(words: "the \(NumeralWords.ordinal(number))\(possessive)")
    }
    // "I" and "V" need a word that says what they count; of two letters they may be initials: "Rocky IV", and "an IV drip".
    let isInfused = written == "IV" && infusions.contains(tokens.follower(index + 1)?.lower ?? "")
    let isNamed = written.count > 1 && before != "" && !articles.contains(before) && !isInfused
    if parts.contains(before) || written.count > 2 || isNamed || written == "II" {
      return SpokenSpan(words: NumeralWords.cardinal(number) + possessive)
    }
    return written.count == 2 ? SpokenSpan(words: IdentifierRule.letters(written) + possessive) : nil
  }

  /// Whether what follows a first one goes on about a ruler: "Elizabeth I of England", and not "Mary I know".
  private static func isTitle(before index: Int, of tokens: [TextToken]) -> Bool {
    guard let next = tokens.follower(index) else { return true }
    return ["of", "was", "became", "died", "reigned", "ruled", "and", "who", "is"].contains(next.lower)
  }

  /// 1 … `max` as it is written; `nil` for anything else, `IIII` too.
  private static func value(_ text: Substring, max: Int) -> Int? {
    guard (1...8).contains(text.count), text.allSatisfy({ "IVXL".contains($0) }), text != "L" else { return nil }
    return (1...max).first { roman($0) == text }
  }

  private static func roman(_ number: Int) -> String {
    let units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    let tens = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX"]
    return tens[number / 10] + units[number % 10]
  }
}
