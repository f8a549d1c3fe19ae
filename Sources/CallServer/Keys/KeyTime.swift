package import CallCore

/// Now, on the two clocks that keys need: rates must not jump when the day's clock is set, and expiry is a date.
package struct KeyTime: Sendable {
  /// Of the monotonic clock.
  package var monotonic: Timestamp
  /// Microseconds since 1970 UTC.
  package var unixMicroseconds: Int64

  /// See the properties.
  package init(monotonic: Timestamp, unixMicroseconds: Int64) {
    self.monotonic = monotonic
    self.unixMicroseconds = unixMicroseconds
  }
}
