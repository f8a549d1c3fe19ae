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
