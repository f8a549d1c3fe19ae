/// Words and phrases of dates.
enum DateWords {
  /// 0 for Monday: "monday", "mon", "monday's", "monday'll"; `nil` for "Mondays" and "Sat" where they are something else.
  static func weekday(_ words: [String], at index: Int) -> Int? {
    let word = words[index]
    let before = index > 0 ? words[index - 1] : ""
    guard let weekday = weekdays[word] else { return nil }
    if ["any", "every", "each", "some", "a", "last", "past", "previous", "following", "other", "most"].contains(before)
    {
      return nil
    }
    let isName = word.hasSuffix("day") || word.hasSuffix("dayll")
    if !isName, pronouns.contains(before) || (word == "sun" && before == "the") { return nil }
    // "Tuesday's good" and "Tuesdays are good" are the same letters without their marks.
    if word.hasSuffix("days") {
      guard index + 1 < words.count, predicates.contains(words[index + 1]) else { return nil }
    }
    return weekday
  }

  /// "That's a Saturday".
  static func someWeekday(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    guard index > 1, words[index - 1] == "a", ["thats", "its", "is", "was", "be"].contains(words[index - 2]),
      isWeekdayName(words[index]),
      let weekday = weekdays[words[index]]
    else { return nil }
    return (.someWeekday(weekday), 1)
  }

  /// Whether the word is one of a weekday's, also where it names no day.
  static func isWeekdayName(_ word: String) -> Bool {
    word.hasSuffix("day") || word.hasSuffix("days") ? weekdays[word] != nil : false
  }

  private static let weekdays: [String: Int] = {
    var found: [String: Int] = [:]
    for (index, name) in CalendarDate.weekdayNames.enumerated() {
      for ending in ["", "s", "ll"] { found[name.lowercased() + ending] = index }
    }
    let short = [
      ["mon"], ["tue", "tues"], ["wed", "weds", "wensday", "wendsday"], ["thu", "thur", "thurs"], ["fri"], ["sat"],
      ["sun"],
    ]
    for (index, words) in short.enumerated() { for word in words { found[word] = index } }
    return found
  }()

  /// 1 … 12: "may", "sept"; `nil` where "may" and "march" are verbs.
  static func month(_ words: [String], at index: Int) -> Int? {
    guard index < words.count, let month = months[words[index]] else { return nil }
    let before = index > 0 ? words[index - 1] : ""
    let after = index + 1 < words.count ? words[index + 1] : ""
    switch words[index] {
    case "may" where before == "of": return month
    case "may": return pronouns.contains(before) || pronouns.contains(after) || verbs.contains(after) ? nil : month
    case "march": return pronouns.contains(before) ? nil : month
    default: return month
    }
  }

  private static let months: [String: Int] = {
    var found: [String: Int] = [:]
    for (index, name) in CalendarDate.monthNames.enumerated() {
      found[name.lowercased()] = index + 1
      found[String(name.lowercased().prefix(3))] = index + 1
    }
    found["sept"] = 9
    return found
  }()

  /// "May third", "May the 3rd", "the third of May", "3 May", each with a year or not. Nothing for a day that the month does not have.
  static func monthDay(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    if let month = month(words, at: index) {
      let start = index + 1 < words.count && words[index + 1] == "the" ? index + 2 : index + 1
      guard start < words.count, let day = dayNumber(words, at: start) else { return nil }
      return monthDay(month, day.value, words, from: index, endingAt: start + day.length)
    }
    guard let day = dayNumber(words, at: index), index == 0 || SpokenCardinal.read(words, at: index - 1) == nil else {
      return nil
    }
    let link = index + day.length
    let place = link < words.count && words[link] == "of" ? link + 1 : link
    guard let month = month(words, at: place) else { return nil }
    return monthDay(month, day.value, words, from: index, endingAt: place + 1)
  }

  private static func monthDay(
    _ month: Int, _ day: Int, _ words: [String], from index: Int, endingAt end: Int
  ) -> (day: SpokenDay, length: Int)? {
    if words[min(end, words.count)...].starts(with: ["next", "year"]) {
      return (.nextYear(month: month, day: day), end + 2 - index)
    }
    let year = SpokenYear.read(words, at: end)
    guard CalendarDate(year: year?.value ?? 2000, month: month, day: day) != nil else { return nil }
    return (.monthDay(month: month, day: day, year: year?.value), end + (year?.length ?? 0) - index)
  }

  static func dayNumber(_ words: [String], at index: Int) -> (value: Int, length: Int)? {
    let found = NumberWords.ordinal(in: words, at: index) ?? SpokenCardinal.read(words, at: index)
    guard let found, (1...31).contains(found.value) else { return nil }
    return found
  }

  /// "The first Monday in May", "the last Friday of the month".
  static func countedWeekday(_ words: [String], at index: Int) -> (day: SpokenDay, length: Int)? {
    let count: (value: Int, length: Int)? = words[index] == "last" ? (-1, 1) : NumberWords.ordinal(in: words, at: index)
    guard let count, (-1...4).contains(count.value), count.value != 0, index + count.length < words.count,
      let weekday = weekdays[words[index + count.length]],
      let month = monthReference(words, at: index + count.length + 1)
    else { return nil }
    return (.countedWeekday(count.value, weekday: weekday, month.reference), count.length + 1 + month.length)
  }

  /// "Of the month", "in May", "of next month".
  static func monthReference(_ words: [String], at index: Int) -> (reference: MonthReference, length: Int)? {
    guard index + 1 < words.count, ["of", "in"].contains(words[index]) else { return nil }
    if words[index] == "in" || words[index] == "of", let month = month(words, at: index + 1) {
      return (.named(month), 2)
    }
    guard index + 2 < words.count, words[index + 2] == "month" else { return nil }
    switch words[index + 1] {
    case "the", "this": return (.this, 3)
    case "next": return (.next, 3)
    default: return nil
    }
  }

  /// "Of the month", "of next month".
  static func relativeMonth(_ words: [String], at index: Int) -> (reference: MonthReference, length: Int)? {
    guard let month = monthReference(words, at: index) else { return nil }
    if case .named = month.reference { return nil }
    return month
  }

  /// "Two weeks", "a fortnight", "a couple of days", in days.
  static func span(_ words: [String], at index: Int) -> (days: Int, length: Int)? {
    guard index < words.count else { return nil }
    let count: (value: Int, length: Int)
    if words[index] == "fortnight" { return (14, 1) }
    if words[index...].starts(with: ["a", "couple", "of"]) {
      count = (2, 3)
    } else if words[index] == "a" || words[index] == "an" {
      count = (1, 1)
    } else if let number = SpokenCardinal.read(words, at: index), (1...366).contains(number.value) {
      count = number
    } else {
      return nil
    }
    guard index + count.length < words.count else { return nil }
    switch words[index + count.length] {
    case "day", "days": return (count.value, count.length + 1)
    case "week", "weeks": return (count.value * 7, count.length + 1)
    case "fortnight", "fortnights": return (count.value * 14, count.length + 1)
    default: return nil
    }
  }

  /// Whether a length of time is none to be reckoned with: "one or two weeks", "at least a week", "half a week".
  static func isApproximate(_ words: [String], before index: Int) -> Bool {
    guard index > 0 else { return false }
    if ["or", "to", "and"].contains(words[index - 1]) {
      return index > 1 && (words[index - 2] == "a" || SpokenCardinal.read(words, at: index - 2) != nil)
    }
    return approximations.contains(words[index - 1])
  }

  private static let approximations: Set = [
    "least", "most", "than", "half", "about", "around", "approximately", "roughly", "almost", "nearly", "over", "under",
    "within",
  ]

  /// "The day before", "the day after", which a day follows.
  static func dayBesides(_ words: [String], at index: Int) -> (days: Int, length: Int)? {
    guard words[index] == "day", index + 1 < words.count, ["before", "after"].contains(words[index + 1]),
      index == 0 || !["a", "one"].contains(words[index - 1])
    else { return nil }
    return (1, 1)
  }
}

extension DateWords {
  /// Phrases with words of dates that speak of none, and how many words they have.
  static func harmless(_ words: [String], at index: Int) -> Int? {
    harmlessPhrases.longest(in: words, at: index)?.length
  }

  private static let harmlessPhrases = PhraseTable([
    "just a second", "one second", "a second", "in a second", "first thing", "first of all", "at first", "at last",
    "last name", "first name", "last time", "first time", "first visit", "day of the week", "all day", "any day",
    "every day",
    "of the day", "time of day", "days off", "day off", "last one", "first one", "next time", "year old", "years old",
    "after all", "before i forget", "before that", "after work", "after lunch", "before lunch", "before work",
    "after school",
    "before noon", "after noon", "in the afternoon", "this time",
  ])

  /// Whether what follows an ordinal makes it no day: "the first available", "the second week", "the third floor".
  static func isNoDay(after value: Int, _ words: [String], at index: Int) -> Bool {
    let next = words[index]
    if weekdays[next] != nil { return value <= 5 }
    if next == "of" { return index + 1 >= words.count || month(words, at: index + 1) == nil }
    return nouns.contains(next) || ["week", "weeks", "weekend", "half", "month", "year"].contains(next)
  }

  /// What people count or choose besides days.
  static let nouns: Set = [
    "available", "appointment", "appointments", "slot", "slots", "opening", "floor", "street", "avenue", "time",
    "thing", "one", "ones",
    "choice", "option", "visit", "child", "grade", "digit", "digits", "number", "thought", "thoughts", "name", "person",
    "class", "opinion",
    "possible", "free", "door", "row", "quarter", "try", "call", "date", "of", "half", "birthday", "anniversary",
    "item", "question",
  ]
  static let courtesies: Set = [
    "please", "thanks", "thank", "you", "yes", "yeah", "ok", "okay", "maybe", "the", "on", "its", "say", "lets", "well",
    "so", "sure", "then",
    "that", "is", "it", "be", "would", "i", "think", "um", "for", "just", "about", "perhaps", "probably", "day",
  ]
  /// What stands before an ordinal that is a day: "on the fifth", "the fourth – sorry, fifth".
  static let beforeOrdinal: Set = [
    "the", "on", "or", "and", "to", "of", "no", "sorry", "mean", "wait", "actually", "not", "but",
  ]
  /// What may stand between "next week" and the weekday.
  static let beforeWeekday: Set = ["on", "lets", "say", "maybe", "perhaps", "the", "like", "probably", "how", "about"]
  /// Speak of days or spans wherever they stand.
  static let vague: Set = [
    "week", "weeks", "weekend", "weekends", "weekday", "weekdays", "month", "months", "year", "years", "fortnight",
    "yesterday", "ago",
    "until", "till", "between", "since", "during", "throughout", "onwards", "onward", "christmas", "easter",
    "thanksgiving",
    "soonest", "earliest", "latest", "sometime", "days", "holiday", "holidays", "overmorrow", "daily", "weekly",
  ]
  /// Make a range of the day that follows.
  static let ordering: Set = ["before", "after", "by", "from", "around", "past", "through", "near"]
  /// Make a range of the day before or behind them: "later than Friday", "Friday or later".
  static let comparing: Set = ["later", "earlier", "sooner", "starting", "beginning", "commencing"]
  static let pronouns: Set = [
    "i", "we", "you", "he", "she", "they", "it", "who", "that", "this", "ive", "weve", "just", "to",
  ]
  private static let verbs: Set = [
    "be", "have", "not", "need", "want", "come", "as", "go", "take", "make", "get", "well", "also", "even", "still",
  ]
  /// What follows "Tuesday's" and not "Tuesdays".
  static let predicates: Set = [
    "good", "fine", "ok", "okay", "great", "best", "better", "perfect", "possible", "free", "not", "no", "out", "bad",
    "the", "when", "what",
    "my", "cool", "alright", "all", "too", "going", "easier", "easiest", "ideal", "convenient", "only", "lovely", "off",
    "impossible", "a",
  ]
  /// Words after a number that make it a time or a count.
  static let afterHours: Set = [
    "am", "pm", "a", "p", "oclock", "o", "people", "persons", "of", "minutes", "hours", "ish", "sharp", "in", "times",
    "guests", "adults",
    "kids", "children", "seats", "tickets", "at", "hundred", "noon",
  ]
}

/// A year as people say it: "2027", "nineteen ninety", "twenty oh seven", "two thousand and seven", "'26".
enum SpokenYear {
  static func read(_ words: [String], at index: Int) -> (value: Int, length: Int)? {
    guard index < words.count, let first = SpokenCardinal.read(words, at: index) else { return nil }
    if sensible.contains(first.value) { return first }
    let next = index + first.length
    if [19, 20].contains(first.value), next < words.count, words[index].count > 2 || words[next].count > 1 {
      if ["oh", "o", "zero"].contains(words[next]), next + 1 < words.count,
        let unit = NumberWords.units.firstIndex(of: words[next + 1])
      {
        return (first.value * 100 + unit, first.length + 2)
      }
      if words[next] == "hundred" { return (first.value * 100, first.length + 1) }
      if let second = SpokenCardinal.read(words, at: next), (10...99).contains(second.value),
        !isHour(words, at: next + second.length)
      {
        return (first.value * 100 + second.value, first.length + second.length)
      }
    }
    // Two digits that no hour has.
    guard words[index].utf8.count == 2, words[index].isASCIIDigits, !isHour(words, at: next) else { return nil }
    if words[index].hasPrefix("0") || (24...49).contains(first.value) { return (2000 + first.value, 1) }
    return first.value >= 50 ? (1900 + first.value, 1) : nil
  }

  private static func isHour(_ words: [String], at index: Int) -> Bool {
    index < words.count && DateWords.afterHours.contains(words[index])
  }

  private static let sensible = 1900...2100
}

/// A date in numbers: `5/23`, `5/23/2026`, `23.5.2026`, `2026-05-03`.
enum NumericDate {
  /// - Parameter order: decides where either order would do.
  static func read(_ words: [String], at index: Int, _ order: DateOrder?) -> (day: SpokenDay, length: Int)? {
    if let date = iso(words, at: index) { return (.exactly(date), 3) }
    let word = words[index]
    for mark in ["/", "."] where word.contains(mark) {
      let pieces = word.split(separator: mark, omittingEmptySubsequences: false)
      guard pieces.count == 3 || (pieces.count == 2 && mark == "/"), let numbers = numbers(pieces) else { return nil }
      return day(numbers, order, isDotted: mark == ".").map { ($0, 1) }
    }
    // 5-23-2026
    guard index + 2 < words.count, words[index + 2].utf8.count == 4,
      let numbers = numbers(words[index..<(index + 3)].map { $0[...] })
    else { return nil }
    return day(numbers, order, isDotted: false).map { ($0, 3) }
  }

  private static func numbers(_ pieces: [Substring]) -> [Int]? {
    guard pieces.allSatisfy({ (1...4).contains($0.utf8.count) && $0.isASCIIDigits }) else { return nil }
    guard pieces[0].count <= 2, pieces[1].count <= 2, pieces.count == 2 || [2, 4].contains(pieces[2].count) else {
      return nil
    }
    return pieces.compactMap { Int($0) }
  }

  /// - Parameter isDotted: with full stops, which those write who put the day first.
  private static func day(_ numbers: [Int], _ order: DateOrder?, isDotted: Bool) -> SpokenDay? {
    let year = numbers.count == 3 ? (numbers[2] < 100 ? (numbers[2] < 50 ? 2000 : 1900) + numbers[2] : numbers[2]) : nil
    let readings = [
      (month: numbers[0], day: numbers[1], order: DateOrder.monthFirst), (numbers[1], numbers[0], .dayFirst),
    ]
    .filter { CalendarDate(year: year ?? 2000, month: $0.month, day: $0.day) != nil }
    let order = isDotted ? .dayFirst : order
    let chosen = readings.count == 2 && numbers[0] != numbers[1] ? readings.first { $0.order == order } : readings.first
    return chosen.map { .monthDay(month: $0.month, day: $0.day, year: year) }
  }

  private static func iso(_ words: [String], at index: Int) -> CalendarDate? {
    guard index + 2 < words.count else { return nil }
    guard words[index].utf8.count == 4, words[index + 1].utf8.count == 2, words[index + 2].utf8.count == 2 else {
      return nil
    }
    return CalendarDate(words[index..<(index + 3)].joined(separator: "-"))
  }
}
