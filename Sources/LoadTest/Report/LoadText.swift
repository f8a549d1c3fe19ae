package import CallCore

/// Figures of a load test in words, the same on the screen and in every report.
package enum LoadText {
  /// A number with so many decimals, rounded.
  package static func decimals(_ value: Double, _ count: Int) -> String {
    let scale = [1.0, 10, 100, 1000][min(max(count, 0), 3)]
    guard value.isFinite, abs(value) < 1e14 else { return "–" }
    let scaled = Int(nearest: abs(value) * scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard count > 0 else { return "\(sign)\(scaled)" }
    let rest = String(String(scaled % Int(scale) + Int(scale)).dropFirst())
    return "\(sign)\(scaled / Int(scale)).\(rest)"
  }

  /// Such as `612 ms`; a dash without a measurement.
  package static func milliseconds(_ span: CallDuration?) -> String { span.map { "\($0.milliseconds) ms" } ?? "–" }

  /// Such as `p50 612 ms · p95 930 ms · p99 1200 ms`; a dash without a measurement.
  static func latencies(_ record: LatencyRecord) -> String {
    guard record.count > 0 else { return "–" }
    return [50.0, 95, 99].map { "p\(Int($0)) \(milliseconds(record.percentile($0)))" }.joined(separator: " · ")
  }

  /// A share in per cent, such as `0.25 %`; a dash of nothing.
  package static func share(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "–" : "\(decimals(Double(part) * 100 / Double(whole), 2)) %"
  }

  /// Such as `162 MB`; a dash where nobody tells.
  package static func megabytes(_ bytes: Int?) -> String {
    bytes.map { "\(decimals(Double($0) / 1_000_000, 0)) MB" } ?? "–"
  }

  /// Such as `0.42`; a dash where nobody tells.
  package static func cores(_ cores: Double?) -> String { cores.map { decimals($0, 2) } ?? "–" }

  /// Hours, minutes and seconds, such as `0:42` or `1:02:03`.
  package static func clock(_ span: CallDuration) -> String {
    let seconds = Int(span.microseconds / 1_000_000)
    let rest = "\(padded(seconds % 60))"
    return seconds < 3600 ? "\(seconds / 60):\(rest)" : "\(seconds / 3600):\(padded(seconds / 60 % 60)):\(rest)"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
