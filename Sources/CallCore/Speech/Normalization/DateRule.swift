/// Dates: `2026-05-03`, `05/03/2026` (month first, unless the first number is above 12), `3.5.2026` (day first), `Jan. 5`, `May 3, 2026`,
/// `5 January`, `on 5/3`; and instants such as `2026-05-03T10:00:00Z`.
enum DateRule {
  static let months: [String: Int] = {
    var months: [String: Int] = ["sept": 9]
    for (index, name) in CalendarDate.monthNames.enumerated() {
      months[name.lowercased()] = index + 1
      months[String(name.lowercased().prefix(3))] = index + 1
    }
    return months
  }()
  /// Words after which `5/3` is a day.
  private static let dayWords: Set<String> = [
    "on", "by", "until", "till", "since", "before", "after", "from", "due", "dated", "expires", "date", "starting",
  ]

  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let core = tokens[index].core
    if let month = months[core.lowercased()], tokens[index].isCapitalized {
      return afterMonth(month, at: index, of: tokens)
    }
    guard core.first?.isASCIIDigit ?? false else { return nil }
    if let words = instant(core) ?? numeric(core) { return SpokenSpan(words: words) }
    if let date = monthAndDay(core), dayWords.contains(tokens.lowerBefore(index)) { return SpokenSpan(words: date) }
    return dayAndMonth(at: index, of: tokens)
  }

  // MARK: - In words

  /// `Jan. 5`, `May 3rd, 2026`, `May 2026`.
  private static func afterMonth(_ month: Int, at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let token = tokens[index]
    let name = CalendarDate.monthNames[month - 1]
    let isShort = token.lower != name.lowercased()
    let hasPoint = isShort && token.trail == "."
    guard index + 1 < tokens.count, token.isOpen || hasPoint, tokens[index + 1].lead.isEmpty else {
      return isShort && hasPoint && isMonth(at: index, of: tokens) ? SpokenSpan(words: name, endsInPoint: true) : nil
    }
    let next = tokens[index + 1]
    if let day = day(next.core) {
      let words = "\(name) \(NumeralWords.ordinal(day))"
      if ["", ","].contains(next.trail), index + 2 < tokens.count, tokens[index + 2].lead.isEmpty,
        let year = year(tokens[index + 2].core)
      {
        return SpokenSpan(words: "\(words), \(year)", count: 3)
      }
      return SpokenSpan(words: words, count: 2)
    }
    if let year = year(next.core) { return SpokenSpan(words: "\(name) \(year)", count: 2) }
    return hasPoint && isMonth(at: index, of: tokens) ? SpokenSpan(words: name, endsInPoint: true) : nil
  }

  /// Whether a short name without a day is a month by the word in front: Jan is a person, too.
  private static func isMonth(at index: Int, of tokens: [TextToken]) -> Bool {
    let words = ["in", "of", "since", "until", "till", "early", "mid", "late", "last", "next", "this"]
    return tokens[index].lower != "mar" && words.contains(tokens.lowerBefore(index))
  }

  /// `5 January 2026`, `5th January`.
  private static func dayAndMonth(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    guard let day = day(tokens[index].core), let next = tokens.follower(index + 1), next.isCapitalized,
      let month = months[next.lower]
    else { return nil }
    let article = tokens.lowerBefore(index) == "the" ? "" : "the "
    let words = "\(article)\(NumeralWords.ordinal(day)) of \(CalendarDate.monthNames[month - 1])"
    let isShort = next.lower.count < CalendarDate.monthNames[month - 1].count
    if next.isOpen || next.trail == "," || (isShort && next.trail == "."), index + 2 < tokens.count,
      tokens[index + 2].lead.isEmpty, let year = year(tokens[index + 2].core)
    {
      return SpokenSpan(words: "\(words), \(year)", count: 3)
    }
    return SpokenSpan(words: words, count: 2, endsInPoint: isShort)
  }

  private static func day(_ text: String) -> Int? {
    var digits = text[...]
    if let suffix = ["st", "nd", "rd", "th"].first(where: { text.lowercased().hasSuffix($0) }) {
      digits = digits.dropLast(suffix.count)
    }
    guard digits.count <= 2, digits.isDigits, let day = Int(digits), (1...31).contains(day) else { return nil }
    return day
  }

  private static func year(_ text: some StringProtocol) -> String? {
    guard text.count == 4, text.isDigits, let year = Int(text), (1000...2999).contains(year) else { return nil }
    return NumeralWords.year(year)
  }

  // MARK: - In numbers

  /// `2026-05-03T10:00:00Z`.
  private static func instant(_ text: String) -> String? {
    guard text.count > 11, text.prefix(11).last == "T", let date = numeric(String(text.prefix(10))) else { return nil }
    var time = text.dropFirst(11)
    let isUTC = time.last == "Z"
    if isUTC { time = time.dropLast() }
    if let point = time.firstIndex(of: ".") { time = time[..<point] }
    guard let clock = TimeOfDayRule.Time(time), clock.hasMinutes else { return nil }
    return "\(date), \(clock.words(with: nil))\(isUTC ? " UTC" : "")"
  }

  /// "May third, twenty twenty six".
  private static func numeric(_ text: String) -> String? {
    for separator in ["-", "/", "."] as [Character] where text.contains(separator) {
      let pieces = text.split(separator: separator, omittingEmptySubsequences: false)
      guard pieces.count == 3, pieces.allSatisfy(\.isDigits) else { continue }
      let numbers = pieces.compactMap { Int($0) }
      guard numbers.count == 3 else { return nil }
      if pieces[0].count == 4 { return date(year: numbers[0], numbers[1], numbers[2]) }
      guard pieces[0].count <= 2, pieces[1].count <= 2, [2, 4].contains(pieces[2].count) else { return nil }
      let year = pieces[2].count == 4 ? numbers[2] : numbers[2] + (numbers[2] < 70 ? 2000 : 1900)
      if separator == "." { return pieces[2].count == 4 ? date(year: year, numbers[1], numbers[0]) : nil }
      if separator == "-", pieces[2].count == 2 { return nil }
      return numbers[0] > 12
        ? date(year: year, numbers[1], numbers[0]) : date(year: year, numbers[0], numbers[1])
    }
    return nil
  }

  private static func date(year: Int, _ month: Int, _ day: Int) -> String? {
    guard (1000...2999).contains(year), CalendarDate(year: year, month: month, day: day) != nil else { return nil }
    return "\(CalendarDate.monthNames[month - 1]) \(NumeralWords.ordinal(day)), \(NumeralWords.year(year))"
  }

  /// `5/3` → "May third".
  private static func monthAndDay(_ text: String) -> String? {
    let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces.allSatisfy({ $0.isDigits && $0.count <= 2 }), let first = Int(pieces[0]),
      let second = Int(pieces[1])
    else { return nil }
    let (month, day) = first > 12 ? (second, first) : (first, second)
    guard CalendarDate(year: 2000, month: month, day: day) != nil else { return nil }
    return "\(CalendarDate.monthNames[month - 1]) \(NumeralWords.ordinal(day))"
  }
}
