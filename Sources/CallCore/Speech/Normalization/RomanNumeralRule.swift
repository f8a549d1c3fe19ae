/// Roman numerals: `Henry VIII` is the eighth, `World War II` is two, `XIV` alone is fourteen.
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
    "appendix", "schedule", "stage", "book", "scene", "unit", "tier", "mark", "category",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let token = tokens[index]
    let possessive = ["'s", "’s"].first { token.core.hasSuffix($0) } ?? ""
    guard let number = value(token.core.dropLast(possessive.count)) else { return nil }
    let before = index > 0 && tokens[index - 1].isOpen && tokens[index - 1].isCapitalized ? tokens[index - 1].lower : ""
    if rulers.contains(before), number > 1 || possessive != "" || isTitle(before: index + 1, of: tokens) {
      return SpokenSpan(words: "the \(NumeralWords.ordinal(number))\(possessive)")
    }
    // "I" and short ones that may be initials need a word that says what they count.
    guard parts.contains(before) || token.core.count - possessive.count > 2 else { return nil }
    return SpokenSpan(words: NumeralWords.cardinal(number) + possessive)
  }

  /// Whether what follows a first one goes on about a ruler: "Elizabeth I of England", and not "Mary I know".
  private static func isTitle(before index: Int, of tokens: [TextToken]) -> Bool {
    guard let next = tokens.follower(index) else { return true }
    return ["of", "was", "became", "died", "reigned", "ruled", "and", "who", "is"].contains(next.lower)
  }

  /// 1 … 39 as it is written; `nil` for anything else, `IIII` too.
  private static func value(_ text: Substring) -> Int? {
    guard (1...6).contains(text.count), text.allSatisfy({ "IVX".contains($0) }) else { return nil }
    return (1...39).first { roman($0) == text }
  }

  private static func roman(_ number: Int) -> String {
    let units = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    return String(repeating: "X", count: number / 10) + units[number % 10]
  }
}
