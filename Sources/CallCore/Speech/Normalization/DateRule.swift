/// Dates: `2026-05-03`, `05/03/2026` (in the order that is asked for, unless the other alone is a date), `3.5.2026` (day first), `Jan. 5`,
/// `May 3, 2026`, `5 January`, `on 5/3`; and instants such as `2026-05-03T10:00:00Z`.
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
    "on", "by", "until", "till", "since", "before", "after", "from", "due", "dated", "expires", "date", "dates",
    "starting", "available",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]
  /// Words after which it is one unless it is a fraction: `for 3/4 of an hour`.
  private static let dayOrPartWords: Set<String> = ["for", "to", "between", "and"]

  static func span(at index: Int, of tokens: [TextToken], _ order: DateOrder) -> SpokenSpan? {
    let core = tokens[index].core
    if let month = months[core.lowercased()], tokens[index].isCapitalized {
      return afterMonth(month, at: index, of: tokens)
    }
    guard core.first?.isASCIIDigit ?? false else { return nil }
    if let words = instant(core, order) ?? numeric(core, order) { return SpokenSpan(words: words) }
    if let date = monthAndDay(core, order), isDay(at: index, of: tokens) { return SpokenSpan(words: date) }
    return dayAndMonth(at: index, of: tokens)
  }

  /// Most words of a list of days that are looked through.
  private static let listMax = 8

  /// By the word in front, or by the one in front of a list of days: "available on 6/1, 6/3 and 6/8".
  private static func isDay(at index: Int, of tokens: [TextToken]) -> Bool {
    for place in stride(from: index, to: max(index - listMax, 0), by: -1) {
      let word = tokens.lowerBefore(place)
      if dayWords.contains(word) { return true }
      if place == index, dayOrPartWords.contains(word), !NumberRule.isFraction(tokens[index].core) { return true }
      guard ["and", "or", "to", "until", "through"].contains(word) || monthAndDay(word, .monthFirst) != nil else {
        return false
      }
    }
    return false
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

  /// A date in numbers, with a year or without, in words; `nil` for what is none.
  static func words(for text: String, _ order: DateOrder) -> String? {
    numeric(text, order) ?? monthAndDay(text, order)
  }

  /// "May third, twenty twenty six", or "the third of May, twenty twenty six" where the day comes first.
  ///
  /// - Returns: `nil` where there is no such day. Any of the three may be missing, but not month and year both.
  static func words(year: Int?, month: Int?, day: Int?, _ order: DateOrder) -> String? {
    if let year, !(1000...2999).contains(year) { return nil }
    let yearWords = year.map(NumeralWords.year)
    guard let month else { return day == nil ? yearWords : nil }
    guard CalendarDate(year: year ?? 2000, month: month, day: day ?? 1) != nil else { return nil }
    let name = CalendarDate.monthNames[month - 1]
    guard let day else { return yearWords.map { "\(name) \($0)" } ?? name }
    let ordinal = NumeralWords.ordinal(day)
    let words = order == .dayFirst ? "the \(ordinal) of \(name)" : "\(name) \(ordinal)"
    return yearWords.map { "\(words), \($0)" } ?? words
  }

  /// `2026-05-03T10:00:00Z`.
  private static func instant(_ text: String, _ order: DateOrder) -> String? {
    guard text.count > 11, text.prefix(11).last == "T", let date = numeric(String(text.prefix(10)), order) else {
      return nil
    }
    var time = text.dropFirst(11)
    let isUTC = time.last == "Z"
    if isUTC { time = time.dropLast() }
    if let point = time.firstIndex(of: ".") { time = time[..<point] }
    guard let clock = TimeOfDayRule.Time(time), clock.hasMinutes else { return nil }
    return "\(date), \(clock.words(with: nil))\(isUTC ? " UTC" : "")"
  }

  private static func numeric(_ text: String, _ order: DateOrder) -> String? {
    for separator in ["-", "/", "."] as [Character] where text.contains(separator) {
      let pieces = text.split(separator: separator, omittingEmptySubsequences: false)
      guard pieces.count == 3, pieces.allSatisfy(\.isDigits) else { continue }
      let numbers = pieces.compactMap { Int($0) }
      guard numbers.count == 3 else { return nil }
      if pieces[0].count == 4 { return words(year: numbers[0], month: numbers[1], day: numbers[2], order) }
      guard pieces[0].count <= 2, pieces[1].count <= 2, [2, 4].contains(pieces[2].count) else { return nil }
      let year = pieces[2].count == 4 ? numbers[2] : numbers[2] + (numbers[2] < 70 ? 2000 : 1900)
      if separator != "/", pieces[2].count == 2 { return nil }
      let (month, day) = monthAndDay(numbers[0], numbers[1], separator == "." ? .dayFirst : order)
      return words(year: year, month: month, day: day, order)
    }
    return nil
  }

  /// `5/3` → "May third", or "the fifth of March" where the day comes first.
  private static func monthAndDay(_ text: String, _ order: DateOrder) -> String? {
    let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces.allSatisfy({ $0.isDigits && $0.count <= 2 }), let first = Int(pieces[0]),
      let second = Int(pieces[1])
    else { return nil }
    let (month, day) = monthAndDay(first, second, order)
    return words(year: nil, month: month, day: day, order)
  }

  /// Two numbers in an order, or in the other where only that makes a month.
  private static func monthAndDay(_ first: Int, _ second: Int, _ order: DateOrder) -> (month: Int, day: Int) {
    switch order {
    case .monthFirst: first > 12 ? (second, first) : (first, second)
    case .dayFirst: second > 12 ? (first, second) : (second, first)
    }
  }
}
