/// A time of day as people say it: "half past three", "3 p.m.", "3:30", "three thirty in the afternoon", "in the morning at seven", "noon".
///
/// An hour of 1 to 7 that nothing is said about is one of the afternoon, 8 to 12 are as they stand: the hours in which offices
/// are open. `03:30` with its zero, and hours above 12, leave nothing to guess.
enum SpokenTime {
  /// `15:30`.
  /// - Returns: `nil` when there is no time in the words, more than one, or a word about times that no time accounts for.
  static func value(in heard: UtteranceWords, _ context: SpokenContext) -> String? {
    guard heard.words.count <= UtteranceWords.valueWordsMax else { return nil }
    let words = TimeWords.withoutContractions(heard.words)
    return SaidValue.only(in: words, by: TimeGrammar(minuteOfDay: context.minuteOfDay))?.text
  }

  /// The time that four keys mean: `1530`; three keys are read as `0930`.
  static func value(keys: String) -> String? {
    guard (3...4).contains(keys.count), let number = Int(keys) else { return nil }
    return ClockReading(hour: number / 100, minute: number % 100, isLiteral: true)?.text
  }
}

/// A time that was said, or a part of the day that belongs to one.
enum SpokenClock: Hashable {
  case time(ClockReading, PartOfDay?)
  case part(PartOfDay)

  /// `15:30`; `nil` for a part of the day alone, or one that the hour is not in.
  var text: String? { if case .time(let clock, let part) = self { clock.text(in: part) } else { nil } }
}

/// How times of day are said.
struct TimeGrammar: SpokenGrammar {
  /// Now; `nil` where it is not known, and "in half an hour" is no time.
  let minuteOfDay: Int?

  func phrase(in words: [String], at index: Int) -> SpokenPhrase<SpokenClock>? {
    if let length = TimeWords.harmless(words, at: index) { return SpokenPhrase(.nothing, length) }
    if let span = TimeWords.fromNow(words, at: index) { return later(by: span.minutes, span.length) }
    if let found = ClockPhrases.certain(words, at: index) {
      return .init(.value(time(found, words, index).0), time(found, words, index).1)
    }
    if let part = PartOfDay.find(in: words, at: index) {
      return SpokenPhrase(meaning(of: part, words, index), part.length)
    }
    return bare(words, at: index) ?? remainder(words, at: index)
  }

  func merged(_ values: [SpokenClock], denied: Set<SpokenClock>) -> SpokenClock? {
    var (clocks, parts): (Set<ClockReading>, Set<PartOfDay>) = ([], [])
    for value in values {
      switch value {
      case .time(let clock, let part):
        clocks.insert(clock)
        if let part { parts.insert(part) }
      case .part(let part): parts.insert(part)
      }
    }
    guard clocks.count <= 1 else { return nil }
    guard let part = parts.first else { return clocks.first.flatMap { allowed(.time($0, nil), denied) } }
    guard let clock = clocks.first else { return parts.count == 1 ? .part(part) : nil }
    let texts = Set(parts.map { clock.text(in: $0) })
    guard texts.count == 1, texts.first != .some(nil) else { return nil }
    return allowed(.time(clock, part), denied)
  }

  /// "In the afternoon" or another hour may be all that is new.
  func corrected(_ old: SpokenClock, by new: SpokenClock) -> SpokenClock? {
    switch (old, new) {
    case (.time(let clock, _), .part(let part)): return .time(clock, part)
    case (.time(_, let part?), .time(let clock, nil)):
      // "Nine in the evening – no, eight"; but who takes back "one in the afternoon" for "nine" may mean either.
      guard let inherited = clock.text(in: part), let before = old.text, !inherited.hasPrefix("00") else { return new }
      if inherited == new.text { return .time(clock, part) }
      return abs(ClockReading.hours(inherited) - ClockReading.hours(before)) <= 2 ? .time(clock, part) : nil
    default: return new
    }
  }

  /// "Not in the morning, at ten": at which ten?
  private func allowed(_ value: SpokenClock, _ denied: Set<SpokenClock>) -> SpokenClock? {
    guard let text = value.text else { return nil }
    let contradicts = denied.contains { other in
      switch other {
      case .time: other == value || other.text == text
      case .part(.morning): text < "12:00"
      case .part(.afternoon), .part(.evening), .part(.night): text >= "12:00"
      }
    }
    return contradicts ? nil : value
  }

  private func later(by minutes: Int, _ length: Int) -> SpokenPhrase<SpokenClock> {
    guard let minuteOfDay else { return SpokenPhrase(.leftover, length) }
    let then = minuteOfDay + minutes
    guard then < 24 * 60, let clock = ClockReading(hour: then / 60, minute: then % 60, isLiteral: true) else {
      return SpokenPhrase(.leftover, length)
    }
    return SpokenPhrase(.value(.time(clock, nil)), length)
  }
}

extension TimeGrammar {
  /// An hour that nothing marks as one: "three", "330".
  private func bare(_ words: [String], at index: Int) -> SpokenPhrase<SpokenClock>? {
    guard let found = ClockPhrases.bare(words, at: index) else { return nil }
    let end = index + found.length
    let after = end < words.count ? words[end] : ""
    let before = index > 0 ? words[index - 1] : ""
    if TimeWords.units.contains(after),
      after != "hours"
        || !(TimeWords.marksTime(words, before: index)
          || words[index].utf8.count >= 3 && words[index].isASCIIDigits)
    {
      return SpokenPhrase(TimeWords.beforeSpan.contains(before) ? .nothing : .leftover, found.length + 1)
    }
    if let number = SpokenCardinal.read(words, at: end), ClockPhrases.bare(words, at: end) == nil {
      return SpokenPhrase(.leftover, found.length + number.length)  // "nine seventy"
    }
    if end + 1 == words.count, ["to", "past", "of", "till"].contains(after) {
      return SpokenPhrase(.leftover, found.length)
    }
    let (value, length) = time(found, words, index)
    let isFree =
      end == words.count || TimeWords.afterBare.contains(after) || DateWords.isWeekdayName(after)
      || ClockPhrases.bare(words, at: end) != nil
    if length == found.length, !isFree { return SpokenPhrase(.nothing, length) }
    if TimeWords.marksTime(words, before: index) || length > found.length {
      return SpokenPhrase(TimeWords.counted.contains(after) ? .nothing : .value(value), length)
    }
    if isBesideAnother(words, index..<end) {
      return SpokenPhrase(TimeWords.counted.contains(after) ? .nothing : .value(value), length)
    }
    let isPlaced = index == 0 || TimeWords.beforeBare.contains(before) || DateWords.isWeekdayName(before)
    if TimeWords.isOpposed(words, index..<end) { return SpokenPhrase(.value(value), length) }
    return SpokenPhrase(isPlaced ? .weak(value) : .nothing, length)
  }

  /// The time with what belongs to it and follows directly: "p.m.", "in the morning", "sharp".
  private func time(_ found: ClockPhrases.Found, _ words: [String], _ index: Int) -> (SpokenClock, length: Int) {
    let end = index + found.length
    let manner = TimeWords.manner(words, at: end)
    let part = PartOfDay.find(in: words, at: end + manner)
    return (.time(found.clock, part?.part), found.length + manner + (part?.length ?? 0))
  }

  /// Whether it is one of two: "seven to nine", "three, four", "noon or one".
  private func isBesideAnother(_ words: [String], _ place: Range<Int>) -> Bool {
    let joining: Set = ["or", "to", "and", "till", "until", "through"]
    let before = place.lowerBound > 0 ? words[place.lowerBound - 1] : ""
    if joining.contains(before) || ClockPhrases.mayEndClock(before) { return true }
    guard place.upperBound < words.count else { return false }
    let next = joining.contains(words[place.upperBound]) ? place.upperBound + 1 : place.upperBound
    return ClockPhrases.certain(words, at: next) != nil || ClockPhrases.bare(words, at: next) != nil
  }

  /// "Morning!" is a greeting, "mornings" a habit and "a night nurse" a trade. Where such a word would change the time, nobody knows
  /// whether it belongs to it.
  private func meaning(
    of part: (part: PartOfDay, length: Int), _ words: [String], _ index: Int
  ) -> SpokenPhrase<SpokenClock>.Meaning {
    let detail = SpokenPhrase<SpokenClock>.Meaning.detail(.part(part.part))
    guard part.length == 1, PartOfDay.names.contains(words[index]) else { return detail }
    if words[index].hasSuffix("s") { return .leftover }
    let end = index + 1
    let next = end < words.count ? words[end] : ""
    if words[..<index].allSatisfy(["hi", "hello", "hey"].contains) {
      let places = words.indices.dropFirst(end)
      let found = places.first {
        ClockPhrases.certain(words, at: $0) != nil || ClockPhrases.bare(words, at: $0) != nil
      }
      guard let found, let clock = ClockPhrases.certain(words, at: found) ?? ClockPhrases.bare(words, at: found) else {
        return detail
      }
      let said = time(clock, words, found).0
      if case .time(_, .some) = said { return .nothing }
      return clock.clock.text(in: part.part) == said.text ? .nothing : .leftover
    }
    let isTrade = words[index] == "night" || ["a", "an"].contains(words[index - 1])
    let isFree = next.isEmpty || TimeWords.afterBare.contains(next) || speaks(words, at: end)
    return isTrade && !isFree ? .leftover : detail
  }

  /// What speaks of times and names none.
  private func remainder(_ words: [String], at index: Int) -> SpokenPhrase<SpokenClock>? {
    let word = words[index]
    if let date = DateWords.monthDay(words, at: index) { return SpokenPhrase(.nothing, date.length) }
    if let ordinal = NumberWords.ordinal(in: words, at: index) { return SpokenPhrase(.nothing, ordinal.length) }
    if let length = TimeWords.restart(words, at: index) { return SpokenPhrase(.nothing, length) }
    if TimeWords.vague.contains(word) { return SpokenPhrase(.leftover, 1) }
    if TimeWords.ordering.contains(word) {
      let rest =
        index + 1 < words.count && ["the", "this", "that", "about"].contains(words[index + 1]) ? index + 2 : index + 1
      let speaksOfTime = rest >= words.count || speaks(words, at: rest)
      return SpokenPhrase(speaksOfTime ? .leftover : .nothing, 1)
    }
    if ["later", "earlier", "sooner"].contains(word) {
      let before = words[max(0, index - 2)..<index]
      let than = index + 1 < words.count && words[index + 1] == "than" ? index + 2 : nil
      let isOpen =
        before.contains { ["or", "no", "any", "not", "and"].contains($0) }
        || than.map { speaks(words, at: $0) } ?? false
      return SpokenPhrase(isOpen ? .leftover : .nothing, 1)
    }
    if ["starting", "beginning"].contains(word) {
      let isOpen = (1...2).contains { speaks(words, at: index + $0) }
      return SpokenPhrase(isOpen ? .leftover : .nothing, 1)
    }
    // 25:99, and a number that is none of a clock.
    if word.contains(":") { return SpokenPhrase(.leftover, 1) }
    return SpokenCardinal.read(words, at: index).map { number in
      let end = index + number.length
      let isUnit =
        end < words.count
        && (TimeWords.units.contains(words[end]) || words[end] == "oclock" || words[end] == "am" || words[end] == "pm")
      if isUnit, index > 0, TimeWords.beforeSpan.contains(words[index - 1]) {
        return SpokenPhrase(.nothing, number.length + 1)
      }
      let isNew = end == words.count && index > 0 && TimeWords.correcting.contains(words[index - 1])
      return SpokenPhrase(
        isUnit || isNew || TimeWords.marksTime(words, before: index) ? .leftover : .nothing, number.length)
    }
  }

  private func speaks(_ words: [String], at index: Int) -> Bool {
    ClockPhrases.certain(words, at: index) != nil || ClockPhrases.bare(words, at: index) != nil
      || PartOfDay.find(in: words, at: index) != nil
  }
}

/// Hour and minute as they were said, before it is known which half of the day they belong to.
struct ClockReading: Hashable {
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

  /// - Parameter written: such as `15:30`.
  init?(written: String) {
    let pieces = written.split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces.allSatisfy({ $0.utf8.count == 2 && $0.isASCIIDigits }),
      let hour = Int(pieces[0]),
      let minute = Int(pieces[1])
    else { return nil }
    self.init(hour: hour, minute: minute, isLiteral: true)
  }

  /// Since midnight, as it stands: 0 … 1439.
  var minuteOfDay: Int { hour * 60 + minute }

  /// `15:30`, as it stands.
  var text: String { ClockReading.text(hour, minute) }

  /// `15:30`, with the part of the day that was said, or the guess that `SpokenTime` describes. `nil` for 15:30 in the morning.
  func text(in part: PartOfDay?) -> String? {
    guard let part else { return isLiteral ? text : ClockReading.text(hour <= 7 ? hour + 12 : hour, minute) }
    guard isLiteral else { return part.hour(hour).map { ClockReading.text($0, minute) } }
    return part.contains(hour) ? text : nil
  }

  /// The hour of such a text.
  static func hours(_ text: String) -> Int { Int(text.prefix(2)) ?? 0 }

  private static func text(_ hour: Int, _ minute: Int) -> String {
    (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
  }
}

/// The part of the day that belongs to an hour of 1 … 12.
enum PartOfDay: Hashable, Sendable {
  /// "a.m.", "in the morning".
  case morning
  /// "p.m.", "in the afternoon".
  case afternoon
  /// "In the evening", "tonight".
  case evening
  /// "at night": late or very early.
  case night

  /// The hour of 0 … 23; `nil` where nobody would say so.
  func hour(_ hour: Int) -> Int? {
    switch self {
    case .morning: hour == 12 ? 0 : hour
    case .afternoon: hour == 12 ? 12 : hour + 12
    case .evening: hour == 12 ? nil : hour + 12
    case .night: hour == 12 ? 0 : hour <= 5 ? hour : hour + 12
    }
  }

  /// Alone they greet too, and speak of habits: "morning!", "I work mornings".
  static let names: Set = ["morning", "afternoon", "evening", "night", "mornings", "afternoons", "evenings"]

  /// Whether an hour of 0 … 23 is in it.
  func contains(_ hour: Int) -> Bool {
    switch self {
    case .morning: hour < 12
    case .afternoon: hour >= 12
    case .evening: hour >= 16
    case .night: hour >= 18 || hour < 6
    }
  }

  /// The part of the day that is named at `index`, such as "pm" or "in the afternoon", and how many words that takes.
  static func find(in words: [String], at index: Int) -> (part: PartOfDay, length: Int)? {
    guard index < words.count else { return nil }
    let before = index > 0 ? words[index - 1] : ""
    guard let found = phrases.longest(in: words, at: index) else { return nil }
    // "I am free at three": a part of the day stands behind a number.
    if ["am", "a"].contains(words[index]), !ClockPhrases.mayEndClock(before) { return nil }
    return (found.meaning, found.length)
  }

  private static let phrases = PhraseTable<PartOfDay>([
    ("in the early morning", .morning), ("in the late morning", .morning), ("in the late afternoon", .afternoon),
    ("in the early evening", .evening), ("in the early afternoon", .afternoon), ("in the late evening", .evening),
    ("in the middle of the night", .night), ("in the morning", .morning), ("in the mornings", .morning),
    ("in the afternoon", .afternoon), ("in the evening", .evening), ("in the night", .night), ("at night", .night),
    ("this morning", .morning), ("this afternoon", .afternoon), ("this evening", .evening), ("tonight", .evening),
    ("morning", .morning), ("afternoon", .afternoon), ("evening", .evening), ("night", .night),
    ("mornings", .morning), ("afternoons", .afternoon), ("evenings", .evening), ("tonights", .evening),
    ("am", .morning), ("a m", .morning), ("pm", .afternoon), ("p m", .afternoon),
  ])
}
