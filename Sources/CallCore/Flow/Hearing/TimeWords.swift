/// Words and phrases of times.
enum TimeWords {
  /// Phrases with words of times that speak of none, and how many words they have.
  static func harmless(_ words: [String], at index: Int) -> Int? {
    harmlessPhrases.longest(in: words, at: index)?.length
  }

  private static let harmlessPhrases = PhraseTable([
    "good morning", "good afternoon", "good evening", "good night", "just a minute", "one minute please",
    "just one minute", "a minute",
    "one moment", "one second", "a second", "a quarter of the", "half of us", "better half", "the other half",
    "last night", "at first",
    "every hour", "after all", "no time", "this time", "on time", "in time", "next time", "at a time", "one of",
    "one thing", "this one",
    "that one", "the one", "first one", "last one", "which one", "no one", "any one", "another one", "one more",
  ])

  /// "In half an hour", "in twenty minutes", "two hours from now", in minutes.
  static func fromNow(_ words: [String], at index: Int) -> (minutes: Int, length: Int)? {
    if words[index] == "in", index + 1 < words.count, let span = span(words, at: index + 1) {
      let end = index + 1 + span.length
      return (span.minutes, span.length + (end < words.count && words[end] == "time" ? 2 : 1))
    }
    guard !DateWords.isApproximate(words, before: index), let span = span(words, at: index),
      words[(index + span.length)...].starts(with: ["from", "now"])
    else {
      return nil
    }
    return (span.minutes, span.length + 2)
  }

  private static func span(_ words: [String], at index: Int) -> (minutes: Int, length: Int)? {
    if let found = spans.longest(in: words, at: index) { return (found.meaning, found.length) }
    guard let number = SpokenCardinal.read(words, at: index), (1...600).contains(number.value),
      index + number.length < words.count
    else { return nil }
    switch words[index + number.length] {
    case "minute", "minutes", "mins", "min": return (number.value, number.length + 1)
    case "hour", "hours": return number.value <= 23 ? (number.value * 60, number.length + 1) : nil
    default: return nil
    }
  }

  private static let spans = PhraseTable([
    ("an hour and a half", 90), ("one and a half hours", 90), ("a quarter of an hour", 15), ("quarter of an hour", 15),
    ("three quarters of an hour", 45), ("half an hour", 30), ("half hour", 30), ("a half hour", 30), ("an hour", 60),
    ("a couple of hours", 120),
    ("a couple hours", 120), ("a minute", 1),
  ])

  /// "Half past four's fine" without the mark of what was left out.
  static func withoutContractions(_ words: [String]) -> [String] {
    var words = words
    for index in words.indices.dropLast()
    where words[index].hasSuffix("s") && DateWords.predicates.contains(words[index + 1]) {
      let stem = String(words[index].dropLast())
      // "Ten, ten's good" is no ten past ten.
      if index > 0, words[index - 1] == stem { continue }
      if ClockPhrases.mayEndClock(stem) || ["noon", "midnight", "midday"].contains(stem) { words[index] = stem }
    }
    return words
  }

  /// "Quarter past" where "quarter past four" follows.
  static func restart(_ words: [String], at index: Int) -> Int? {
    let phrase = words[index...].prefix(2)
    guard phrase.count == 2, ["half", "quarter"].contains(words[index]) else { return nil }
    return [2, 3].first { words.dropFirst(index + $0).starts(with: phrase) }
  }

  /// What a length of time stands behind that is no time of day: "it takes thirty minutes".
  static let beforeSpan: Set = ["take", "takes", "for", "lasts", "last", "need", "needs", "about"]

  /// "Sharp", "on the dot", "ish" behind a time, and how many words it has.
  static func manner(_ words: [String], at index: Int) -> Int {
    guard index < words.count else { return 0 }
    return manners.longest(in: words, at: index)?.length ?? 0
  }

  private static let manners = PhraseTable(["on the dot", "sharp", "ish", "exactly", "hours"])

  /// Whether the words before make a number a time: "at", "around", "make it", "how about".
  static func marksTime(_ words: [String], before index: Int) -> Bool {
    guard index > 0 else { return false }
    if marks.contains(words[index - 1]) { return true }
    return index > 1 && words[index - 1] == "like" && words[index - 2] == "something"
  }

  private static let marks: Set = ["at", "around", "about", "say", "approximately", "roughly", "circa", "near"]
  /// Who counts these has no time of day.
  static let counted: Set = [
    "people", "persons", "person", "of", "kids", "children", "guests", "adults", "times", "days", "weeks", "months",
    "years", "dollars",
    "euros", "pounds", "tickets", "seats", "chairs", "percent", "friends", "colleagues", "rooms", "things", "orders",
    "dogs", "cats", "others",
    "day", "week", "month", "year",
  ]
  static let units: Set = [
    "hour", "hours", "minute", "minutes", "mins", "min", "second", "seconds", "hundred", "thousand",
  ]
  /// What may stand before an hour that is said without "at".
  static let beforeBare: Set = [
    "please", "for", "yes", "yeah", "yep", "ok", "okay", "lets", "maybe", "perhaps", "then", "well", "so", "like",
    "take", "want", "prefer",
    "do", "is", "be", "its", "thats", "today", "tomorrow", "tonight", "morning", "afternoon", "evening", "id", "ill",
    "sure", "not", "but",
    "no", "sorry", "actually", "mean", "it", "that", "try", "good", "fine", "think", "guess", "come", "exactly",
    "probably", "just",
    "definitely", "oh", "the", "rather", "make", "said", "need", "would", "have", "early", "late", "than", "of",
    "except", "least", "you",
    "got", "hmm", "am", "pm", "m", "right", "hello", "hi", "alright", "can", "cant", "cannot", "dont", "doesnt", "wont",
    "isnt", "either", "also",
  ]
  /// What may follow one.
  static let afterBare: Set = [
    "please", "for", "would", "is", "works", "work", "if", "then", "thanks", "thank", "or", "on", "tomorrow", "today",
    "tonight", "in", "this",
    "and", "but", "no", "not", "will", "ok", "okay", "sorry", "actually", "i", "maybe", "perhaps", "that", "so", "at",
    "be", "wait", "good",
    "great", "fine", "suits", "sounds", "should", "could", "can", "might", "exactly", "because", "when", "as", "with",
    "rather", "instead",
    "about", "around", "make", "just", "unless", "either", "by", "from", "until", "right", "let", "lets", "we", "you",
    "doesnt", "isnt", "wont",
    "cant", "seems", "yes", "yeah", "were", "was", "its", "it", "the", "to", "too", "ill", "id", "perfect",
    "better", "best", "though",
    "alright", "all", "next", "mean", "my", "who", "do", "does", "which", "there", "here", "well", "sure",
    "even", "only", "after",
    "before", "till", "latest", "earliest", "onwards", "later", "than", "also", "has", "have",
    "doesn", "like", "every", "itll", "im", "ive", "theres", "shall", "whats", "hopefully",
  ]
  /// Whether an hour that nothing marks stands against others, "but four is better": it is none of a count then.
  static func isOpposed(_ words: [String], _ place: Range<Int>) -> Bool {
    let before = words[..<place.lowerBound].suffix(2)
    let after = words[place.upperBound...].prefix(2)
    return before.last == "but" || before.last == "prefer" || before.elementsEqual(["lets", "do"])
      || ["works", "suits"].contains(after.first) || after.elementsEqual(["is", "better"])
  }

  /// Words after which a bare number replaces the minute or the hour of a time that was said.
  static let correcting: Set = ["mean", "meant", "no", "not", "sorry", "actually", "rather", "wait", "correction"]
  /// Speak of times or spans wherever they stand.
  static let vague: Set = [
    "between", "until", "till", "since", "anytime", "whenever", "hour", "hours", "minute", "minutes", "half", "quarter",
    "onwards", "onward",
    "latest", "earliest", "oclock", "throughout", "during", "sometime", "hourly",
  ]
  /// Make a range of the time that follows.
  static let ordering: Set = ["before", "after", "by", "from", "past", "through"]
}

/// Phrases that name a time of the clock.
enum ClockPhrases {
  typealias Found = (clock: ClockReading, length: Int)

  /// What can be nothing but a time: "half past three", "3:30", "three thirty", "three o'clock", "noon".
  static func certain(_ words: [String], at index: Int) -> Found? {
    guard index < words.count else { return nil }
    return noonOrMidnight(words, index) ?? pastOrTo(words, index) ?? numeral(words, index) ?? military(words, index)
      ?? hourAndMinute(words, index)
  }

  /// What is a time where one is expected: "three", "330".
  static func bare(_ words: [String], at index: Int) -> Found? {
    guard index < words.count else { return nil }
    let word = words[index]
    if (3...4).contains(word.utf8.count), word.isASCIIDigits, let number = Int(word) {
      return ClockReading(hour: number / 100, minute: number % 100, isLiteral: word.hasPrefix("0")).map { ($0, 1) }
    }
    let pieces = word.split(separator: ".")
    if pieces.count == 2, pieces[1].count == 2, pieces[0].count <= 2, let hour = Int(pieces[0]),
      let minute = Int(pieces[1])
    {
      return ClockReading(hour: hour, minute: minute, isLiteral: pieces[0].hasPrefix("0")).map { ($0, 1) }
    }
    if let name = ishNames[word] { return ClockReading(hour: name, minute: 0, isLiteral: false).map { ($0, 1) } }
    return hour(words, index).flatMap { hour in
      ClockReading(hour: hour.value, minute: 0, isLiteral: hour.isLiteral).map { ($0, hour.length) }
    }
  }

  /// Whether "am" and "pm" may stand behind the word.
  static func mayEndClock(_ word: String) -> Bool {
    guard let first = word.first else { return false }  // `NumberWords.tens` begins with an empty word
    return word == "oclock" || word == "clock" || NumberWords.units.contains(word) || NumberWords.teens.contains(word)
      || NumberWords.tens.contains(word) || first.isASCIIDigit
  }

  private static let ishNames: [String: Int] = Dictionary(
    uniqueKeysWithValues: (1...12).map { (NumberWords.cardinal($0) + "ish", $0) })

  private static func noonOrMidnight(_ words: [String], _ index: Int) -> Found? {
    let isTwelve = ["twelve", "12"].contains(words[index])
    let place = isTwelve ? index + 1 : index
    guard place < words.count, let hour = namedHours[words[place]] else { return nil }
    return ClockReading(hour: hour, minute: 0, isLiteral: true).map { ($0, place + 1 - index) }
  }

  private static let namedHours = ["noon": 12, "midday": 12, "noonish": 12, "noontime": 12, "midnight": 0]

  /// "Half past three", "quarter to noon", "ten minutes past three", and the British "half three".
  private static func pastOrTo(_ words: [String], _ index: Int) -> Found? {
    guard index == 0 || !["from", "between"].contains(words[index - 1]) else { return nil }
    var position = words[index] == "a" ? index + 1 : index
    guard position < words.count, let minutes = minutes(words, position) ?? misheardHalf(words, position) else {
      return nil
    }
    position += minutes.length
    guard position < words.count else { return nil }
    if minutes.isHalf, let hour = hour(words, position), (1...12).contains(hour.value),
      !isMinute(words, position + hour.length)
    {
      return ClockReading(hour: hour.value, minute: 30, isLiteral: false).map { ($0, position + hour.length - index) }
    }
    let link = words[position]
    let isBefore = ["to", "of", "till", "before", "til"].contains(link)
    guard isBefore || isPast(link, after: words[position - 1]), position + 1 < words.count else { return nil }
    let end: Int
    let whole: (hour: Int, isLiteral: Bool)
    if let named = namedHours[words[position + 1]] {
      (whole, end) = ((named, true), position + 2)
    } else if let hour = hour(words, position + 1), (1...12).contains(hour.value),
      !isMinute(words, position + 1 + hour.length)
    {
      (whole, end) = ((hour.value, false), position + 1 + hour.length)
    } else {
      return nil
    }
    guard isBefore else {
      return ClockReading(hour: whole.hour, minute: minutes.value, isLiteral: whole.isLiteral).map { ($0, end - index) }
    }
    let before = whole.isLiteral ? (whole.hour + 23) % 24 : (whole.hour + 10) % 12 + 1
    return ClockReading(hour: before, minute: 60 - minutes.value, isLiteral: whole.isLiteral).map { ($0, end - index) }
  }

  /// "Past" and "after". On a bad line the recogniser hears "half pap three", "half pound three" or "quarter pass four": what else is
  /// said between a half and an hour?
  private static func isPast(_ word: String, after minutes: String) -> Bool {
    if ["past", "after"].contains(word) { return true }
    return (["half", "quarter"].contains(minutes) || likeHalf.contains(minutes)) && word.hasPrefix("p")
      && (3...6).contains(word.utf8.count)
      && !notPast.contains(word)
  }

  private static let notPast: Set = ["please", "plus", "per", "people", "person"]

  /// "Have past three", "house past three" and "ask past three" are what the recogniser hears of some voices: nobody says that at the
  /// beginning of an answer, or behind "at".
  private static func misheardHalf(_ words: [String], _ index: Int) -> (value: Int, length: Int, isHalf: Bool)? {
    guard likeHalf.contains(words[index]), index + 1 < words.count, ["past", "passed"].contains(words[index + 1]),
      index == 0 || ["at", "about", "around", "by", "for", "maybe", "say"].contains(words[index - 1])
    else { return nil }
    return (30, 1, false)
  }

  private static let likeHalf: Set = ["have", "halve", "haft", "hath", "house", "ask", "calf", "huff"]

  /// "Half", "quarter", "ten", "ten minutes". "Seven to nine" is a range: nobody counts seven minutes without saying so.
  private static func minutes(_ words: [String], _ index: Int) -> (value: Int, length: Int, isHalf: Bool)? {
    if words[index] == "half" { return (30, 1, true) }
    if words[index] == "quarter" { return (15, 1, false) }
    guard let number = SpokenCardinal.read(words, at: index), (1...59).contains(number.value) else { return nil }
    let after = index + number.length
    if after < words.count, ["minute", "minutes", "mins"].contains(words[after]) {
      return (number.value, number.length + 1, false)
    }
    return [5, 10, 20, 25].contains(number.value) ? (number.value, number.length, false) : nil
  }

  /// `3:30`, `15:30`, `16h30`.
  private static func numeral(_ words: [String], _ index: Int) -> Found? {
    let pieces = words[index].split(separator: ":")
    if pieces.count == 2 || pieces.count == 3, pieces[1].count == 2, pieces[0].count <= 2, let hour = Int(pieces[0]),
      let minute = Int(pieces[1]),
      pieces.count == 2 || pieces[2] == "00"
    {
      return ClockReading(hour: hour, minute: minute, isLiteral: pieces[0].hasPrefix("0")).map { ($0, 1) }
    }
    guard index + 1 < words.count, words[index + 1] == "h", words[index].count <= 2, let hour = Int(words[index]) else {
      return nil
    }
    let minute = index + 2 < words.count && words[index + 2].count == 2 ? Int(words[index + 2]) : nil
    return ClockReading(hour: hour, minute: minute ?? 0, isLiteral: true).map { ($0, minute == nil ? 2 : 3) }
  }

  /// "Fifteen hundred", "oh seven hundred hours", "oh nine fifteen", "zero seven thirty".
  private static func military(_ words: [String], _ index: Int) -> Found? {
    if ["oh", "o", "zero"].contains(words[index]), index + 2 < words.count,
      let unit = NumberWords.units.firstIndex(of: words[index + 1])
    {
      if words[index + 2] == "hundred" { return ClockReading(hour: unit, minute: 0, isLiteral: true).map { ($0, 3) } }
      guard let minute = minute(words, index + 2) else { return nil }
      return ClockReading(hour: unit, minute: minute.value, isLiteral: true).map { ($0, 2 + minute.length) }
    }
    guard let hour = SpokenCardinal.read(words, at: index), hour.value % 100 == 0, (1000...2300).contains(hour.value),
      words[(index + hour.length - 1)...].first == "hundred"
    else { return nil }
    return ClockReading(hour: hour.value / 100, minute: 0, isLiteral: true).map { ($0, hour.length) }
  }

  /// "Three o'clock", "three thirty", "three oh five", "3 15".
  private static func hourAndMinute(_ words: [String], _ index: Int) -> Found? {
    guard let hour = hour(words, index) else { return nil }
    let after = index + hour.length
    let clock = words[min(after, words.count)...]
    if clock.first == "oclock" || clock.starts(with: ["o", "clock"]) || clock.starts(with: ["oh", "clock"]) {
      return ClockReading(hour: hour.value, minute: 0, isLiteral: hour.isLiteral).map {
        ($0, hour.length + (clock.first == "oclock" ? 1 : 2))
      }
    }
    guard let minute = minute(words, after), !isCounted(words, after + minute.length) else { return nil }
    return ClockReading(hour: hour.value, minute: minute.value, isLiteral: hour.isLiteral).map {
      ($0, hour.length + minute.length)
    }
  }

  private static func isCounted(_ words: [String], _ index: Int) -> Bool {
    index < words.count
      && (TimeWords.counted.contains(words[index]) || TimeWords.units.contains(words[index]) && words[index] != "hours")
  }

  private static func isMinute(_ words: [String], _ index: Int) -> Bool { minute(words, index) != nil }

  private static func hour(_ words: [String], _ index: Int) -> (value: Int, length: Int, isLiteral: Bool)? {
    guard index < words.count else { return nil }
    if let small = NumberWords.units.firstIndex(of: words[index]), small > 0 { return (small, 1, false) }
    guard words[index].utf8.count <= 2 || !words[index].isASCIIDigits, words[index] != "a",
      let number = SpokenCardinal.read(words, at: index), number.value <= 23
    else { return nil }
    return (number.value, number.length, words[index].hasPrefix("0"))
  }

  private static func minute(_ words: [String], _ index: Int) -> (value: Int, length: Int)? {
    guard index < words.count else { return nil }
    if ["oh", "o", "zero"].contains(words[index]), index + 1 < words.count,
      let unit = NumberWords.units.firstIndex(of: words[index + 1])
    {
      return (unit, 2)
    }
    guard words[index].utf8.count == 2 || !words[index].isASCIIDigits,
      let number = SpokenCardinal.read(words, at: index), (10...59).contains(number.value) || words[index] == "00"
    else { return nil }
    return number
  }
}
