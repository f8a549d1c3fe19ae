public import CallCore

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
