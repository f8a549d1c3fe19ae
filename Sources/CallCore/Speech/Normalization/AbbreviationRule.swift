/// Abbreviations: `Dr.`, `St.`, `e.g.`, `No. 5`, `Apt.`, `Mon-Fri`, `and/or`, `w/o`.
enum AbbreviationRule {
  /// With a point behind, which goes with them.
  private static let pointed: [String: String] = [
    "mr": "Mister", "mrs": "Missus", "ms": "Miz", "prof": "Professor", "rev": "Reverend", "gov": "Governor",
    "sen": "Senator",
    "capt": "Captain", "lt": "Lieutenant", "col": "Colonel", "sgt": "Sergeant", "jr": "junior", "sr": "senior",
    "ave": "Avenue", "blvd": "Boulevard", "rd": "Road", "ln": "Lane", "hwy": "Highway", "apt": "apartment",
    "ste": "suite",
    "bldg": "building", "dept": "department", "ext": "extension", "vol": "volume", "fig": "figure",
    "approx": "approximately",
    "est": "established", "inc": "incorporated", "ltd": "limited", "corp": "corporation", "tel": "telephone",
    "etc": "et cetera",
    "vs": "versus", "e.g": "for example", "i.e": "that is", "a.k.a": "also known as", "incl": "including",
    "appt": "appointment",
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "thur": "Thursday",
    "thurs": "Thursday", "fri": "Friday", "qty": "quantity", "misc": "miscellaneous", "temp": "temperature",
    "mt": "Mount",
    "ft": "Fort", "govt": "government", "assoc": "association", "ref": "reference", "min": "minutes",
  ]
  /// Words of English, or names, when they stand small or alone: these need a capital letter.
  private static let capitalized: Set<String> = [
    "mr", "mrs", "ms", "rev", "gov", "sen", "capt", "lt", "col", "sgt", "mon", "wed", "fri", "mt", "ft", "sr",
  ]
  /// Before a number alone.
  private static let numbered: [String: String] = [
    "no": "number", "nos": "numbers", "nr": "number", "p": "page", "pp": "pages", "ch": "chapter", "vol": "volume",
    "sec": "section",
    "fig": "figure", "art": "article", "para": "paragraph", "pg": "page", "rm": "room", "fl": "floor",
  ]
  /// Without a point.
  private static let bare: [String: String] = [
    "w/": "with", "w/o": "without", "b/c": "because", "n/a": "not applicable", "c/o": "care of", "vs": "versus",
    "and/or": "and or",
    "he/she": "he or she", "she/he": "she or he", "his/her": "his or her", "him/her": "him or her", "s/he": "she or he",
    "e.g": "for example", "i.e": "that is", "a.k.a": "also known as", "aka": "also known as", "etc": "et cetera",
    "asap": "as soon as possible",
    "№": "number",
  ]
  /// Words that are written in capitals and said as words or letters otherwise than a synthesiser guesses.
  private static let capitals: [String: String] = ["PIN": "pin", "ZIP": "zip", "SIM": "sim"]
  /// Before a number without a point, too.
  private static let rooms = [
    "apt": "apartment", "ste": "suite", "rm": "room", "bldg": "building", "hwy": "Highway", "rte": "Route",
  ]
  private static let directions = ["N": "North", "S": "South", "E": "East", "W": "West"]
  private static let days: [String: String] = [
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "thur": "Thursday",
    "thurs": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let token = tokens[index]
    let lower = token.lower
    if let words = days(token) { return SpokenSpan(words: words) }
    if let words = capitals[token.core] { return SpokenSpan(words: words) }
    if let words = direction(at: index, of: tokens) { return words }
    guard token.trail.first == "." else {
      if let words = rooms[lower], token.isCapitalized, token.isOpen, isNumbered(index + 1, tokens) {
        return SpokenSpan(words: words)
      }
      if let words = title(lower, at: index, of: tokens), token.isCapitalized { return SpokenSpan(words: words) }
      return bare[lower].map { SpokenSpan(words: $0) }
    }
    if let words = numbered[lower], token.trail == ".", index + 1 < tokens.count, tokens[index + 1].lead.isEmpty,
      tokens[index + 1].core.first?.isASCIIDigit ?? false
    {
      return SpokenSpan(words: words, endsInPoint: true)
    }
    if lower == "dr" || lower == "st", token.isCapitalized {
      if let words = title(lower, at: index, of: tokens) { return SpokenSpan(words: words, endsInPoint: true) }
      return SpokenSpan(words: street(lower), endsInPoint: !beginsSentence(at: index + 1, of: tokens))
    }
    if let words = weekend(at: index, of: tokens) { return SpokenSpan(words: words, endsInPoint: true) }
    guard let words = pointed[lower], token.isCapitalized || !capitalized.contains(lower) else { return nil }
    // "I have MS.", "9 a.m. EST."
    if token.core.count > 1, token.core == token.core.uppercased(), capitalized.contains(lower) || lower == "est" {
      return nil
    }
    if ["apt", "fig", "ste"].contains(lower), !isNumbered(index + 1, tokens) { return nil }
    if endings.contains(lower) {
      return SpokenSpan(words: words, endsInPoint: !beginsSentence(at: index + 1, of: tokens))
    }
    if lower == "min" || lower == "est" || lower == "temp" || lower == "ref" {
      return token.trail == "." && !isLast(index, tokens) ? SpokenSpan(words: words, endsInPoint: true) : nil
    }
    return SpokenSpan(words: words, endsInPoint: true)
  }

  /// `Sat.` and `Sun.` before a date or a time: elsewhere they are words that end a sentence.
  private static func weekend(at index: Int, of tokens: [TextToken]) -> String? {
    guard ["Sat", "Sun"].contains(tokens[index].core), let words = days[tokens[index].lower],
      tokens.indices.contains(index + 1), tokens[index + 1].lead.isEmpty
    else { return nil }
    let next = tokens[index + 1]
    let isSure = tokens[index].core == "Sat" || tokens[index].trail == ".,"  // "See the Sun. 5 of us did."
    let isDated =
      isSure && next.core.first?.isASCIIDigit ?? false
      || next.isCapitalized && DateRule.months[next.lower] != nil && tokens.indices.contains(index + 2)
        && tokens[index + 2].core.first?.isASCIIDigit ?? false
    return isDated && [".", ".,"].contains(tokens[index].trail) ? words : nil
  }

  /// `77 W. 4th St.`, `N. on Main St.`: a point of the compass where a street is named.
  private static func direction(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    guard tokens[index].trail == ".", let words = directions[tokens[index].core], index + 1 < tokens.count,
      DigitReading.isStreet(from: index + 1, of: tokens)
    else { return nil }
    return SpokenSpan(words: words, endsInPoint: true)
  }

  /// Words that begin a sentence, and no name of a person or a place.
  private static let beginnings: Set<String> = [
    "please", "call", "we", "you", "i", "it", "he", "she", "they", "the", "this", "that", "there", "these", "if",
    "your",
    "our", "my", "his", "their", "thank", "thanks", "is", "are", "do", "does", "can", "could", "would",
    "bring", "come", "take", "turn", "what", "when", "where", "who", "how", "why", "let", "but", "yes",
    "ask",
    "then", "shall", "did", "have", "press", "say", "tell",
  ]
  /// Those that end a sentence as often as not.
  private static let endings: Set<String> = [
    "jr", "sr", "inc", "ltd", "corp", "etc", "ave", "blvd", "rd", "ln", "hwy", "govt", "misc",
  ]

  private static func beginsSentence(at index: Int, of tokens: [TextToken]) -> Bool {
    index < tokens.count && (tokens[index].isCapitalized && beginnings.contains(tokens[index].lower))
  }

  /// Whether the word is a number, or a letter as of a room.
  private static func isNumbered(_ index: Int, _ tokens: [TextToken]) -> Bool {
    guard index < tokens.count else { return false }
    return tokens[index].core.contains(where: \.isASCIIDigit)
      || tokens[index].core.count == 1 && !["I", "A"].contains(tokens[index].core)
  }

  private static func isLast(_ index: Int, _ tokens: [TextToken]) -> Bool { index + 1 == tokens.count }

  private static func street(_ lower: String) -> String { lower == "dr" ? "Drive" : "Street" }

  /// `Dr` and `St` before a name, unless they end the name of a street: a word with a capital letter in front, and a number before that.
  private static func title(_ lower: String, at index: Int, of tokens: [TextToken]) -> String? {
    guard lower == "dr" || lower == "st", index + 1 < tokens.count, tokens[index].trail == "." || tokens[index].isOpen,
      tokens[index + 1].isCapitalized
    else { return nil }
    let front = tokens[max(index - 4, 0)..<index].split { $0.endsSentence }.last ?? []
    if let last = front.last, last.isCapitalized, last.isOpen, beginsSentence(at: index + 1, of: tokens) { return nil }
    if let last = front.last, last.isCapitalized || last.core.first?.isASCIIDigit ?? false, last.isOpen,
      front.contains(where: { $0.core.first?.isASCIIDigit ?? false })
    {
      return nil
    }
    return lower == "dr" ? "Doctor" : "Saint"
  }

  /// `Mon-Fri`, `Mon–Fri`.
  private static func days(_ token: TextToken) -> String? {
    let pieces = token.core.split(omittingEmptySubsequences: false) { "-–/".contains($0) }
    guard pieces.count == 2, token.isCapitalized else { return nil }
    let names = pieces.compactMap { days[$0.lowercased()] }
    return names.count == 2 ? names.joined(separator: token.core.contains("/") ? " or " : " to ") : nil
  }
}
