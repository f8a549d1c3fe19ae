/// Money: `$49.95`, `€12,50`, `5¢`, `$2.5 million`, `$5/month`, `USD 50`, `$10-$20`.
enum MoneyRule {
  /// What a currency is called.
  struct Currency {
    var one: String
    var many: String
    var cent = "cent"
    var cents = "cents"
  }

  private static let dollar = Currency(one: "dollar", many: "dollars")
  private static let yen = Currency(one: "yen", many: "yen", cent: "sen", cents: "sen")
  private static let pound = Currency(one: "pound", many: "pounds", cent: "penny", cents: "pence")
  /// Longest first: `US$` before `$`.
  private static let symbols: [(String, Currency)] = [
    ("US$", Currency(one: "U.S. dollar", many: "U.S. dollars")),
    ("CA$", Currency(one: "Canadian dollar", many: "Canadian dollars")),
    ("AU$", Currency(one: "Australian dollar", many: "Australian dollars")),
    ("C$", Currency(one: "Canadian dollar", many: "Canadian dollars")),
    ("A$", Currency(one: "Australian dollar", many: "Australian dollars")),
    ("$", dollar), ("€", Currency(one: "euro", many: "euros")), ("£", pound), ("¥", yen),
    ("₹", Currency(one: "rupee", many: "rupees", cent: "paisa", cents: "paise")),
  ]
  private static let codes: [String: Currency] = [
    "USD": Currency(one: "U.S. dollar", many: "U.S. dollars"), "EUR": Currency(one: "euro", many: "euros"),
    "GBP": pound, "JPY": yen,
    "CHF": Currency(one: "Swiss franc", many: "Swiss francs", cent: "centime", cents: "centimes"),
    "CAD": Currency(one: "Canadian dollar", many: "Canadian dollars"),
    "AUD": Currency(one: "Australian dollar", many: "Australian dollars"),
  ]
  /// What follows a number and makes it larger, attached and as a word.
  static let scales: [String: String] = [
    "k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "t": "trillion",
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
  ]
  private static let periods: [String: String] = [
    "mo": "month", "hr": "hour", "h": "hour", "yr": "year", "wk": "week", "min": "minute", "ea": "each", "d": "day",
    "kg": "kilogram", "lb": "pound", "gal": "gallon", "mi": "mile", "km": "kilometer", "l": "liter",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let core = tokens[index].core
    if let currency = codes[core], let next = tokens.follower(index + 1), let number = WrittenNumber(next.core) {
      return SpokenSpan(words: words(number, currency), count: 2)
    }
    if let next = tokens.follower(index + 1), let number = WrittenNumber(core) {
      if let currency = codes[next.core] { return SpokenSpan(words: words(number, currency), count: 2) }
      if let currency = symbols.first(where: { $0.0 == next.core })?.1 {
        return SpokenSpan(words: words(number, currency), count: 2)
      }
    }
    if let notes = notes(core) { return SpokenSpan(words: notes) }
    guard let amount = Amount(core) else { return nil }
    if amount.scale == nil, amount.per == nil, let upTo = amount.upTo, let next = tokens.follower(index + 1),
      let scale = scales[next.lower], next.lower.count > 2
    {
      let words = "\(amount.number.words) to \(upTo.words) \(scale) \(amount.currency.many)"
      return SpokenSpan(words: words, count: 2)
    }
    if amount.isWhole, let next = tokens.follower(index + 1), let scale = scales[next.lower], next.lower.count > 2 {
      return SpokenSpan(words: "\(amount.number.words) \(scale) \(amount.currency.many)", count: 2)
    }
    return SpokenSpan(words: amount.words)
  }

  /// `$20s` → "twenties": notes of that value.
  private static func notes(_ text: String) -> String? {
    let digits = text.dropFirst().dropLast()
    guard text.last == "s", let first = text.first, "$€£".contains(first), digits.isDigits, digits.count <= 4 else {
      return nil
    }
    let words = NumeralWords.cardinal(digits)
    return NumeralWords.plural(words.hasPrefix("one hundred") ? String(words.dropFirst("one ".count)) : words)
  }

  /// An amount in one word.
  private struct Amount {
    var number: WrittenNumber
    var currency: Currency
    var scale: String?
    var upTo: WrittenNumber?
    var per: String?
    /// Whether nothing stands behind the number.
    var isWhole: Bool { scale == nil && upTo == nil && per == nil }

    init?(_ text: String) {
      guard text.contains(where: { "$€£¥₹¢".contains($0) }) else { return nil }
      var rest = Substring(text)
      let isNegative = rest.first.map { "-−".contains($0) } ?? false
      if isNegative { rest = rest.dropFirst() }
      if let slash = rest.firstIndex(of: "/") {
        let unit = rest[rest.index(after: slash)...]
        guard unit.isLetters else { return nil }
        per = periods[unit.lowercased()] ?? String(unit)
        rest = rest[..<slash]
      }
      if let currency = Self.takeSymbol(&rest) { self.currency = currency } else { return nil }
      if let dash = rest.firstIndex(where: { "-–—".contains($0) }) {
        var end = rest[rest.index(after: dash)...]
        _ = Self.takeSymbol(&end)
        guard let number = WrittenNumber(end) else { return nil }
        upTo = number
        rest = rest[..<dash]
      }
      let letters = rest.reversed().prefix { $0.isLetter }.count
      if letters > 0 {
        guard let scale = scales[rest.suffix(letters).lowercased()] else { return nil }
        self.scale = scale
        rest = rest.dropLast(letters)
      }
      guard var number = WrittenNumber(rest) else { return nil }
      if isNegative { number.isNegative = true }
      self.number = number
    }

    private static func takeSymbol(_ text: inout Substring) -> Currency? {
      if text.last == "¢" {
        text = text.dropLast()
        return Currency(one: "cent", many: "cents")
      }
      for (symbol, currency) in symbols {
        if text.hasPrefix(symbol) {
          text = text.dropFirst(symbol.count)
          return currency
        }
        if text.hasSuffix(symbol) {
          text = text.dropLast(symbol.count)
          return currency
        }
      }
      return nil
    }

    var words: String {
      var words: String
      if let upTo {
        let first = number.fraction == nil ? number.words : MoneyRule.words(number, currency)
        words = "\(first) to \(MoneyRule.words(upTo, currency))"
      } else if let scale {
        words = "\(number.words) \(scale) \(currency.many)"
      } else {
        words = MoneyRule.words(number, currency)
      }
      guard let per else { return words }
      return words + (per == "each" ? " each" : " per \(per)")
    }
  }

  /// "forty nine dollars and ninety five cents".
  private static func words(_ number: WrittenNumber, _ currency: Currency) -> String {
    guard let fraction = number.fraction, fraction.count <= 2 else {
      return "\(number.words) \(number.isOne ? currency.one : currency.many)"
    }
    let sign = number.isNegative ? "minus " : ""
    let whole = NumeralWords.cardinal(number.whole.isEmpty ? "0" : number.whole)
    let main = "\(whole) \(whole == "one" ? currency.one : currency.many)"
    let cents = NumeralWords.cardinal(fraction.count == 1 ? fraction + "0" : fraction)
    guard cents != "zero" else { return sign + main }
    let small = "\(cents) \(cents == "one" ? currency.cent : currency.cents)"
    return sign + (whole == "zero" ? small : "\(main) and \(small)")
  }
}
