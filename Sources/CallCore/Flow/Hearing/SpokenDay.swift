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
