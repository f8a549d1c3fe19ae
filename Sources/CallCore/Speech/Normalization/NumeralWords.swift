/// English words for numbers of any size, as they are said in running text.
enum NumeralWords {
  /// Most digits that are said as one number; more are said one by one.
  static let digitsMax = 15

  private static let scales = ["", " thousand", " million", " billion", " trillion"]

  /// "one thousand two hundred thirty four".
  /// - Parameter digits: one or more of 0 … 9; more than `digitsMax` are said one by one.
  static func cardinal(_ digits: some StringProtocol) -> String {
    let significant = digits.drop { $0 == "0" }
    guard significant.count <= digitsMax, let number = Int(significant.isEmpty ? "0" : String(significant)) else {
      return grouped(digits)
    }
    return cardinal(number)
  }

  /// - Parameter number: 0 … 10¹⁵ − 1.
  static func cardinal(_ number: Int) -> String {
    guard number > 0 else { return "zero" }
    var (rest, words, scale) = (number, [String](), 0)
    while rest > 0, scale < scales.count {
      if rest % 1000 > 0 { words.insert(belowThousand(rest % 1000) + scales[scale], at: 0) }
      (rest, scale) = (rest / 1000, scale + 1)
    }
    return words.joined(separator: " ")
  }

  private static func belowThousand(_ number: Int) -> String {
    guard number >= 100 else { return NumberWords.cardinal(number) }
    let hundreds = "\(NumberWords.units[number / 100]) hundred"
    return number % 100 == 0 ? hundreds : "\(hundreds) \(NumberWords.cardinal(number % 100))"
  }

  /// "twenty first", "one hundredth".
  static func ordinal(_ number: Int) -> String {
    guard number >= 20 else { return NumberWords.ordinal(number) }
    var words = cardinal(number).split(separator: " ").map(String.init)
    let last = words.removeLast()
    words.append(ordinalWord(last))
    return words.joined(separator: " ")
  }

  private static func ordinalWord(_ word: String) -> String {
    if let unit = NumberWords.units.firstIndex(of: word) { return NumberWords.ordinal(unit) }
    if let teen = NumberWords.teens.firstIndex(of: word) { return NumberWords.ordinal(teen + 10) }
    return word.last == "y" ? "\(word.dropLast())ieth" : "\(word)th"
  }

  /// "zero one two".
  static func digits(_ text: some StringProtocol) -> String {
    text.utf8.map { NumberWords.units[Int($0 - UInt8(ascii: "0"))] }.joined(separator: " ")
  }

  /// Digits one by one, in groups that a listener can keep: up to five in one, else of four where that comes out even and three does
  /// not, else of three.
  static func grouped(_ text: some StringProtocol) -> String {
    let all = text.utf8.map { NumberWords.units[Int($0 - UInt8(ascii: "0"))] }
    let size = all.count <= 5 ? 5 : all.count % 3 == 1 && all.count % 4 == 0 ? 4 : 3
    var groups = stride(from: 0, to: all.count, by: size).map { Array(all[$0..<min($0 + size, all.count)]) }
    // A digit alone at the end is lost on a listener.
    if groups.count > 1, let last = groups.last, last.count == 1 {
      groups.removeLast()
      groups[groups.count - 1] += last
    }
    return groups.map { $0.joined(separator: " ") }.joined(separator: ", ")
  }

  /// "nineteen ninety nine", "nineteen oh five", "two thousand five", "twenty twenty six".
  /// - Parameter year: 1000 … 2999.
  static func year(_ year: Int) -> String {
    let (century, rest) = (year / 100, year % 100)
    if century % 10 == 0, rest < 10 { return cardinal(year) }
    if rest == 0 { return "\(NumberWords.cardinal(century)) hundred" }
    return "\(NumberWords.cardinal(century)) \(paired(rest))"
  }

  /// "oh five" and "forty two": the second half of a year, a time or a room.
  static func paired(_ number: Int) -> String {
    number < 10 ? "oh \(NumberWords.units[number])" : NumberWords.cardinal(number)
  }

  /// "nineties", from "ninety".
  static func plural(_ word: String) -> String {
    word.last == "y" ? "\(word.dropLast())ies" : "\(word)s"
  }
}
