import CallCore

/// A caller's words and keys, as every kind of slot reads them: byte 0 chooses the kind.
final class WordTarget: FuzzTarget {
  static let name = "words"

  private static let today = CalendarDate("2026-05-01")
  private static let kinds: [SlotKind] = [
    .digits(1...20), .number(least: nil, most: nil), .number(least: 1, most: 12), .date, .time, .yesNo, .name, .text,
    .choice(
      [("red", "crimson"), ("blue", "the sea")].compactMap { value, words in
        UtterancePattern(words).map { SlotChoice(value, hear: [$0]) }
      }),
  ]

  func run(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let choice = Int(input.byte())
    let kind = Self.kinds[choice % Self.kinds.count]
    let day = choice & 64 == 0 ? Self.today : nil
    let text = String(decoding: input.remainder(), as: UTF8.self)
    require(UtteranceWords(text).words.allSatisfy { !$0.isEmpty }, "no word is empty")
    if let value = kind.value(said: text, today: day) {
      require(!value.isEmpty, "\(kind.word): a value is not empty")
      _ = SpokenForm.of(value, today: day)
    }
    if let value = kind.value(pressed: text) { _ = SpokenForm.of(value, today: nil) }
  }
}
