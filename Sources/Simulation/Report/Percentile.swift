import CallCore

/// Percentiles by nearest rank: always a length that was measured, never one between two.
enum Percentile {
  /// The shortest span that `share` per cent of `spans` do not exceed; `nil` of none.
  static func of(_ spans: [CallDuration], _ share: Int) -> CallDuration? {
    spans.isEmpty ? nil : spans.sorted()[max((spans.count * share + 99) / 100 - 1, 0)]
  }
}
