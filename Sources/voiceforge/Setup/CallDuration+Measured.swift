import CallCore

extension CallDuration {
  /// What a clock of the standard library measured.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .microseconds(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}
