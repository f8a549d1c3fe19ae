/// A day that was said, before it is known which one it is.
indirect enum SpokenDay: Hashable {
  /// Today is 0, tomorrow 1.
  case inDays(Int)
  /// 0 for Monday; `next` was said.
  case weekday(Int, next: Bool)
  /// "That's a Saturday": says more of a day, and names none alone.
  case someWeekday(Int)
  /// The one of this week, if it is not over.
  case thisWeek(Int)
  /// A day of a month, and its year where it was said.
  case monthDay(month: Int, day: Int, year: Int?)
  /// "The third of May next year".
  case nextYear(month: Int, day: Int)
  /// A day of this month or the next that has it.
  case dayOfMonth(Int)
  /// A day of a month that is named by its place.
  case dayOf(MonthReference, day: Int)
  /// "The first Monday in May"; the count is 1 … 4, or -1 for the last.
  case countedWeekday(Int, weekday: Int, MonthReference)
  /// So many days after another day.
  case offset(SpokenDay, days: Int)
  /// "Monday the sixteenth": both were said and must agree.
  case named(Int, SpokenDay)
  /// No doubt.
  case exactly(CalendarDate)

  /// Whether it is a mere weekday, which may name another day beside it.
  var isWeekday: Bool {
    switch self {
    case .weekday, .someWeekday: true
    default: false
    }
  }

  /// The ISO date where `today` is known, else words; `nil` for a day that does not exist, or is over though its year was not said.
  func value(today: CalendarDate?) -> String? {
    if let today { return date(from: today)?.iso }
    return isPossible ? words : nil
  }

  func date(from today: CalendarDate) -> CalendarDate? {
    switch self {
    case .inDays(let count):
      return today.adding(days: count)
    case .weekday(let weekday, let next):
      let ahead = next ? 7 - today.weekday + weekday : (weekday - today.weekday + 6) % 7 + 1
      return today.adding(days: ahead)
    case .someWeekday:
      return nil
    case .thisWeek(let weekday):
      return weekday >= today.weekday ? today.adding(days: weekday - today.weekday) : nil
    case .monthDay(let month, let day, let year?):
      return CalendarDate(year: year, month: month, day: day)
    case .nextYear(let month, let day):
      return CalendarDate(year: today.year + 1, month: month, day: day)
    case .monthDay(let month, let day, nil):
      // Eight years ahead there is always a 29th of February, but for 2100 and its like.
      return (0...8).lazy.compactMap { CalendarDate(year: today.year + $0, month: month, day: day) }
        .first { $0 >= today }
    case .dayOfMonth(let day):
      return (0...12).lazy.compactMap { ahead in
        let months = today.month - 1 + ahead
        return CalendarDate(year: today.year + months / 12, month: months % 12 + 1, day: day)
      }.first { $0 >= today }
    case .dayOf(let month, let day):
      return month.first(from: today).flatMap { CalendarDate(year: $0.year, month: $0.month, day: day) }
        .flatMap { $0 >= today ? $0 : nil }
    case .countedWeekday(let count, let weekday, let month):
      return month.counted(count, weekday, from: today)
    case .offset(let day, let days):
      return day.date(from: today)?.adding(days: days).flatMap { $0 >= today ? $0 : nil }
    case .named(let weekday, let day):
      return day.date(from: today).flatMap { $0.weekday == weekday ? $0 : nil }
    case .exactly(let date):
      return date
    }
  }

  private var isPossible: Bool {
    switch self {
    case .monthDay(let month, let day, let year):
      CalendarDate(year: year ?? 2000, month: month, day: day) != nil  // 2000 has a 29th of February
    case .named(let weekday, .monthDay(let month, let day, let year?)):
      CalendarDate(year: year, month: month, day: day)?.weekday == weekday
    case .named(_, let day), .offset(let day, _): day.isPossible
    case .someWeekday: false
    default: true
    }
  }

  private var words: String {
    switch self {
    case .inDays(0): "today"
    case .inDays(1): "tomorrow"
    case .inDays(2): "the day after tomorrow"
    case .inDays(let count): "in \(SpokenDay.count(count)) days"
    case .weekday(let weekday, let next): (next ? "next " : "") + CalendarDate.weekdayNames[weekday]
    case .thisWeek(let weekday), .someWeekday(let weekday): CalendarDate.weekdayNames[weekday]
    case .monthDay(let month, let day, let year):
      "the \(NumberWords.ordinal(day)) of \(CalendarDate.monthNames[month - 1])" + (year.map { " \($0)" } ?? "")
    case .nextYear(let month, let day):
      "the \(NumberWords.ordinal(day)) of \(CalendarDate.monthNames[month - 1]) next year"
    case .dayOfMonth(let day): "the \(NumberWords.ordinal(day))"
    case .dayOf(let month, let day): "the \(NumberWords.ordinal(day)) of \(month.words)"
    case .countedWeekday(let count, let weekday, let month):
      "the \(count < 0 ? "last" : NumberWords.ordinal(count)) \(CalendarDate.weekdayNames[weekday]) of \(month.words)"
    case .offset(.inDays(1), 1): "the day after tomorrow"
    case .offset(let day, 1): "the day after \(day.words)"
    case .offset(let day, -1): "the day before \(day.words)"
    case .offset(let day, 7): "a week after \(day.words)"
    case .offset(let day, let days):
      "\(SpokenDay.count(abs(days))) days \(days < 0 ? "before" : "after") \(day.words)"
    case .named(let weekday, let day): "\(CalendarDate.weekdayNames[weekday]) \(day.words)"
    case .exactly(let date): date.iso
    }
  }

  private static func count(_ number: Int) -> String { number < 100 ? NumberWords.cardinal(number) : "\(number)" }
}

/// A month that is named, or known by its place.
enum MonthReference: Hashable {
  /// 1 … 12: the next such month that is not over.
  case named(Int)
  /// This one.
  case this
  /// The one after it.
  case next

  var words: String {
    switch self {
    case .named(let month): CalendarDate.monthNames[month - 1]
    case .this: "this month"
    case .next: "next month"
    }
  }

  /// Its first day.
  func first(from today: CalendarDate) -> CalendarDate? {
    switch self {
    case .named(let month):
      CalendarDate(year: month < today.month ? today.year + 1 : today.year, month: month, day: 1)
    case .this: CalendarDate(year: today.year, month: today.month, day: 1)
    case .next:
      CalendarDate(year: today.month == 12 ? today.year + 1 : today.year, month: today.month % 12 + 1, day: 1)
    }
  }

  /// The so-manieth weekday of it, or the last; `nil` when it is over.
  fileprivate func counted(_ count: Int, _ weekday: Int, from today: CalendarDate) -> CalendarDate? {
    guard let first = first(from: today) else { return nil }
    let days = (0..<31).compactMap { first.adding(days: $0) }.filter {
      $0.month == first.month && $0.weekday == weekday
    }
    let index = count < 0 ? days.count - 1 : count - 1
    return days.indices.contains(index) && days[index] >= today ? days[index] : nil
  }
}
