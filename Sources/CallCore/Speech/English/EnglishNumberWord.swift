/// What an English word says in a number.
enum EnglishNumberWord: Hashable, Sendable {
  /// "zero", "oh".
  case zero
  /// 1 … 19, such as "seven", with a suffix such as "seventh" and "sevens".
  case unit(Int, suffix: String)
  /// 20, 30 … 90, likewise.
  case ten(Int, suffix: String)
  /// 100, 1000 … 10¹⁸, likewise.
  case power(Int, suffix: String)
  /// "minus", before the number: `-`.
  case sign(String)
  /// "dollars", behind the number: `$`.
  case currency(String)
  case percent, per, and, double, triple, point

  /// Whether a word is a number or part of one by itself, or is none but digits and signs.
  static func isNumber(_ word: String) -> Bool {
    switch all[word] {
    case .zero, .unit, .ten, .power: true
    case nil: word.utf8.contains { !$0.isLetter && $0 < 0x80 } || word.utf8.first == 0xC2 || word.utf8.first == 0xE2
    default: false
    }
  }

  /// By the word.
  static let all: [String: EnglishNumberWord] = {
    var all: [String: EnglishNumberWord] = [
      "o": .zero, "oh": .zero, "zero": .zero, "minus": .sign("-"), "negative": .sign("-"), "plus": .sign("+"),
      "positive": .sign("+"), "pound": .currency("£"), "pounds": .currency("£"), "euro": .currency("€"),
      "euros": .currency("€"), "dollar": .currency("$"), "dollars": .currency("$"), "cent": .currency("¢"),
      "cents": .currency("¢"), "percent": .percent, "per": .per, "and": .and, "double": .double, "triple": .triple,
      "point": .point, "zeroth": .unit(0, suffix: "th"),
    ]
    for (index, names) in units.enumerated() {
      let value = index + 1
      all[names.cardinal] = .unit(value, suffix: "")
      all[names.cardinal == "six" ? "sixes" : names.cardinal + "s"] = .unit(value, suffix: "s")
      all[names.ordinal] = .unit(value, suffix: value < 4 ? ["st", "nd", "rd"][value - 1] : "th")
    }
    for (index, stem) in tens.enumerated() {
      let value = 10 * (index + 2)
      all[stem + "y"] = .ten(value, suffix: "")
      all[stem + "ies"] = .ten(value, suffix: "s")
      all[stem + "ieth"] = .ten(value, suffix: "th")
    }
    for (name, value) in powers {
      all[name] = .power(value, suffix: "")
      all[name + "s"] = .power(value, suffix: "s")
      all[name + "th"] = .power(value, suffix: "th")
    }
    return all
  }()

  private static let units: [(cardinal: String, ordinal: String)] = [
    ("one", "first"), ("two", "second"), ("three", "third"), ("four", "fourth"), ("five", "fifth"), ("six", "sixth"),
    ("seven", "seventh"), ("eight", "eighth"), ("nine", "ninth"), ("ten", "tenth"), ("eleven", "eleventh"),
    ("twelve", "twelfth"), ("thirteen", "thirteenth"), ("fourteen", "fourteenth"), ("fifteen", "fifteenth"),
    ("sixteen", "sixteenth"), ("seventeen", "seventeenth"), ("eighteen", "eighteenth"), ("nineteen", "nineteenth"),
  ]
  private static let tens = ["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"]
  private static let powers: [(String, Int)] = [
    ("hundred", 100), ("thousand", 1000), ("million", 1_000_000), ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000), ("quadrillion", 1_000_000_000_000_000),
    ("quintillion", 1_000_000_000_000_000_000),
  ]
}
