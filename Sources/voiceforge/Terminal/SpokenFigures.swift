import CallCore

/// Lengths of time and sizes as people read them.
enum SpokenFigures {
  /// Such as `28.7 s`.
  static func seconds(_ duration: CallDuration) -> String { "\(tenths(duration.milliseconds / 100)) s" }

  /// Such as `212 ms` or `3.4 s`.
  static func precise(_ duration: CallDuration) -> String {
    duration < .seconds(1) ? "\(duration.milliseconds) ms" : seconds(duration)
  }

  /// Such as `12.4 MB`.
  static func size(_ bytes: Int) -> String {
    bytes < 100_000 ? "\(tenths(bytes / 100)) KB" : "\(tenths(bytes / 100_000)) MB"
  }

  /// Such as `0.07`.
  static func hundredths(_ value: Double) -> String {
    let whole = Int((value * 100).rounded())
    return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
  }

  private static func tenths(_ count: Int) -> String { "\(count / 10).\(count % 10)" }
}

extension CallDuration {
  /// What a clock of the standard library measured.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .microseconds(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}
