/// Turns values into the words that people say for them, in English.
package enum SpokenForm {
  /// `15:30` → "half past three", `2026-05-03` → "Sunday the third of May", `2026-05-03T15:30:00Z` → both, with "at" between them;
  /// anything else stays as it is.
  package static func of(_ value: String, today: CalendarDate?) -> String {
    if let date = CalendarDate(value) { return SpokenForm.date(date, today: today) }
    return SpokenForm.clockTime(value) ?? SpokenForm.instant(value, today: today) ?? value
  }

  /// `2026-05-03T15:30`, with seconds, fractions of them and a zone or without, and with a blank for the T: what tools send. The hour is said as
  /// it is written, whatever the zone.
  private static func instant(_ value: String, today: CalendarDate?) -> String? {
    guard value.utf8.count <= 40, value.count > 11, let date = CalendarDate(String(value.prefix(10))) else {
      return nil
    }
    let rest = value.dropFirst(10)
    guard let separator = rest.first, separator == "T" || separator == " " else { return nil }
    let clock = rest.dropFirst().prefix { $0.isASCIIDigit || $0 == ":" }
    let zone = rest.dropFirst(1 + clock.count).drop { $0 == "." || $0.isASCIIDigit }
    let isZone = zone.isEmpty || zone == "Z" || zone.first.map { "+-".contains($0) } ?? false
    guard isZone, zone.dropFirst().allSatisfy({ $0.isASCIIDigit || $0 == ":" }), let time = clockTime(String(clock))
    else {
      return nil
    }
    return "\(SpokenForm.date(date, today: today)) at \(time)"
  }

  /// `15:30` and `15:30:00`.
  private static func clockTime(_ value: String) -> String? {
    let pieces = value.split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count == 3, pieces[2].count == 2, pieces[2].allSatisfy(\.isASCIIDigit) else { return time(value) }
    return time(String(value.dropLast(3)))
  }

  /// Every digit as a word, in groups that a listener can keep: "four seven one, one two three". Letters stay.
  package static func digits(of value: String) -> String {
    let words = value.filter { $0.isLetter || $0.isNumber }.map { character in
      character.wholeNumberValue.flatMap { NumberWords.units.indices.contains($0) ? NumberWords.units[$0] : nil }
        ?? String(character).uppercased()
    }
    let group = words.count <= 4 ? 4 : words.count % 3 == 1 && words.count % 4 == 0 ? 4 : 3
    return stride(from: 0, to: words.count, by: group)
      .map { words[$0..<min($0 + group, words.count)].joined(separator: " ") }
      .joined(separator: ", ")
  }

  /// Weekday and date, "today" and "tomorrow" before them, and the year where it is another one: whole, so that who hears it knows what is kept.
  package static func date(_ date: CalendarDate, today: CalendarDate?) -> String {
    let month = CalendarDate.monthNames[date.month - 1]
    let day = "\(date.weekdayName) the \(NumberWords.ordinal(date.day)) of \(month)"
    guard let today else { return day }
    let name = ["today, ", "tomorrow, "]
    let ahead = date.dayNumber - today.dayNumber
    let year = date.year == today.year ? "" : " \(NumberWords.year(date.year))"
    return (name.indices.contains(ahead) ? name[ahead] : "") + day + year
  }

  /// Hours that `SpokenTime` would not guess from the bare words get "in the morning" and the like.
  package static func time(_ value: String) -> String? {
    let pieces = value.split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces.allSatisfy({ $0.count == 2 }), let hour = Int(pieces[0]),
      let minute = Int(pieces[1]),
      (0...23).contains(hour), (0...59).contains(minute)
    else { return nil }
    if minute == 0, hour == 0 { return "midnight" }
    if minute == 0, hour == 12 { return "noon" }
    return clock(hour, minute) + partOfDay(hour)
  }

  private static func clock(_ hour: Int, _ minute: Int) -> String {
    let name = hourName(hour)
    switch minute {
    case 0: return "\(name) o'clock"
    case 15: return "quarter past \(name)"
    case 30: return "half past \(name)"
    case 45: return "quarter to \(hourName(hour + 1))"
    case 1...9: return "\(name) oh \(NumberWords.cardinal(minute))"
    default: return "\(name) \(NumberWords.cardinal(minute))"
    }
  }

  private static func hourName(_ hour: Int) -> String { NumberWords.cardinal((hour + 11) % 12 + 1) }

  private static func partOfDay(_ hour: Int) -> String {
    switch hour {
    case 0: " at night"
    case 1...7: " in the morning"
    case 20...23: " in the evening"
    default: ""
    }
  }
}
