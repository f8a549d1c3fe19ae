/// English number words, both ways.
enum NumberWords {
  /// `zero` … `nine`.
  static let units = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
  /// `ten` … `nineteen`.
  static let teens = [
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
  ]
  /// `twenty` … `ninety`, from index 2.
  static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
  private static let ordinals = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
  ]

  /// 0 … 99 in words.
  static func cardinal(_ number: Int) -> String {
    precondition((0...99).contains(number), "cardinal words are made for 0 … 99")
    switch number {
    case 0...9: return units[number]
    case 10...19: return teens[number - 10]
    default: return tens[number / 10] + (number % 10 == 0 ? "" : " \(units[number % 10])")
    }
  }

  /// 0 … 39 in words, such as "twenty third".
  static func ordinal(_ number: Int) -> String {
    switch number {
    case 0...19: ordinals[number]
    case 20: "twentieth"
    case 30: "thirtieth"
    default: "\(tens[number / 10]) \(ordinals[number % 10])"
    }
  }

  /// "twenty twenty seven".
  static func year(_ year: Int) -> String {
    guard (1000...9999).contains(year), year % 100 >= 10 else { return "\(year)" }
    return "\(cardinal(year / 100)) \(cardinal(year % 100))"
  }

  /// 0 … 31 for "third", "3rd", "twenty third" at `index`, and how many words it took.
  static func ordinal(in words: [String], at index: Int) -> (value: Int, length: Int)? {
    let word = words[index]
    if let found = ordinals.firstIndex(of: word) { return (found, 1) }
    if word == "twentieth" { return (20, 1) }
    if word == "thirtieth" { return (30, 1) }
    for suffix in ["st", "nd", "rd", "th"] where word.hasSuffix(suffix) {
      if let number = Int(word.dropLast(2)), (1...31).contains(number) { return (number, 1) }
    }
    if let whole = joinedOrdinal(word) { return (whole, 1) }
    guard let ten = tens.firstIndex(of: word), (2...3).contains(ten), index + 1 < words.count,
      let unit = ordinals.firstIndex(of: words[index + 1]), (1...9).contains(unit)
    else { return nil }
    return (ten * 10 + unit, 2)
  }

  /// 21 … 39 for "twentyfirst" in one word.
  private static func joinedOrdinal(_ word: String) -> Int? {
    for (ten, name) in [(20, "twenty"), (30, "thirty")] where word.hasPrefix(name) {
      if let unit = ordinals.firstIndex(of: String(word.dropFirst(name.count))), (1...9).contains(unit) {
        return ten + unit
      }
    }
    return nil
  }
}
