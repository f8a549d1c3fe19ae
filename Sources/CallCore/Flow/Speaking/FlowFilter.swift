/// What a place in a text does with its value before it is said.
public enum FlowFilter: String, Sendable, CaseIterable {
  /// Digit by digit: `4711` becomes "four seven one one".
  case digits
  /// As people say dates and times: `15:30` becomes "half past three".
  case spoken
  /// As it is, where addresses and JSON would escape it.
  case raw

  /// - Parameter today: the value of the variable of that name; not a date where it is not known.
  func applied(to value: String, today: String) -> String {
    switch self {
    case .digits: SpokenForm.digits(of: value)
    case .spoken: SpokenForm.of(value, today: CalendarDate(today))
    case .raw: value
    }
  }
}
