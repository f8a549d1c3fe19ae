/// Numbers without a unit: `4711`, `1,000,000`, `3.14`, `1/2`, `½`, `3rd`, `1990s`, `10-12`, `2.0.1`, `#1`.
enum NumberRule {
  private static let fractions: [Character: String] = [
    "½": "one half", "⅓": "one third", "⅔": "two thirds", "¼": "one quarter", "¾": "three quarters", "⅛": "one eighth",
    "⅜": "three eighths", "⅝": "five eighths", "⅞": "seven eighths", "⅕": "one fifth", "⅖": "two fifths",
  ]
  /// What `24/7` and its like are called.
  private static let sayings = [
    "24/7": "twenty four seven", "9/11": "nine eleven", "50/50": "fifty fifty", "401k": "four oh one K",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let token = tokens[index]
    let core = token.core
    if core.isDigits { return digits(at: index, of: tokens) }
    if let saying = sayings[core] { return SpokenSpan(words: saying) }
    if let words = pressure(at: index, of: tokens) ?? rounded(core) { return SpokenSpan(words: words) }
    if let words = fraction(core) { return SpokenSpan(words: words) }
    guard core.contains(where: \.isASCIIDigit) else { return nil }
    if isDecade(at: index, of: tokens) { return SpokenSpan(words: decade(core)) }
    if let words = ordinal(core) ?? version(core) { return SpokenSpan(words: words) }
    if let number = WrittenNumber(core) { return SpokenSpan(words: number.words) }
    if let words = range(core, at: index, of: tokens) ?? joined(core) ?? power(core) { return SpokenSpan(words: words) }
    if core.first == "#", core.dropFirst().isDigits {
      return SpokenSpan(words: "number \(DigitReading.identifier(core.dropFirst()))")
    }
    if core.first == "+", let number = WrittenNumber(core.dropFirst()) {
      return SpokenSpan(words: "plus \(number.words)")
    }
    if core.first == "~" || core.first == "≈", let number = WrittenNumber(core.dropFirst()) {
      return SpokenSpan(words: "about \(number.words)")
    }
    return nil
  }

  /// Digits alone: with a fraction (`1 1/2`), with blanks for thousands (`10 000`), or read by what stands in front.
  private static func digits(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let core = tokens[index].core
    if let year = shortYear(tokens[index]) { return year }
    if let next = tokens.follower(index + 1) {
      if core.count <= 3, let part = fraction(next.core), next.core.first != "0", !part.contains("slash") {
        return SpokenSpan(
          words: "\(NumeralWords.cardinal(core)) and \(part.hasPrefix("one ") ? "a " + part.dropFirst(4) : part)",
          count: 2)
      }
      var (all, count) = (core, 1)
      while core.count <= 3, core.first != "0", count < 5, let next = tokens.follower(index + count), next.isDigits,
        next.core.count == 3, next.core.last == "0"
      {
        all += next.core
        count += 1
      }
      // "Take 2 500 mg tablets": two numbers.
      let isTwo = count == 2 && core.count == 1 && MeasureRule.isUnit(at: index + count, of: tokens)
      if count > 1, !isTwo, tokens.lowerBefore(index) != "card" {
        return SpokenSpan(words: NumeralWords.cardinal(all), count: count)
      }
    }
    return SpokenSpan(words: DigitReading.words(core, at: index, of: tokens))
  }

  /// Whether it is said as a part of something: `3/4`, and not `5/3`.
  static func isFraction(_ text: String) -> Bool { fraction(text).map { !$0.contains("slash") } ?? false }

  /// `'98`.
  private static func shortYear(_ token: TextToken) -> SpokenSpan? {
    guard token.core.count == 2, ["'", "’", "‘"].contains(token.lead), let year = Int(token.core),
      !token.trail.contains(where: { "'’".contains($0) })
    else { return nil }
    return SpokenSpan(words: NumeralWords.paired(year), dropsLead: true)
  }

  /// "BP is 120/80" → "one hundred twenty over eighty".
  private static func pressure(at index: Int, of tokens: [TextToken]) -> String? {
    let pieces = tokens[index].core.split(separator: "/", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces.allSatisfy({ $0.isDigits && (2...3).contains($0.count) }),
      tokens[max(index - 4, 0)..<index].contains(where: { ["bp", "pressure"].contains($0.lower) })
    else { return nil }
    return "\(NumeralWords.cardinal(pieces[0])) over \(NumeralWords.cardinal(pieces[1]))"
  }

  /// `10,000+` and `7ish`.
  private static func rounded(_ text: String) -> String? {
    if text.last == "+", let number = WrittenNumber(text.dropLast()) { return "\(number.words) plus" }
    let digits = text.dropLast(3)
    return text.hasSuffix("ish") && digits.isDigits ? "\(NumeralWords.cardinal(digits)) ish" : nil
  }

  /// `½`, `1½`, `3/4`. A numerator that is larger than its denominator is no fraction: `5/3` is "five slash three".
  private static func fraction(_ text: String) -> String? {
    if let last = text.last, let part = fractions[last] {
      let whole = text.dropLast()
      if whole.isEmpty { return part }
      guard whole.isDigits else { return nil }
      return "\(NumeralWords.cardinal(whole)) and \(part.hasPrefix("one ") ? "a " + part.dropFirst(4) : part)"
    }
    let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces.allSatisfy({ $0.isDigits && $0.count <= 3 }), let top = Int(pieces[0]),
      let bottom = Int(pieces[1])
    else { return nil }
    guard top > 0, top < bottom, bottom <= 10 || bottom == 16 || bottom == 32 || bottom == 100 else {
      return "\(NumeralWords.cardinal(pieces[0])) slash \(NumeralWords.cardinal(pieces[1]))"
    }
    let part = bottom == 2 ? "half" : bottom == 4 ? "quarter" : NumeralWords.ordinal(bottom)
    return "\(NumeralWords.cardinal(top)) \(part)\(top == 1 ? "" : "s")"
  }

  private static func ordinal(_ text: String) -> String? {
    let suffix = text.suffix(2).lowercased()
    let digits = text.dropLast(2).filter { $0 != "," }
    guard ["st", "nd", "rd", "th"].contains(suffix), digits.isDigits, digits.count <= 6, let number = Int(digits) else {
      return nil
    }
    return NumeralWords.ordinal(number)
  }

  /// Words before the years of a century or of a life.
  private static let decadeWords: Set<String> = [
    "the", "early", "mid", "late", "her", "his", "my", "your", "our", "their",
  ]

  /// `1990s`, `'90s`, `the 80s`; `30s` elsewhere is seconds.
  static func isDecade(at index: Int, of tokens: [TextToken]) -> Bool {
    let token = tokens[index]
    let digits = token.core.dropLast()
    guard token.core.last == "s", digits.isDigits, digits.last == "0", let number = Int(digits) else { return false }
    if digits.count == 4 { return (1000...2999).contains(number) }
    return digits.count == 2 && number >= 20
      && (["'", "’", "‘"].contains(token.lead) || decadeWords.contains(tokens.lowerBefore(index)))
  }

  private static func decade(_ text: String) -> String {
    let digits = text.dropLast()
    return NumeralWords.plural(digits.count == 4 ? DigitReading.yearOrNumber(digits) : NumeralWords.cardinal(digits))
  }

  /// `2.0.1` and `192.168.0.1`: two points and more.
  private static func version(_ text: String) -> String? {
    if let colon = text.firstIndex(of: ":"), case let port = text[text.index(after: colon)...], port.isDigits,
      text[..<colon].count(where: { $0 == "." }) == 3, let address = version(String(text[..<colon]))
    {
      return "\(address) port \(NumeralWords.grouped(port))"
    }
    let bare = text.first.map { "vV".contains($0) } ?? false ? text.dropFirst() : text[...]
    let pieces = bare.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count > 2 || (bare.count < text.count && pieces.count == 2), pieces.count <= 6,
      pieces.allSatisfy({ $0.isDigits && $0.count <= 4 }), WrittenNumber(bare).map({ $0.fraction != nil }) ?? true
    else { return nil }
    // Four of them are an address of a network.
    let words = pieces.map { pieces.count == 4 && $0.count > 2 ? NumeralWords.digits($0) : NumeralWords.cardinal($0) }
    return (bare.count < text.count ? "version " : "")
      + words.joined(separator: pieces.count == 4 ? " dot " : " point ")
  }

  /// `10-12`, `2020–2024`.
  private static func range(_ text: String, at index: Int, of tokens: [TextToken]) -> String? {
    guard let dash = text.dropFirst().firstIndex(where: { "-–—".contains($0) }) else { return nil }
    let (low, high) = (text[..<dash], text[text.index(after: dash)...])
    guard let first = WrittenNumber(low), let last = WrittenNumber(high), !last.isNegative else { return nil }
    if low.isDigits, low.count > 2, high.isDigits, DigitReading.isIdentifier(at: index, of: tokens) {
      return "\(NumeralWords.grouped(low)), \(NumeralWords.grouped(high))"  // "ZIP code 90210-1234"
    }
    if low.isDigits, high.isDigits, DigitReading.isHouse(at: index, of: tokens) {
      return "\(NumeralWords.cardinal(low)) \(NumeralWords.cardinal(high))"  // "45-12 Queens Blvd."
    }
    let words = [(low, first), (high, last)].map { text, number in
      low.count == 4 && text.count == 4 && text.isDigits ? DigitReading.yearOrNumber(text) : number.words
    }
    return words.joined(separator: " to ")
  }

  /// `7-eleven`, `COVID-19`, `10-year`, `2.5-mile`, `21st-century`, `mid-1990s`: a number and words.
  private static func joined(_ text: String) -> String? {
    let pieces = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = pieces.map { number(in: $0) }
    guard (2...4).contains(pieces.count), numbers.contains(where: { $0 != nil }),
      zip(pieces, numbers).allSatisfy({ $1 != nil || ($0.isLetters && $0.count > 1) }),
      pieces.contains(where: { $0.isLetters && ($0.count > 3 || $0.lowercased() == $0) })
    else { return nil }
    return zip(pieces, numbers).map { $1 ?? String($0) }.joined(separator: " ")
  }

  /// A piece of a compound that is a number, in words.
  private static func number(in piece: Substring) -> String? {
    if piece.isDigits { return piece.count <= 4 ? DigitReading.yearOrNumber(piece) : nil }
    if let words = ordinal(String(piece)) { return words }
    if piece.last == "s", piece.dropLast().isDigits, piece.hasSuffix("0s"), [3, 5].contains(piece.count) {
      return decade(String(piece))
    }
    return piece.contains(".") ? WrittenNumber(piece)?.words : nil
  }

  /// `1e6`, `5*3`, `3x4`, `2+2`.
  private static func power(_ text: String) -> String? {
    for (sign, words) in [
      ("e", "times ten to the"), ("E", "times ten to the"), ("*", "times"), ("x", "by"), ("×", "times"), ("+", "plus"),
      ("=", "equals"),
    ] {
      let pieces = text.split(separator: Character(sign), omittingEmptySubsequences: false)
      guard pieces.count == 2, let first = WrittenNumber(pieces[0]), let last = WrittenNumber(pieces[1]) else {
        continue
      }
      return "\(first.words) \(words) \(last.words)"
    }
    return nil
  }
}
