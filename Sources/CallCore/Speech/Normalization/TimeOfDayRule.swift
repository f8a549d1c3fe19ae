/// Times of day: `9:05`, `3:30 pm`, `15:30`, `10am`, `9:00-17:00`; and ratios such as `3:1`.
enum TimeOfDayRule {
  static func span(at index: Int, of tokens: [TextToken]) -> SpokenSpan? {
    let core = tokens[index].core
    let meridiem = meridiem(at: index + 1, of: tokens)
    if let dash = core.firstIndex(where: { "-–".contains($0) }), core.contains(":") || hasMeridiem(core) {
      guard let first = Time(core[..<dash]), let last = Time(core[core.index(after: dash)...]) else { return nil }
      let words = "\(first.words(with: last.meridiem ?? meridiem, says: false)) to \(last.words(with: meridiem))"
      return finish(words, meridiem, last)
    }
    if let time = Time(core), time.hasMinutes, time.minute == 0, time.meridiem == nil, (1...12).contains(time.hour),
      let next = tokens.follower(index + 1), ["o'clock", "o’clock"].contains(next.lower)
    {
      return SpokenSpan(words: "\(NumberWords.cardinal(time.hour)) o'clock", count: 2)
    }
    if let time = Time(core), time.hasMinutes || time.meridiem != nil {
      return finish(time.words(with: meridiem), meridiem, time)
    }
    // "10-12 a.m.": the number before it is said by another rule.
    if let own = self.meridiem(core), index > 0, tokens[index - 1].core.last?.isASCIIDigit ?? false,
      self.meridiem(at: index, of: tokens) != nil
    {
      return core.contains(".") ? nil : SpokenSpan(words: own, endsInPoint: true)
    }
    let ratio = core.split(separator: ":", omittingEmptySubsequences: false)
    guard ratio.count == 2, ratio.allSatisfy({ $0.isDigits && $0.count <= 4 }) else { return nil }
    return SpokenSpan(words: ratio.map { NumeralWords.cardinal($0) }.joined(separator: " to "))
  }

  private static func finish(_ words: String, _ next: String?, _ time: Time) -> SpokenSpan {
    guard let next, time.meridiem == nil else { return SpokenSpan(words: words, endsInPoint: time.meridiem != nil) }
    // An hour beyond noon says so itself.
    return SpokenSpan(words: time.hour > 12 ? words : "\(words) \(next)", count: 2, endsInPoint: true)
  }

  private static func meridiem(at index: Int, of tokens: [TextToken]) -> String? {
    guard let next = tokens.follower(index), let half = meridiem(next.core) else { return nil }
    // "five am I": a question.
    if next.lower == "am", next.isOpen, index + 1 < tokens.count, tokens[index + 1].core == "I" { return nil }
    let digits = tokens[index - 1].core.reversed().prefix { $0.isASCIIDigit }.reversed()
    guard !tokens[index - 1].isDigits || Int(String(digits)).map({ (1...12).contains($0) }) ?? false else { return nil }
    return half
  }

  private static func hasMeridiem(_ text: String) -> Bool { text.lowercased().hasSuffix("m") }

  private static func meridiem(_ text: some StringProtocol) -> String? {
    switch text.lowercased() {
    case "am", "a.m", "a.m.": "a.m."
    case "pm", "p.m", "p.m.": "p.m."
    default: nil
    }
  }

  /// A time in one word.
  struct Time {
    let hour: Int
    let minute: Int
    var second: Int?
    let hasMinutes: Bool
    var meridiem: String?

    init?(_ text: some StringProtocol) {
      let digits = text.prefix { $0.isASCIIDigit || $0 == ":" }
      let letters = text.dropFirst(digits.count)
      if !letters.isEmpty {
        guard let meridiem = TimeOfDayRule.meridiem(letters) else { return nil }
        self.meridiem = meridiem
      }
      let pieces = digits.split(separator: ":", omittingEmptySubsequences: false)
      guard (1...3).contains(pieces.count), pieces.allSatisfy(\.isDigits), pieces[0].count <= 2,
        pieces.dropFirst().allSatisfy({ $0.count == 2 }), let hour = Int(pieces[0]), hour <= 24
      else { return nil }
      self.hour = hour
      hasMinutes = pieces.count > 1
      minute = pieces.count > 1 ? Int(pieces[1]) ?? 0 : 0
      if pieces.count == 3 { second = Int(pieces[2]) }
      guard minute < 60, second ?? 0 < 60, meridiem == nil || (1...12).contains(hour) else { return nil }
    }

    /// "nine oh five", "three thirty p.m.", "ten o'clock".
    /// - Parameters:
    ///   - next: what follows it says the half of the day.
    ///   - says: whether the half of the day is said here.
    func words(with next: String?, says: Bool = true) -> String {
      let half =
        meridiem ?? (next == nil && hasMinutes && (hour > 12 || hour == 0) ? (hour / 12 == 1 ? "p.m." : "a.m.") : nil)
      let isBare = meridiem == nil && next == nil && half == nil
      let name = NumberWords.cardinal((hour + 11) % 12 + 1)
      var words =
        minute == 0 ? (isBare && hasMinutes ? "\(name) o'clock" : name) : "\(name) \(NumeralWords.paired(minute))"
      if hour % 24 == 0, minute == 0, hasMinutes, next == nil { return "midnight" }
      if let second, second > 0 { words += " and \(NumeralWords.cardinal(second)) second\(second == 1 ? "" : "s")" }
      guard let half, says else { return words }
      return "\(words) \(half)"
    }
  }
}
