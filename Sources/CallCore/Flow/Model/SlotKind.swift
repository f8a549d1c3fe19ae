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
