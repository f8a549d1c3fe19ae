/// Instants as ISO 8601 in UTC with milliseconds, such as `2025-11-21T03:45:00.123Z`.
public enum UTCTime {
  private static let dayMicroseconds: Int64 = 86_400_000_000

  /// - Parameter microseconds: since 1970 UTC; clamped to the years 0000 … 9999, rounded down to milliseconds.
  public static func text(unixMicroseconds microseconds: Int64) -> String {
    let clamped = min(max(microseconds, -719_528 * dayMicroseconds), 2_932_897 * dayMicroseconds - 1)
    let day = clamped >= 0 ? clamped / dayMicroseconds : (clamped + 1) / dayMicroseconds - 1
    let milliseconds = Int((clamped - day * dayMicroseconds) / 1000)
    let date = civil(day: Int(day))
    let seconds = milliseconds / 1000
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
      + "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
      + ".\(padded(milliseconds % 1000, 3))Z"
  }

  /// A day as `2025-11-21`.
  /// - Parameter day: since 1970 UTC; clamped to the years 0000 … 9999.
  public static func dayText(_ day: Int) -> String {
    String(text(unixMicroseconds: Int64(min(max(day, -719_528), 2_932_896)) * dayMicroseconds).prefix(10))
  }

  /// - Parameter text: exactly the form that `dayText` writes; `nil` for any other and for days that do not exist.
  /// - Returns: days since 1970 UTC.
  public static func day(_ text: String) -> Int? {
    unixMicroseconds(text + "T00:00:00.000Z").map { Int(($0 - ($0 < 0 ? dayMicroseconds - 1 : 0)) / dayMicroseconds) }
  }

  /// - Parameter text: exactly the form that `text` writes; `nil` for any other and for days that do not exist.
  public static func unixMicroseconds(_ text: String) -> Int64? {
    let form = Array("0000-00-00T00:00:00.000Z".utf8)
    let bytes = Array(text.utf8)
    guard bytes.count == form.count else { return nil }
    var numbers = [0]
    for (byte, expected) in zip(bytes, form) {
      if expected == UInt8(ascii: "0") {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
      } else {
        guard byte == expected else { return nil }
        numbers.append(0)
      }
    }
    let day = day(year: numbers[0], month: numbers[1], day: numbers[2])
    guard numbers[3] < 24, numbers[4] < 60, numbers[5] < 60 else { return nil }
    let date = civil(day: day)
    guard date.year == numbers[0], date.month == numbers[1], date.day == numbers[2] else { return nil }
    let seconds = day * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    return Int64(seconds * 1000 + numbers[6]) * 1000
  }

  /// Days since 1970 → date in the Gregorian calendar, with years that begin in March
  /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`); not before the year 0.
  private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// The way back: `days_from_civil`.
  private static func day(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
