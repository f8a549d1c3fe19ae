/// A day as people say it: "tomorrow", "next Monday", "the third of May", "May 3rd", "in two weeks", "5/23".
///
/// A week begins on Monday: "next Friday" is the Friday of the next week, "Friday" and "this Friday" the coming one. A date
/// without a year is the next such day.
enum SpokenDate {
  /// `2026-05-03` when `today` is known, else words such as `next Monday`; `nil` when there is no day in the words or more
  /// than one.
  static func value(in heard: UtteranceWords, today: CalendarDate?) -> String? {
    let words = heard.words
    let days = [isoDay(words), monthDay(words), slashDay(words)].compactMap(\.self)
    if let day = days.first { return day.value(today: today) }
    let found = Set(relativeDays(words) + weekdays(words))
    if found.count == 1, let day = found.first { return day.value(today: today) }
    guard found.isEmpty else { return nil }
    return monthlessDay(words)?.value(today: today)
  }

  private static func relativeDays(_ words: [String]) -> [SpokenDay] {
    var days: [SpokenDay] = []
    for (index, word) in words.enumerated() {
      let before = words[..<index].suffix(2)
      switch word {
      case "today", "tonight":
        days.append(.inDays(0))
      case "tomorrow", "tomorow":
        days.append(.inDays(before == ["day", "after"] ? 2 : 1))
      case "in":
        if let count = span(words, after: index + 1) { days.append(.inDays(count)) }
      default:
        break
      }
    }
    return days
  }

  /// "two weeks", "a week", "three days".
  private static func span(_ words: [String], after index: Int) -> Int? {
    guard index + 1 < words.count else { return nil }
    let number = words[index] == "a" ? (value: 1, length: 1) : SpokenCardinal.read(words, at: index)
    guard let number, index + number.length < words.count, (1...366).contains(number.value) else { return nil }
    switch words[index + number.length] {
    case "day", "days": return number.value
    case "week", "weeks": return number.value * 7
    default: return nil
    }
  }

  private static func weekdays(_ words: [String]) -> [SpokenDay] {
    words.enumerated().compactMap { index, word in
      let names = CalendarDate.weekdayNames.map { $0.lowercased() }
      guard let weekday = names.firstIndex(of: word) else { return nil }
      return .weekday(weekday, next: index > 0 && words[index - 1] == "next")
    }
  }

  private static func isoDay(_ words: [String]) -> SpokenDay? {
    words.indices.dropLast(2).lazy.compactMap { index in
      let three = words[index..<(index + 3)]
      guard three.map(\.count) == [4, 2, 2] else { return nil }
      return CalendarDate(three.joined(separator: "-")).map(SpokenDay.exactly)
    }.first
  }

  /// 5/23 or 23/5; where either order would do, nothing.
  private static func slashDay(_ words: [String]) -> SpokenDay? {
    words.lazy.compactMap { word -> SpokenDay? in
      let numbers = word.split(separator: "/").compactMap { Int($0) }
      guard numbers.count == 2, numbers.count == word.split(separator: "/", omittingEmptySubsequences: false).count
      else { return nil }
      switch (numbers[0], numbers[1]) {
      case (1...12, 13...31): return .monthDay(month: numbers[0], day: numbers[1], year: nil)
      case (13...31, 1...12): return .monthDay(month: numbers[1], day: numbers[0], year: nil)
      case (let first, let second) where first == second && (1...12).contains(first):
        return .monthDay(month: first, day: first, year: nil)
      default: return nil
      }
    }.first
  }

  private static func monthDay(_ words: [String]) -> SpokenDay? {
    for (index, word) in words.enumerated() {
      guard let month = CalendarDate.monthNames.firstIndex(where: { $0.lowercased() == word }) else { continue }
      if let before = dayBefore(words, index) {
        return .monthDay(month: month + 1, day: before, year: year(words, at: index + 1))
      }
      let start = index + 1 < words.count && words[index + 1] == "the" ? index + 2 : index + 1
      guard start < words.count, let day = dayNumber(words, at: start), (1...31).contains(day.value) else { continue }
      return .monthDay(month: month + 1, day: day.value, year: year(words, at: start + day.length))
    }
    return nil
  }

  /// "the third of" or "3rd" just before the month.
  private static func dayBefore(_ words: [String], _ month: Int) -> Int? {
    let end = month > 0 && words[month - 1] == "of" ? month - 1 : month
    for start in [end - 2, end - 1] where start >= 0 {
      if let day = dayNumber(words, at: start), start + day.length == end, (1...31).contains(day.value) {
        return day.value
      }
    }
    return nil
  }

  private static func dayNumber(_ words: [String], at index: Int) -> (value: Int, length: Int)? {
    NumberWords.ordinal(in: words, at: index) ?? SpokenCardinal.read(words, at: index)
  }

  /// "2027", "twenty twenty seven".
  private static func year(_ words: [String], at index: Int) -> Int? {
    guard index < words.count, let first = SpokenCardinal.read(words, at: index) else { return nil }
    if (2000...2999).contains(first.value) { return first.value }
    guard first.value == 20, index + 1 < words.count, let second = SpokenCardinal.read(words, at: index + 1),
      (10...99).contains(second.value)
    else { return nil }
    return 2000 + second.value
  }

  /// "the twenty third" of no month: the next one.
  private static func monthlessDay(_ words: [String]) -> SpokenDay? {
    let days = words.indices.compactMap { index -> Int? in
      guard index == 0 || words[index - 1] == "the" || words[index - 1] == "on",
        let day = NumberWords.ordinal(in: words, at: index), (1...31).contains(day.value),
        index + day.length == words.count || !["one", "time", "digit"].contains(words[index + day.length])
      else { return nil }
      return day.value
    }
    return days.count == 1 ? .dayOfMonth(days[0]) : nil
  }
}

/// A day that was said, before it is known which one it is.
enum SpokenDay: Hashable {
  /// Today is 0, tomorrow 1.
  case inDays(Int)
  /// 0 for Monday; `next` was said.
  case weekday(Int, next: Bool)
  /// A day of a month, and its year where it was said.
  case monthDay(month: Int, day: Int, year: Int?)
  /// A day of this month or the next that has it.
  case dayOfMonth(Int)
  /// No doubt.
  case exactly(CalendarDate)

  /// The ISO date where `today` is known, else words; `nil` for a day that does not exist.
  func value(today: CalendarDate?) -> String? {
    if let today { return date(from: today)?.iso }
    return isPossible ? words : nil
  }

  private func date(from today: CalendarDate) -> CalendarDate? {
    switch self {
    case .inDays(let count):
      return today.adding(days: count)
    case .weekday(let weekday, let next):
      let ahead = next ? 7 - today.weekday + weekday : (weekday - today.weekday + 6) % 7 + 1
      return today.adding(days: ahead)
    case .monthDay(let month, let day, let year?):
      return CalendarDate(year: year, month: month, day: day)
    case .monthDay(let month, let day, nil):
      // Eight years ahead there is always a 29th of February, but for 2100 and its like.
      return (0...8).lazy.compactMap { CalendarDate(year: today.year + $0, month: month, day: day) }
        .first { $0 >= today }
    case .dayOfMonth(let day):
      return (0...12).lazy.compactMap { ahead in
        let months = today.month - 1 + ahead
        return CalendarDate(year: today.year + months / 12, month: months % 12 + 1, day: day)
      }.first { $0 >= today }
    case .exactly(let date):
      return date
    }
  }

  private var isPossible: Bool {
    if case .monthDay(let month, let day, let year) = self {
      return CalendarDate(year: year ?? 2000, month: month, day: day) != nil  // 2000 has a 29th of February
    }
    return true
  }

  private var words: String {
    switch self {
    case .inDays(0): "today"
    case .inDays(1): "tomorrow"
    case .inDays(2): "the day after tomorrow"
    case .inDays(let count): "in \(count < 100 ? NumberWords.cardinal(count) : "\(count)") days"
    case .weekday(let weekday, let next): (next ? "next " : "") + CalendarDate.weekdayNames[weekday]
    case .monthDay(let month, let day, let year):
      "the \(NumberWords.ordinal(day)) of \(CalendarDate.monthNames[month - 1])" + (year.map { " \($0)" } ?? "")
    case .dayOfMonth(let day): "the \(NumberWords.ordinal(day))"
    case .exactly(let date): date.iso
    }
  }
}
