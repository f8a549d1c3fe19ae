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

  /// 0 … 99 by their words, those from 21 on in one word: "twentyfive".
  static let cardinals: [String: Int] = {
    var all = Dictionary(uniqueKeysWithValues: (units + teens).enumerated().map { ($1, $0) })
    for ten in 2...9 {
      for unit in 0...9 { all[tens[ten] + (unit > 0 ? units[unit] : "")] = ten * 10 + unit }
    }
    return all
  }()

  /// 0 … 39 by their words, those from 21 on in one word: "twentyfirst".
  private static let ordinalValues: [String: Int] = {
    var all = Dictionary(uniqueKeysWithValues: ordinals.enumerated().map { ($1, $0) })
    (all["twentieth"], all["thirtieth"]) = (20, 30)
    for ten in 2...3 {
      for unit in 1...9 { all[tens[ten] + ordinals[unit]] = ten * 10 + unit }
    }
    return all
  }()

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
    guard let first = word.utf8.first else { return nil }
    if first <= UInt8(ascii: "9") {
      let isOrdinal = ["st", "nd", "rd", "th"].contains { word.hasSuffix($0) }
      return isOrdinal ? Int(word.dropLast(2)).flatMap { (1...31).contains($0) ? ($0, 1) : nil } : nil
    }
    if let found = ordinalValues[word] { return (found, 1) }
    guard word == "twenty" || word == "thirty", index + 1 < words.count,
      let unit = ordinalValues[words[index + 1]], (1...9).contains(unit)
    else { return nil }
    return ((word == "twenty" ? 20 : 30) + unit, 2)
  }
}
