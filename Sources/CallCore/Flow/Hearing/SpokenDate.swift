/// A day as people say it: "tomorrow", "next Monday", "the third of May", "May 3rd", "in two weeks", "a week on Friday", "5/23".
///
/// A week begins on Monday: "next Friday" is the Friday of the next week, "Friday" and "this Friday" the coming one. A date
/// without a year is the next such day.
enum SpokenDate {
  /// `2026-05-03` when `today` is known, else words such as `next Monday`.
  /// - Returns: `nil` when there is no day in the words, more than one, or a word about days that no day accounts for.
  static func value(in heard: UtteranceWords, _ context: SpokenContext) -> String? {
    guard heard.words.count <= UtteranceWords.valueWordsMax else { return nil }
    return SaidValue.only(in: heard.words, by: DateGrammar(context))?.value(today: context.today)
  }
}

/// What is known besides the words.
package struct SpokenContext: Sendable, Hashable {
  /// The day that "tomorrow" is reckoned from.
  package var today: CalendarDate?
  /// The time that "in half an hour" is reckoned from, in minutes since midnight: 0 … 1439.
  package var minuteOfDay: Int?
  /// How `5/3` is read; `nil` where it may be either, and the caller is asked again.
  package var dateOrder: DateOrder?
  /// Whether a value was just read back: "no, coffee" corrects it, and declines coffee anywhere else.
  package var isConfirming = false

  package init(today: CalendarDate? = nil, minuteOfDay: Int? = nil, dateOrder: DateOrder? = nil) {
    (self.today, self.minuteOfDay, self.dateOrder) = (today, minuteOfDay, dateOrder)
  }
}

/// In which order a country writes the numbers of a date.
public enum DateOrder: Sendable, Hashable {
  /// 5/3 is the third of May.
  case monthFirst
  /// 5/3 is the fifth of March.
  case dayFirst
}

/// How days are said.
struct DateGrammar: SpokenGrammar {
  let context: SpokenContext

  init(_ context: SpokenContext) { self.context = context }

  func phrase(in words: [String], at index: Int) -> SpokenPhrase<SpokenDay>? {
    if let (day, length) = day(words, at: index) { return SpokenPhrase(.value(day), length) }
    return remainder(words, at: index)
  }

  func merged(_ values: [SpokenDay], denied: Set<SpokenDay>) -> SpokenDay? {
    let distinct = Set(values)
    guard denied.isDisjoint(with: distinct), let first = values.first else { return nil }
    if let today = context.today {
      let days = Set(denied.compactMap { $0.date(from: today) })
      guard values.allSatisfy({ $0.date(from: today).map { !days.contains($0) } ?? true }) else { return nil }
    }
    if distinct.count == 1 { return first }
    let weekdays = distinct.filter(\.isWeekday)
    guard weekdays.count <= 1, let day = same(values.filter { !$0.isWeekday }) else { return nil }
    switch weekdays.first {
    case nil: return day
    case .weekday(let weekday, next: true)?:
      guard let today = context.today else { return .named(weekday, day) }
      return same([day, .weekday(weekday, next: true)]).flatMap {
        $0.date(from: today) == nil ? nil : .named(weekday, day)
      }
    case .weekday(let weekday, _)?, .someWeekday(let weekday)?: return .named(weekday, day)
    default: return nil
    }
  }

  /// The first of several that are the same day: "tomorrow, the third".
  private func same(_ days: [SpokenDay]) -> SpokenDay? {
    guard Set(days).count > 1 else { return days.first }
    guard let today = context.today else { return nil }
    return Set(days.map { $0.date(from: today) }).count == 1 ? days.first : nil
  }

  func corrected(_ old: SpokenDay, by new: SpokenDay) -> SpokenDay? {
    switch (old, new) {
    case (.named(_, let day), _): return corrected(day, by: new)
    case (.monthDay(let month, _, let year), .dayOfMonth(let day)):
      return .monthDay(month: month, day: day, year: year)
    case (.dayOf(let month, _), .dayOfMonth(let day)): return .dayOf(month, day: day)
    // "Next Tuesday, no, Wednesday": of which week?
    case (.weekday(_, next: true), .weekday(_, next: false)): return nil
    default: return new
    }
  }

  /// A phrase that names a day, and its words.
  func day(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    counted(words, at: index) ?? anchor(words, at: index)
  }

  /// A day that others may be counted from: "Monday the sixteenth" and "the sixteenth of March, a Monday" too.
  private func anchor(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    guard let first = single(words, at: index) else { return nil }
    var next = index + first.length
    if next < words.count, words[next] == "the" { next += 1 }
    guard next < words.count, let second = single(words, at: next) else { return first }
    let length = next + second.length - index
    switch (first.day, second.day) {
    case (.weekday(let weekday, next: false), .monthDay), (.weekday(let weekday, next: false), .dayOfMonth),
      (.weekday(let weekday, next: false), .dayOf):
      return (.named(weekday, second.day), length)
    case (.monthDay, .weekday(let weekday, next: false)), (.dayOfMonth, .weekday(let weekday, next: false)),
      (.dayOf, .weekday(let weekday, next: false)):
      return (.named(weekday, first.day), length)
    default:
      return first
    }
  }

  private func single(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    relative(words, at: index) ?? weekday(words, at: index) ?? DateWords.monthDay(words, at: index)
      ?? dayOfMonth(words, at: index) ?? NumericDate.read(words, at: index, context.dateOrder)
  }

  private func relative(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    func word(_ offset: Int) -> String { words.indices.contains(index + offset) ? words[index + offset] : "" }
    switch words[index] {
    case "today", "todays", "tonight":
      return word(1) == "week" ? (.offset(.inDays(0), days: 7), 2) : (.inDays(0), 1)
    case "this" where ["morning", "afternoon", "evening"].contains(word(1)):
      return (.inDays(0), 2)
    case "tomorrow", "tomorrows", "tomorow":
      return word(1) == "week" ? (.offset(.inDays(1), days: 7), 2) : (.inDays(1), 1)
    default:
      return nil
    }
  }
}

extension DateGrammar {
  /// "a week from Friday", "the day before tomorrow", "in three days", "a week on Friday", "two weeks from now".
  private func counted(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    if words[index] == "in", let span = DateWords.span(words, at: index + 1) {
      var end = index + 1 + span.length
      if end < words.count, words[end] == "time" { end += 1 }
      // "Friday in two weeks": which one?
      guard !isDay(before: index, words), !isDay(at: end, words) else { return nil }
      return (.inDays(span.days), end - index)
    }
    guard !DateWords.isApproximate(words, before: index),
      let span = DateWords.span(words, at: index) ?? DateWords.dayBesides(words, at: index)
    else { return nil }
    let link = index + span.length
    guard link < words.count else { return nil }
    switch words[link] {
    case "from", "after", "following":
      if words[link] == "from", link + 1 < words.count, words[link + 1] == "now" {
        return (.inDays(span.days), link + 2 - index)
      }
      return offset(by: span.days, words, from: index, anchorAt: link + 1)
    case "before":
      return offset(by: -span.days, words, from: index, anchorAt: link + 1)
    case "on" where span.days % 7 == 0:
      guard let found = weekday(words, at: link + 1) else { return nil }
      return (.offset(found.day, days: span.days), link + 1 + found.length - index)
    default:
      guard span.days % 7 == 0, let found = relative(words, at: link) ?? weekday(words, at: link) else { return nil }
      return (.offset(found.day, days: span.days), link + found.length - index)
    }
  }

  private func offset(by days: Int, _ words: [String], from index: Int, anchorAt start: Int) -> (
    day: SpokenDay, length: Int
  )? {
    var start = start
    // "three days after the day after tomorrow" is not said, "the day after the fifth" is.
    if start < words.count, words[start] == "the" || words[start] == "this" { start += 1 }
    guard start < words.count, let found = anchor(words, at: start) else { return nil }
    return (.offset(found.day, days: days), start + found.length - index)
  }

  private func isDay(at index: Int, _ words: [String]) -> Bool {
    index < words.count && (DateWords.weekday(words, at: index) != nil || relative(words, at: index) != nil)
  }

  private func isDay(before index: Int, _ words: [String]) -> Bool {
    index > 0 && DateWords.weekday(words, at: index - 1) != nil
  }

  /// "Friday", "next Friday", "Friday next week", "next week on Friday", "Friday after next", "Friday week".
  private func weekday(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    guard index < words.count else { return nil }  // "A week on" may end there.
    var start = index
    var next = false
    if words[index...].starts(with: ["next", "week"]) {
      start += 2
      while start < min(words.count, index + 5), DateWords.beforeWeekday.contains(words[start]) { start += 1 }
      next = true
    } else if words[index] == "next" {
      start += 1
      next = true
    } else if ["this", "coming"].contains(words[index]) {
      start += words[index...].starts(with: ["this", "coming"]) ? 2 : 1
    }
    guard start < words.count, let weekday = DateWords.weekday(words, at: start) else {
      return DateWords.countedWeekday(words, at: index) ?? DateWords.someWeekday(words, at: index)
    }
    let after = words[(start + 1)...]
    let length = start + 1 - index
    for (phrase, days) in [(["after", "next"], 7), (["week"], 7)] where !next && after.starts(with: phrase) {
      return (.offset(.weekday(weekday, next: false), days: days), length + phrase.count)
    }
    for phrase in [["next", "week"], ["of", "next", "week"], ["in", "the", "next", "week"]]
    where after.starts(with: phrase) {
      return (.weekday(weekday, next: true), length + phrase.count)
    }
    for phrase in [["this", "week"], ["of", "this", "week"]] where !next && after.starts(with: phrase) {
      return (.thisWeek(weekday), length + phrase.count)
    }
    return (.weekday(weekday, next: next), length)
  }

  /// "The fifth", "the fifth of this month", "the fifth of next month".
  private func dayOfMonth(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    let isBehindNumber = index > 0 && SpokenCardinal.read(words, at: index - 1) != nil
    if !isBehindNumber, let day = DateWords.dayNumber(words, at: index),
      let month = DateWords.relativeMonth(words, at: index + day.length)
    {
      return (.dayOf(month.reference, day: day.value), day.length + month.length)
    }
    guard let day = NumberWords.ordinal(in: words, at: index), (1...31).contains(day.value) else { return nil }
    let end = index + day.length
    guard end == words.count || !DateWords.isNoDay(after: day.value, words, at: end) else { return nil }
    let before = index > 0 ? words[index - 1] : ""
    let isNumeral = words[index].first?.isASCIIDigit ?? false
    let isPlaced =
      DateWords.beforeOrdinal.contains(before)
      || (index > 0 && DateWords.weekday(words, at: index - 1) != nil)
    let isAlone = words.indices.allSatisfy { (index..<end).contains($0) || DateWords.courtesies.contains(words[$0]) }
    return isNumeral || isPlaced || isAlone ? (.dayOfMonth(day.value), day.length) : nil
  }
}

extension DateGrammar {
  /// What speaks of days and names none.
  private func remainder(_ words: [String], at index: Int) -> SpokenPhrase<SpokenDay>? {
    let next = index + 1 < words.count ? words[index + 1] : ""
    let word = words[index]
    if let phrase = DateWords.harmless(words, at: index) { return SpokenPhrase(.nothing, phrase) }
    if DateWords.vague.contains(word) { return SpokenPhrase(.leftover, 1) }
    if DateWords.isWeekdayName(word) { return SpokenPhrase(.leftover, 1) }
    if DateWords.month(words, at: index) != nil { return SpokenPhrase(.leftover, 1) }
    if DateWords.ordering.contains(word) {
      let rest = next == "the" || next == "this" || next == "that" ? index + 2 : index + 1
      let speaksOfDays = rest >= words.count || next == "that" || day(words, at: rest) != nil
      return SpokenPhrase(speaksOfDays ? .leftover : .nothing, 1)
    }
    if DateWords.comparing.contains(word) {
      let isOpen =
        index > 0 && words[index - 1] == "or"
        || (1...3).contains { index + $0 < words.count && day(words, at: index + $0) != nil }
      return SpokenPhrase(isOpen ? .leftover : .nothing, 1)
    }
    if ["next", "last", "following", "previous", "other"].contains(word) {
      return SpokenPhrase(DateWords.nouns.contains(next) ? .nothing : .leftover, 1)
    }
    if let day = NumberWords.ordinal(in: words, at: index) {
      let end = index + day.length
      if end < words.count, DateWords.isNoDay(after: day.value, words, at: end) {
        return SpokenPhrase(
          DateWords.weekday(words, at: end) == nil && words[end] != "of" ? .nothing : .leftover, day.length)
      }
      return SpokenPhrase((1...3).contains(day.value) && end < words.count ? .nothing : .leftover, day.length)
    }
    return number(words, at: index)
  }

  /// A bare number is of people, hours or money, unless it stands where a day would.
  private func number(_ words: [String], at index: Int) -> SpokenPhrase<SpokenDay>? {
    if words[index].contains("/") { return SpokenPhrase(.leftover, 1) }
    guard let number = SpokenCardinal.read(words, at: index) else { return nil }
    let before = index > 0 ? words[index - 1] : ""
    let isPlaced = ["or", "to"].contains(before) || (index > 0 && DateWords.weekday(words, at: index - 1) != nil)
    let end = index + number.length
    let isTime = end < words.count && DateWords.afterHours.contains(words[end])
    let hasMinutes = end < words.count && SpokenCardinal.read(words, at: end) != nil
    return SpokenPhrase(isPlaced && !isTime && !hasMinutes && number.value <= 31 ? .leftover : .nothing, number.length)
  }
}
