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
