public import CallCore

/// Lengths of time as people write them on a command line: `500ms`, `30s`, `1.5s`, `5m`, `2h`.
public enum WrittenTime {
  /// Longest time that can be asked for: a week. What runs longer is a service, not a test.
  public static let max = CallDuration.seconds(7 * 86_400)

  /// - Returns: `nil` for what is no time or more than `max`.
  public static func parse(_ text: String) -> CallDuration? {
    let number = text.prefix { "0123456789.".contains($0) }
    let scale: Double
    switch text.dropFirst(number.count) {
    case "ms": scale = 1_000
    case "s": scale = 1_000_000
    case "m": scale = 60_000_000
    case "h": scale = 3_600_000_000
    default: return nil
    }
    guard number.count <= 12, let value = Double(number), value * scale <= Double(max.microseconds) else { return nil }
    return .microseconds(Int64(Int(nearest: value * scale)))
  }

  /// Such as `1.5 s`, `90 s` or `2 h`.
  public static func text(_ span: CallDuration) -> String {
    let milliseconds = span.milliseconds
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    if milliseconds >= 7_200_000, milliseconds % 3_600_000 == 0 { return "\(milliseconds / 3_600_000) h" }
    if milliseconds >= 120_000, milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000) min" }
    let tenths = milliseconds % 1000 / 100
    return "\(milliseconds / 1000)\(tenths == 0 ? "" : ".\(tenths)") s"
  }
}

/// Rates of calls as people write them: `50/s`, `0.5/s`, `30/m`, or `50` alone for a second.
public enum WrittenRate {
  /// Fastest rate: a call every 100 µs. One accepting thread takes about as many.
  public static let perSecondMax = 10_000.0

  /// - Returns: the time between two calls; `nil` for what is no rate above 0 and up to `perSecondMax`.
  public static func interval(_ text: String) -> CallDuration? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let units: [Substring: Double] = ["s": 1, "m": 60, "h": 3600]
    guard let number = parts.first, number.count <= 12, number.allSatisfy({ "0123456789.".contains($0) }),
      let count = Double(number), let unit = units[parts.count > 1 ? parts[1] : "s"], count > 0,
      count / unit <= perSecondMax, unit / count <= WrittenTime.max.seconds
    else { return nil }
    return .microseconds(Int64(Int(nearest: unit / count * 1_000_000)))
  }

  /// Calls a second, such as `50` or `0.5`.
  public static func text(interval: CallDuration) -> String {
    let microseconds = Swift.max(interval.microseconds, 1)
    let thousandths = (1_000_000_000 + microseconds / 2) / microseconds
    var decimals = String(String(1000 + thousandths % 1000).dropFirst())
    while decimals.last == "0" { decimals.removeLast() }
    return decimals.isEmpty ? "\(thousandths / 1000)" : "\(thousandths / 1000).\(decimals)"
  }
}
