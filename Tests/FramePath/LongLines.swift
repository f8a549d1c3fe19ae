import CallCore

/// The longest lines that are understood, of the words that take the grammars longest: a caller's words must never hold up other calls.
enum LongLines {
  /// Understands each line `times` times.
  /// - Parameter words: in each line.
  /// - Returns: how many lines named a value.
  static func understand(words: Int, times: Int) -> Int {
    let context = SpokenContext(today: CalendarDate("2026-03-02"))
    let lines = kinds.map { kind, phrase in
      let phrase = phrase.split(separator: " ")
      return (kind, (0..<words).map { String(phrase[$0 % phrase.count]) }.joined(separator: " "))
    }
    return (0..<times).reduce(0) { sum, _ in sum + lines.count { kind, line in kind.value(said: line, context) != nil }
    }
  }

  /// Of the labelled lines in `Tests/SpokenLines` those that are dearest when they are said over and over.
  private static let kinds: [(SlotKind, String)] = [
    (.date, "at half past three on Friday"), (.date, "14/4/2026"), (.time, "not four, five"), (.time, "twenty of five"),
    (.digits(10...10), "eight hundred, five five five, oh one eleven"), (.digits(4...4), "not 6620 it's 6260"),
    (.number(least: nil, most: nil), "1.5 million"), (.number(least: nil, most: nil), "seventy to eighty"),
    (.name, "this is Emily from accounts"), (.yesNo, "yes yes correct only"),
  ]
}
