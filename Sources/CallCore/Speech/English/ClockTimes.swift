/// Clock times as one number, the hour and two digits of minutes, however they are said: "seven o'clock" and "7 p.m." are `700`,
/// "half past seven" and `7.30 am` are `730`; `7:30` is read so by `EnglishWordScanner`, and "seven thirty" is `730` as a number.
///
/// Left as they are: "ten to eight", which may be "from ten to eight", "noon", and hours of a day of 24.
enum ClockTimes {
  /// - Parameter words: as `EnglishWordScanner` finds them.
  static func inDigits(_ words: [String]) -> [String] {
    var written: [String] = []
    var index = 0
    while index < words.count {
      let rest = words[index...]
      if let time = sinceHour(rest) ?? beforeHour(rest) {
        written.append(time.digits)
        index += time.length
      } else if let mark = mark(rest), let last = written.last, EnglishNumberWord.isNumber(last) {
        settle(&written)
        written += mark.words
        index += mark.length
      } else {
        written.append(words[index])
        index += 1
      }
    }
    return written
  }

  /// "quarter past seven", "twenty five minutes past seven".
  private static func sinceHour(_ words: ArraySlice<String>) -> (digits: String, length: Int)? {
    guard let minutes = minutes(words) else { return nil }
    let rest = words.dropFirst(minutes.length)
    guard rest.first == "past", let hour = hour(rest.dropFirst().first) else { return nil }
    return ("\(hour)\(twoDigits(minutes.value))", minutes.length + 2)
  }

  /// "quarter to seven", "ten minutes to seven".
  private static func beforeHour(_ words: ArraySlice<String>) -> (digits: String, length: Int)? {
    guard let minutes = minutes(words), minutes.isNamed else { return nil }
    let rest = words.dropFirst(minutes.length)
    guard rest.first == "to", let hour = hour(rest.dropFirst().first) else { return nil }
    return ("\(hour == 1 ? 12 : hour - 1)\(twoDigits(60 - minutes.value))", minutes.length + 2)
  }

  /// Minutes, and whether their name alone says that they are.
  private static func minutes(_ words: ArraySlice<String>) -> (value: Int, length: Int, isNamed: Bool)? {
    guard let first = words.first else { return nil }
    if first == "half" { return (30, 1, false) }
    if first == "quarter" { return (15, 1, true) }
    if first == "a", words.dropFirst().first == "quarter" { return (15, 2, true) }
    let isTwentyFive = (first == "twenty" || first == "20") && ["five", "5"].contains(words.dropFirst().first)
    guard let value = isTwentyFive ? 25 : named[first] else { return nil }
    let length = isTwentyFive ? 2 : 1
    let isNamed = words.dropFirst(length).first == "minutes"
    return (value, length + (isNamed ? 1 : 0), isNamed)
  }

  private static let named = ["five": 5, "5": 5, "ten": 10, "10": 10, "twenty": 20, "20": 20, "25": 25]

  /// What makes the number before it a time: "o'clock", which says nothing else, and "am" and "pm", with or without dots.
  private static func mark(_ words: ArraySlice<String>) -> (words: [String], length: Int)? {
    guard let first = words.first else { return nil }
    switch (first, words.dropFirst().first) {
    case ("o", "clock"): return ([], 2)
    case ("oclock", _): return ([], 1)
    case ("a", "m"), ("p", "m"): return (["\(first)m"], 2)
    case ("am", _), ("pm", _): return ([first], 1)
    default: return nil
    }
  }

  /// Before such a mark, a lone hour is one of no minutes, and `7.30` is no fraction.
  private static func settle(_ words: inout [String]) {
    guard let last = words.last else { return }
    let parts = last.utf8.split(separator: UInt8(ascii: "."))
    if parts.count == 2, parts[0].count <= 2, parts[1].count == 2,
      last.utf8.count(where: \.isDigit) == last.utf8.count - 1
    {
      words[words.count - 1] = String(Substring(parts[0])) + String(Substring(parts[1]))
    } else if let hour = hour(last), words.count < 2 || !isCardinal(words[words.count - 2]) {
      words[words.count - 1] = "\(hour)00"
    }
  }

  /// Whether a word may be the first part of the number that the next one ends.
  private static func isCardinal(_ word: String) -> Bool {
    switch EnglishNumberWord.all[word] {
    case .zero, .unit(_, ""), .ten(_, ""), .power(_, ""): true
    case nil: word.utf8.allSatisfy(\.isDigit)
    default: false
    }
  }

  private static func hour(_ word: String?) -> Int? {
    guard let word else { return nil }
    if case .unit(let hour, "") = EnglishNumberWord.all[word], (1...12).contains(hour) { return hour }
    return word.utf8.count <= 2 ? Int(word).flatMap { (1...12).contains($0) ? $0 : nil } : nil
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
