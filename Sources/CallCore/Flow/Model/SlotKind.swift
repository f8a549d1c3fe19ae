/// What counts as a value of a slot.
public enum SlotKind: Sendable, Equatable {
  /// So many digits, spoken or keyed: `4711`.
  case digits(ClosedRange<Int>)
  /// A number within these limits, if any: `12` or `3.5`.
  case number(least: Int?, most: Int?)
  /// A day: `2026-05-03` when the variable `today` is such a date, else words such as `next Monday`.
  case date
  /// A time of day: `15:30`.
  case time
  /// `yes` or `no`; keys 1 and 2.
  case yesNo
  /// A person's name, without "my name is".
  case name
  /// Whatever was said.
  case text
  /// One of these.
  case choice([SlotChoice])

  /// The word for it in flow files.
  public var word: String {
    switch self {
    case .digits: "digits"
    case .number: "number"
    case .date: "date"
    case .time: "time"
    case .yesNo: "yes-no"
    case .name: "name"
    case .text: "text"
    case .choice: "choice"
    }
  }

  /// Every word for a kind.
  public static let words = ["digits", "number", "date", "time", "yes-no", "name", "text", "choice"]
}

/// One value of a choice.
public struct SlotChoice: Sendable, Equatable {
  /// What the slot holds.
  public var value: String
  /// Any of these in the caller's words is the choice.
  public var patterns: [UtterancePattern]
  /// The keys that mean it; `nil` for none.
  public var keys: String?

  package init(_ value: String, hear patterns: [UtterancePattern], keys: String? = nil) {
    self.value = value
    self.patterns = patterns
    self.keys = keys
  }
}

extension SlotKind {
  /// The value that was said; `nil` when there is none, or more than one. What follows a "no" or "sorry" counts first.
  ///
  /// - Parameter today: the day that "tomorrow" is reckoned from, if it is known.
  package func value(said text: String, today: CalendarDate?) -> String? {
    value(said: text, SpokenContext(today: today))
  }

  /// The same with all that is known besides the words.
  package func value(said text: String, _ context: SpokenContext) -> String? {
    switch self {
    case .text:
      let words = text.trimming { $0.isWhitespace || ".!,;".contains($0) }
      return words.isEmpty ? nil : words.bounded(to: SlotKind.textMax)
    case .name:
      return SpokenName.value(in: text)
    case .yesNo:
      return SpokenYesNo.value(in: UtteranceWords(text)).map { $0 ? "yes" : "no" }
    case .date:
      return SpokenDate.value(in: UtteranceWords(text), context)
    case .time:
      return SpokenTime.value(in: UtteranceWords(text), context)
    case .digits(let lengths):
      return SpokenDigits.value(in: UtteranceWords(text), lengths: lengths)
    case .number(let least, let most):
      return SpokenNumber.value(in: UtteranceWords(text), least: least, most: most)
    case .choice(let choices):
      return SpokenChoice.value(in: UtteranceWords(text), of: choices, isConfirming: context.isConfirming)
    }
  }

  /// The value that was keyed; `nil` when there is none.
  package func value(pressed keys: String) -> String? {
    switch self {
    case .digits(let lengths):
      return lengths.contains(keys.count) && keys.allSatisfy(\.isASCIIDigit) ? keys : nil
    case .number(let least, let most):
      return SpokenNumber.value(in: UtteranceWords(words: [keys]), least: least, most: most)
    case .time:
      return SpokenTime.value(keys: keys)
    case .yesNo:
      return ["1": "yes", "2": "no"][keys]
    case .choice(let choices):
      return choices.first { $0.keys == keys }?.value
    case .date, .name, .text:
      return nil
    }
  }

  /// How many keys end the turn at once; `nil` where that cannot be said.
  var keysMax: Int? {
    switch self {
    case .digits(let lengths): lengths.upperBound
    case .yesNo: 1
    case .time: 4
    case .choice(let choices): choices.compactMap { $0.keys?.count }.max()
    case .number, .date, .name, .text: nil
    }
  }

  /// Silence that ends the caller's turn: people who read a number aloud pause between its groups, up to about a second.
  var endOfTurnSilence: CallDuration? {
    if case .digits = self { .seconds(1) } else { nil }
  }

  /// Whether a turn that gives such a value may be over before its silence: not where values are said in groups, or in a word that more may follow.
  package var endsByMeaning: Bool {
    switch self {
    case .text, .date, .time: true
    case .digits, .number, .yesNo, .name, .choice: false
    }
  }

  /// Whether another value in the answer to "is that right?" is meant as a better one. Free text and names are whatever was
  /// said, so that only yes and no can count there.
  var isOfferedAgain: Bool {
    switch self {
    case .digits, .number, .date, .time, .choice: true
    case .yesNo, .name, .text: false
    }
  }

  /// A slot holds at most so many characters of free text.
  private static let textMax = 300
}
