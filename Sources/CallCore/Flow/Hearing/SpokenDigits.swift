/// Digits as people say them: "four seven one one", "forty seven eleven", "double oh seven", and the ways in which
/// recognisers write them: `4711`, `4,711`, `47 11`, `4-7-1-1`.
enum SpokenDigits {
  /// The digits, when exactly one row of them has a wanted length.
  static func value(in heard: UtteranceWords, lengths: ClosedRange<Int>) -> String? {
    let words = heard.words
    return only(rows(in: words, homophones: false), lengths) ?? only(rows(in: words, homophones: true), lengths)
  }

  private static func only(_ rows: [String], _ lengths: ClosedRange<Int>) -> String? {
    let fitting = Set(rows.map { once($0, lengths) }.filter { lengths.contains($0.count) })
    return fitting.count == 1 ? fitting.first : nil
  }

  /// A row that was said twice over, without a word between.
  private static func once(_ row: String, _ lengths: ClosedRange<Int>) -> String {
    let half = row.prefix(row.count / 2)
    return !lengths.contains(row.count) && row == half + half ? String(half) : row
  }

  private static func rows(in words: [String], homophones: Bool) -> [String] {
    var rows: [String] = []
    var row = ""
    var index = 0
    while index < words.count {
      if let (digits, length) = chunk(words, at: index) {
        row += digits
        index += length
      } else if homophones, !row.isEmpty, let digit = soundsLike[words[index]], index + 1 < words.count,
        chunk(words, at: index + 1) != nil || soundsLike[words[index + 1]] != nil
      {
        row += digit
        index += 1
      } else {
        if !row.isEmpty, !between.contains(words[index]) {
          rows.append(row)
          row = ""
        }
        index += 1
      }
    }
    return row.isEmpty ? rows : rows + [row]
  }

  /// The digits of one spoken piece: a digit, "forty seven", "four hundred", "double five", or a numeral.
  private static func chunk(_ words: [String], at index: Int) -> (digits: String, length: Int)? {
    let word = words[index]
    if let count = repeats[word], index + 1 < words.count, let digit = digit(words[index + 1]) {
      return (String(repeating: digit, count: count), 2)
    }
    if zeros.contains(word) { return ("0", 1) }
    if word.allSatisfy({ $0.isASCIIDigit || $0 == ":" || $0 == "." || $0 == "/" }) {
      let isScaled = index + 1 < words.count && ["hundred", "thousand"].contains(words[index + 1])
      if !isScaled { return (word.filter(\.isASCIIDigit), 1) }
    }
    return SpokenCardinal.read(words, at: index).map { ("\($0.value)", $0.length) }
  }

  private static func digit(_ word: String) -> String? {
    if zeros.contains(word) { return "0" }
    if let unit = NumberWords.units.firstIndex(of: word) { return "\(unit)" }
    return word.count == 1 && word.allSatisfy(\.isASCIIDigit) ? word : nil
  }

  private static let zeros: Set = ["oh", "o", "nought", "naught", "nil"]
  private static let repeats = ["double": 2, "triple": 3, "treble": 3]
  /// Words that people say inside one row.
  private static let between: Set = ["and", "then", "dash", "hyphen", "space", "comma"]
  /// Counted only between two digits, and only when the plain reading gave no row of a wanted length.
  private static let soundsLike = ["to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8", "won": "1"]
}

/// Mends one digit of a number that is being confirmed: "the third digit is five", "the last one is a two".
enum DigitCorrection {
  /// The number with that digit replaced; `nil` when the words name no digit of it.
  static func applied(_ heard: UtteranceWords, to number: String) -> String? {
    let words = heard.words
    var digits = Array(number)
    for index in words.indices {
      guard let place = place(words, at: index, of: digits.count), place.position < digits.count,
        let noun = words.dropFirst(index + place.length).first, ["digit", "number", "one", "figure"].contains(noun)
      else { continue }
      let rest = words.dropFirst(index + place.length + 1).filter { !filling.contains($0) }
      guard rest.count == 1, let digit = SpokenDigits.value(in: UtteranceWords(words: Array(rest)), lengths: 1...1)
      else { return nil }
      digits[place.position] = Character(digit)
      return String(digits)
    }
    return nil
  }

  private static func place(_ words: [String], at index: Int, of count: Int) -> (position: Int, length: Int)? {
    if words[index] == "last", count > 0 { return (count - 1, 1) }
    guard let ordinal = NumberWords.ordinal(in: words, at: index), ordinal.value > 0 else { return nil }
    return (ordinal.value - 1, ordinal.length)
  }

  private static let filling: Set = ["is", "was", "should", "be", "a", "an", "its", "please"]
}
