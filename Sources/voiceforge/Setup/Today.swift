import Glibc

/// The day by the machine's own clock and time zone.
enum Today {
  /// Such as `2026-05-01`.
  static func text() -> String {
    var now = time(nil)
    var day = tm()
    localtime_r(&now, &day)
    return "\(padded(Int(day.tm_year) + 1900, 4))-\(padded(Int(day.tm_mon) + 1, 2))-\(padded(Int(day.tm_mday), 2))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }
}
