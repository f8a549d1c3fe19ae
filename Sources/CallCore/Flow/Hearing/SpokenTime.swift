/// A time of day as people say it: "half past three", "3 p.m.", "3:30", "three thirty in the afternoon", "noon".
///
/// An hour of 1 to 7 that nothing is said about is one of the afternoon, 8 to 12 are as they stand: the hours in which offices
/// are open. `03:30` with its zero, and hours above 12, leave nothing to guess.
enum SpokenTime {
  /// `15:30`; `nil` when there is no time in the words or more than one.
  static func value(in heard: UtteranceWords) -> String? {
    let words = heard.words
    let found = Set(words.readings { time(words, at: $0) }.map(\.text))
    return found.count == 1 ? found.first : nil
  }

  /// The time that four keys mean: `1530`; three keys are read as `0930`.
  static func value(keys: String) -> String? {
    guard (3...4).contains(keys.count), let number = Int(keys) else { return nil }
    return ClockReading(hour: number / 100, minute: number % 100, isLiteral: true)?.text
  }

  private static func time(_ words: [String], at index: Int) -> (text: String, length: Int)? {
    if ["noon", "midday"].contains(words[index]) { return ("12:00", 1) }
    if words[index] == "midnight" { return ("00:00", 1) }
    guard let reading = pastOrTo(words, index) ?? numeral(words, index) ?? hourAndMinute(words, index) else {
      return nil
    }
    let part = PartOfDay.find(in: words, from: index + reading.length)
    guard reading.isCertain || part != nil || isBareTime(words, index, reading.length),
      let text = reading.clock.text(in: part?.part)
    else { return nil }
    return (text, reading.length + (part?.length ?? 0))
  }

  private typealias Reading = (clock: ClockReading, length: Int, isCertain: Bool)

  /// "half past three", "quarter to four", "ten minutes past three", and the British "half three".
  private static func pastOrTo(_ words: [String], _ index: Int) -> Reading? {
    var position = words[index] == "a" ? index + 1 : index
    guard position < words.count else { return nil }
    let minute: Int
    if words[position] == "half" || words[position] == "quarter" {
      minute = words[position] == "half" ? 30 : 15
      position += 1
    } else if let number = SpokenCardinal.read(words, at: position), (1...29).contains(number.value) {
      minute = number.value
      position += number.length
      if position < words.count, words[position].hasPrefix("minute") { position += 1 }
    } else {
      return nil
    }
    guard position < words.count else { return nil }
    let link = words[position]
    let isHalfHour = minute == 30 && words[position - 1] == "half" && hour(words, position) != nil
    if !isHalfHour { position += 1 }
    guard isHalfHour || ["past", "after", "to", "of", "till", "before"].contains(link),
      let hour = hour(words, position), (1...12).contains(hour.value)
    else { return nil }
    let isBefore = !isHalfHour && !["past", "after"].contains(link)
    let whole = isBefore ? (hour.value + 10) % 12 + 1 : hour.value
    guard let clock = ClockReading(hour: whole, minute: isBefore ? 60 - minute : minute, isLiteral: false) else {
      return nil
    }
    return (clock, position + hour.length - index, true)
  }

  /// `3:30`, `15:30`, `3.30`, `330 pm`.
  private static func numeral(_ words: [String], _ index: Int) -> Reading? {
    let word = words[index]
    let pieces = word.split { $0 == ":" || $0 == "." }
    if pieces.count == 2, pieces[1].count == 2, pieces[0].count <= 2, let hour = Int(pieces[0]),
      let minute = Int(pieces[1])
    {
      let isLiteral = pieces[0].hasPrefix("0")
      return ClockReading(hour: hour, minute: minute, isLiteral: isLiteral).map { ($0, 1, word.contains(":")) }
    }
    guard (3...4).contains(word.count), let number = Int(word) else { return nil }
    return ClockReading(hour: number / 100, minute: number % 100, isLiteral: word.hasPrefix("0")).map { ($0, 1, false) }
  }

  /// "three", "three o'clock", "three thirty", "three oh five", "3 15".
  private static func hourAndMinute(_ words: [String], _ index: Int) -> Reading? {
    guard let hour = hour(words, index) else { return nil }
    let after = index + hour.length
    if after < words.count, words[after] == "oclock" {
      return ClockReading(hour: hour.value, minute: 0, isLiteral: false).map { ($0, hour.length + 1, true) }
    }
    if let minute = minute(words, after) {
      return ClockReading(hour: hour.value, minute: minute.value, isLiteral: false)
        .map { ($0, hour.length + minute.length, true) }
    }
    return ClockReading(hour: hour.value, minute: 0, isLiteral: false).map { ($0, hour.length, false) }
  }

  private static func hour(_ words: [String], _ index: Int) -> (value: Int, length: Int)? {
    guard index < words.count else { return nil }
    if let small = NumberWords.units.firstIndex(of: words[index]), small > 0 { return (small, 1) }
    guard words[index].count <= 2 || !words[index].allSatisfy(\.isASCIIDigit),
      let number = SpokenCardinal.read(words, at: index), number.value <= 23
    else { return nil }
    return number
  }

  private static func minute(_ words: [String], _ index: Int) -> (value: Int, length: Int)? {
    guard index < words.count else { return nil }
    if ["oh", "o", "zero"].contains(words[index]), index + 1 < words.count,
      let unit = NumberWords.units.firstIndex(of: words[index + 1])
    {
      return (unit, 2)
    }
    guard words[index].count == 2 || !words[index].allSatisfy(\.isASCIIDigit),
      let number = SpokenCardinal.read(words, at: index), (10...59).contains(number.value)
    else { return nil }
    return number
  }

  /// A number alone is a time only where nothing else can be meant: after "at" and the like, or when it is all that was said.
  private static func isBareTime(_ words: [String], _ index: Int, _ length: Int) -> Bool {
    if index > 0, ["at", "around", "about", "by", "say"].contains(words[index - 1]) { return true }
    let others = words[..<index] + words[(index + length)...]
    return others.allSatisfy { ["please", "for", "maybe", "yes", "ok", "okay", "lets"].contains($0) }
  }
}

/// Hour and minute as they were said, before it is known which half of the day they belong to.
struct ClockReading: Equatable {
  private let hour: Int
  private let minute: Int
  /// The hour counts from midnight; nothing is to be guessed.
  private let isLiteral: Bool

  /// `nil` for what no clock shows.
  init?(hour: Int, minute: Int, isLiteral: Bool) {
    guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
    self.hour = hour
    self.minute = minute
    self.isLiteral = isLiteral || hour > 12 || hour == 0
  }

  /// `15:30`, as it stands.
  var text: String { ClockReading.text(hour, minute) }

  /// `15:30`, with the part of the day that was said, or the guess that `SpokenTime` describes. `nil` for 15:30 in the morning.
  func text(in part: PartOfDay?) -> String? {
    guard !isLiteral else { return part == .morning && hour > 12 ? nil : text }
    return ClockReading.text(part.map { $0.hour(hour) } ?? (hour <= 7 ? hour + 12 : hour), minute)
  }

  private static func text(_ hour: Int, _ minute: Int) -> String {
    (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
  }
}

/// The part of the day that belongs to an hour of 1 … 12.
enum PartOfDay {
  /// "a.m.", "in the morning".
  case morning
  /// "p.m.", "in the afternoon", "in the evening".
  case afternoon
  /// "at night": late or very early.
  case night

  /// The hour of 0 … 23.
  func hour(_ hour: Int) -> Int {
    switch self {
    case .morning: hour == 12 ? 0 : hour
    case .afternoon: hour == 12 ? 12 : hour + 12
    case .night: hour == 12 ? 0 : hour <= 5 ? hour : hour + 12
    }
  }

  /// The part of the day that is named at `index`, such as "pm" or "in the afternoon", and how many words that takes.
  static func find(in words: [String], from index: Int) -> (part: PartOfDay, length: Int)? {
    let rest = Array(words[min(index, words.count)...].prefix(4))
    for (phrase, part) in phrases where rest.starts(with: phrase) { return (part, phrase.count) }
    // "at three tomorrow afternoon": the day may stand between.
    guard rest.count >= 2 else { return nil }
    switch rest[1] {
    case "morning": return (.morning, 2)
    case "afternoon", "evening": return (.afternoon, 2)
    case "night": return (.night, 2)
    default: return nil
    }
  }

  private static let phrases: [([String], PartOfDay)] = [
    (["am"], .morning), (["a", "m"], .morning), (["pm"], .afternoon), (["p", "m"], .afternoon),
    (["in", "the", "morning"], .morning), (["in", "the", "afternoon"], .afternoon),
    (["in", "the", "evening"], .afternoon), (["this", "afternoon"], .afternoon), (["this", "evening"], .afternoon),
    (["tonight"], .afternoon), (["at", "night"], .night), (["oclock", "am"], .morning), (["oclock", "pm"], .afternoon),
  ]
}
